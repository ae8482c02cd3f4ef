"""The rows of a procedure's table: repeated heads and blank rows left out, rows cut in two put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sopwrap.imports.columns import Table, head_length, numbering
from sopwrap.imports.grid import compact, flat
from sopwrap.imports.marks import Mark, read_mark

_NUMBER = re.compile(r"\(?(\d{1,3})\s*[.)]?\s*$")
_ENDS = {"selesai", "end", "finish", "stop"}
_STARTS = {"mulai", "start", "begin"}


@dataclass(frozen=True)
class Row:
    """One printed row. ``marks`` is lane column → its mark, ``named`` what a column Pelaksana says.

    ``line`` is the row's number in its sheet (1-based); ``merged`` is true where its time is the row's above.
    ``heading`` is the text of a row that only parts the table (A. Persiapan).
    """

    line: int
    number: int | None
    text: str
    marks: dict[int, Mark] = field(default_factory=dict)
    named: str = ""
    requirements: tuple[str, ...] = ()
    time: str = ""
    merged: bool = False
    output: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heading: str = ""

    @property
    def is_end(self) -> bool:
        """True for a row that only says that the procedure ends."""
        return compact(self.text) in _ENDS or (not self.text and any(mark.end for mark in self.marks.values()))

    @property
    def is_start(self) -> bool:
        """True for a row that only says that the procedure begins."""
        return compact(self.text) in _STARTS or (not self.text and any(mark.start for mark in self.marks.values()))

    @property
    def blank(self) -> bool:
        """True where nothing but a number is printed."""
        return not (self.text or self.marks or self.requirements or self.time or self.output or self.named)


def read_rows(table: Table, end: int) -> list[Row]:
    """The table's rows up to grid row ``end``; raises nothing, what is odd is noted on the row."""
    raw = list(_raw(table, end))
    numbered = any(row.number is not None and row.text for row in raw)
    found: list[Row] = []
    sections: list[str] = []
    for row in raw:
        if found and numbered and not row.heading and _continues(found[-1], row):
            found[-1] = _together(found[-1], row)
        elif (row.blank and row.number is None) or row.heading:
            sections += [row.heading] if row.heading else []
        else:
            notes = tuple(f"the heading “{text}” stands above this row" for text in sections)
            sections = []
            found.append(replace(row, notes=row.notes + notes))
    return found


def items(text: str) -> tuple[str, ...]:
    """A cell's lines without bullets; the numbers of a numbered list stay, they are the paper's."""
    lines = (re.sub(r"^[-–•*·▪➢✓]\s*(?=\S)", "", line) for line in text.split("\n"))
    return tuple(line for line in lines if line)


def _raw(table: Table, end: int) -> Iterator[Row]:
    row = table.body
    while row < end:
        skipped = head_length(table, row)
        if skipped:
            row += skipped
            continue
        cells = table.grid.rows[row]
        some = any(cells) or any(table.grid.above(row, column) for column in range(table.grid.width))
        if some and not numbering(cells):
            yield _row(table, row)
        row += 1


def _row(table: Table, row: int) -> Row:
    cells, columns = table.grid.rows[row], table.columns
    said = {kind: cells[column] for kind, column in columns.items()}
    found = _NUMBER.match(said.get("number", ""))
    notes = [] if found or not said.get("number") else [f"the number reads “{flat(said['number'])}”"]
    marks = {column: mark for column in table.lanes if (mark := read_mark(_over(table, row, column)))}
    notes += [f"the cell under {table.lanes[column]} reads “{mark.odd}”" for column, mark in marks.items() if mark.odd]
    notes += [f"the column {name} reads “{flat(cells[one])}”" for one, name in table.odd.items() if cells[one]]
    heading = _heading(said, marks)
    text = flat(said.get("step", ""))
    return Row(
        line=row + 1,
        number=int(found[1]) if found else None,
        text=text,
        marks=marks,
        named=said.get("actors", ""),
        requirements=items(said.get("requirements", "")),
        time=flat(said.get("time", "")),
        merged="time" in columns and table.grid.above(row, columns["time"]),
        output=items(said.get("output", "")),
        remarks=items(said.get("remarks", "")),
        notes=tuple(notes),
        heading=heading,
    )


def _over(table: Table, row: int, column: int) -> str:
    """A lane's cell; a box drawn over several lanes stands in each of them."""
    origin = table.grid.origins.get((row, column), (row, column))
    return table.grid.top(row, column) if origin[0] == row and origin[1] in table.lanes else ""


def _heading(said: dict[str, str], marks: dict[int, Mark]) -> str:
    """The words of a row that parts the table: a letter or Roman number before them, or nothing, and all else blank."""
    others = [text for kind, text in said.items() if kind not in ("number", "step")]
    if marks or any(others):
        return ""
    number, text = said.get("number", ""), flat(said.get("step", ""))
    if re.fullmatch(r"[A-Z][.)]?|[IVX]+[.)]?", number):
        return f"{number} {text}".strip()
    return (text or number) if re.match(r"(?:[A-Z]|[IVX]+)[.)]\s", text or number) else ""


def _continues(before: Row, row: Row) -> bool:
    """True for a row without a number that has no symbol of its own: the row before goes on in it."""
    if row.number is not None or row.is_end or row.is_start or before.is_end:
        return False
    symbols = [mark for mark in row.marks.values() if not mark.line]
    return not symbols or (not row.text and not before.marks)


def _together(before: Row, row: Row) -> Row:
    return replace(
        before,
        text=f"{before.text} {row.text}".strip(),
        marks=before.marks | {column: mark for column, mark in row.marks.items() if column not in before.marks},
        named=f"{before.named}\n{row.named}".strip() if row.named != before.named else before.named,
        requirements=before.requirements + row.requirements,
        time=f"{before.time} {row.time}".strip(),
        output=before.output + row.output,
        remarks=before.remarks + row.remarks,
        notes=before.notes + row.notes,
    )
