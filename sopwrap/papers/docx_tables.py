"""Tables of a DOCX file: widths, merged cells, heads that repeat, rows that stay whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell

from sopwrap.papers.docx_looks import Look

WIDTH = re.compile(r"width:\s*([\d.]+)(mm|%)")
HEIGHT = re.compile(r"height:\s*([\d.]+)mm")
BORDERED = {"grid", "identity"}
SIGNATURE_HEIGHT = 25.0  # mm, the room for a hand or a stamp
FIELD_COLUMNS = (46.0, 4.0)  # mm, label and colon of a table of fields

Fill = Callable[[Element, Any, Look, float], None]


def write_table(table: Element, container: Any, look: Look, width: float, fill: Fill) -> None:
    """Add an HTML table to a document or a cell; ``width`` in mm, ``fill`` writes a cell's content."""
    rows = list(_rows(table))
    count = max((sum(int(cell.get("colspan", 1)) for cell in row) for _, row in rows), default=0)
    if not count:
        return
    widths = _widths(table, count, width)
    made = container.add_table(0, count)
    made.autofit = False
    _frame(made, table, widths)
    inside = look.within(table)
    spans: dict[int, tuple[int, int]] = {}
    for head, row in rows:
        _write_row(made, row, inside, widths, spans, (fill, head))


def _rows(table: Element) -> Iterator[tuple[bool, Element]]:
    """Every row with whether it belongs to the head."""
    for part in table:
        if part.tag == "tr":
            yield False, part
        elif part.tag in ("thead", "tbody"):
            yield from ((part.tag == "thead", row) for row in part if row.tag == "tr")


def _widths(table: Element, count: int, width: float) -> list[float]:
    """The columns' widths in mm: those the table states, and the rest of the room shared evenly."""
    stated: list[float | None] = [None] * count
    columns = [column for group in table if group.tag == "colgroup" for column in group]
    for index, column in enumerate(columns[:count]):
        if found := WIDTH.search(column.get("style") or ""):
            stated[index] = float(found[1]) * (1 if found[2] == "mm" else width / 100)
    if "fields" in (table.get("class") or "").split() and count == 3:
        stated = [*FIELD_COLUMNS, None]
    open_columns = stated.count(None)
    rest = max(width - sum(one for one in stated if one is not None), 5.0 * open_columns)
    return [one if one is not None else rest / open_columns for one in stated]


def _frame(made: Any, table: Element, widths: list[float]) -> None:
    """Fixed columns and narrow cells, and lines around every cell where the style sheet draws them."""
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    if not BORDERED & set((table.get("class") or "").split()):
        return
    sides = ("top", "left", "bottom", "right")
    line = {"val": "single", "sz": "6", "space": "0", "color": "000000"}
    made._tbl.tblPr.append(_sides("w:tblBorders", (*sides, "insideH", "insideV"), line))
    made._tbl.tblPr.append(_sides("w:tblCellMar", sides, {"w": str(Mm(1).twips), "type": "dxa"}))


def _sides(name: str, sides: tuple[str, ...], values: dict[str, str]) -> Any:
    """An element that says the same of several sides of a table."""
    whole = OxmlElement(name)
    for side in sides:
        one = OxmlElement(f"w:{side}")
        for key, value in values.items():
            one.set(qn(f"w:{key}"), value)
        whole.append(one)
    return whole


def _write_row(
    made: Any,
    row: Element,
    look: Look,
    widths: list[float],
    spans: dict[int, tuple[int, int]],
    content: tuple[Fill, bool],
) -> None:
    """One row; ``spans`` holds, by column, how many rows a cell above still covers and how wide it is."""
    fill, head = content
    line = OxmlElement("w:tr")
    made._tbl.append(line)
    classes = (row.get("class") or "").split()
    _row_rules(line, row, head)
    look = replace(look, keep=True) if "tie" in classes or head else look
    cells = iter([cell for cell in row if cell.tag in ("td", "th")])
    column = 0
    while column < len(widths):
        if column in spans:
            left, across = spans.pop(column)
            if left > 1:
                spans[column] = (left - 1, across)
            _cell(made, line, sum(widths[column : column + across]), across, "continue")
        elif (cell := next(cells, None)) is not None:
            across, down = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            room = sum(widths[column : column + across])
            made_cell = _cell(made, line, room, across, "restart" if down > 1 else None)
            if "space" in classes:
                made_cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
            if down > 1:
                spans[column] = (down - 1, across)
            fill(cell, made_cell, look.within(cell), room)
        else:
            across = 1
            _cell(made, line, widths[column], 1, None)
        column += across


def _row_rules(line: Any, row: Element, head: bool) -> None:
    """A row is never torn apart; a head repeats on every page; signatures have room."""
    rules = OxmlElement("w:trPr")
    rules.append(OxmlElement("w:cantSplit"))
    styles = " ".join(part.get("style") or "" for part in row.iter())
    found = HEIGHT.search(styles)
    tall = SIGNATURE_HEIGHT if "space" in (row.get("class") or "").split() else float(found[1]) if found else 0.0
    if tall:
        height = OxmlElement("w:trHeight")
        height.set(qn("w:val"), str(Mm(tall).twips))
        height.set(qn("w:hRule"), "atLeast")
        rules.append(height)
    if head:
        rules.append(OxmlElement("w:tblHeader"))
    line.append(rules)


def _cell(made: Any, line: Any, width: float, across: int, merge: str | None) -> _Cell:
    cell = OxmlElement("w:tc")
    rules = OxmlElement("w:tcPr")
    room = OxmlElement("w:tcW")
    room.set(qn("w:w"), str(Mm(width).twips))
    room.set(qn("w:type"), "dxa")
    rules.append(room)
    if across > 1:
        span = OxmlElement("w:gridSpan")
        span.set(qn("w:val"), str(across))
        rules.append(span)
    if merge:
        joined = OxmlElement("w:vMerge")
        joined.set(qn("w:val"), merge)
        rules.append(joined)
    cell.append(rules)
    cell.append(OxmlElement("w:p"))
    line.append(cell)
    return _Cell(cell, made)
