"""The written part of a flow chart's table: its two-row head, the cells' texts, the rules between them."""

from __future__ import annotations

from sopwrap.indonesian import standard_time
from sopwrap.papers import chart_symbols as svg
from sopwrap.papers.chart_table import PAD, QUALITY, Column, Row, heading_lines
from sopwrap.papers.textwidth import wrap
from sopwrap.sop import MergedTime, Procedure

GROUP_HEIGHT = 5.0
GROUPS = {"lane": "Pelaksana", "quality": "Mutu Baku"}


def head_height(table: list[Column], points: float) -> float:
    """How high the head is in mm."""
    tallest = max(len(lines) * svg.line_height(size) for lines, size in (heading_lines(one, points) for one in table))
    return GROUP_HEIGHT + max(tallest + 2 * PAD, 7.0)


def head(table: list[Column], height: float, width: float, points: float) -> str:
    """The head: lanes under "Pelaksana", standards under "Mutu Baku", the other columns through both rows."""
    drawing = svg.area(0, 0, width, height, "#ededed")
    for column in table:
        lines, size = heading_lines(column, points)
        top = GROUP_HEIGHT if _group(column) else 0.0
        tall = len(lines) * svg.line_height(size)
        drawing += svg.lines(column.middle, top + (height - top - tall) / 2, lines, size, anchor="middle", bold=True)
    for group, name in GROUPS.items():
        if members := [one for one in table if _group(one) == group]:
            left, right = members[0].left, members[-1].right
            drawing += svg.rule(left, GROUP_HEIGHT, right, GROUP_HEIGHT)
            drawing += svg.lines((left + right) / 2, 0.9, [name], points, anchor="middle", bold=True)
    return drawing


def body(procedure: Procedure, table: list[Column], rows: list[Row], top: float, points: float) -> str:
    """The texts of the rows, each in the middle of its height; numbers and times centred."""
    drawing = ""
    y = top
    for row in rows:
        for column in table:
            drawing += _cell(column, row.texts[column.kind], y, row.height, points)
        y += row.height
    time = next((column for column in table if column.kind == "time"), None)
    if time:
        for merged, start, height in _merged(procedure, rows, top):
            words = wrap(standard_time(merged.time, merged.time_text), time.width - 2 * PAD, points)
            drawing += _cell(time, words, start, height, points)
    return drawing


def frame(procedure: Procedure, table: list[Column], rows: list[Row], edges: tuple[float, float, float]) -> str:
    """The rules. ``edges`` are the lower edge of the head, the upper edge of the rows, and the page's bottom (mm).

    Between rows whose standard time is one the time column has no rule: the paper merges the cell.
    """
    under_head, top, bottom = edges
    width = table[-1].right
    drawing = svg.rule(0, 0, width, 0) + svg.rule(0, under_head, width, under_head) + svg.rule(width, 0, width, bottom)
    for before, column in zip([None, *table], table, strict=False):
        inside = before is not None and _group(column) is not None and _group(before) == _group(column)
        drawing += svg.rule(column.left, GROUP_HEIGHT if inside else 0, column.left, bottom)
    joined = {id(row) for row in rows if _continues(procedure, rows, row)}
    y = top
    for row in rows:
        if y > under_head:
            drawing += svg.rule(0, y, width, y) if y == top else ""
        y += row.height
        for column in table:
            if not (column.kind == "time" and id(row) in joined):
                drawing += svg.rule(column.left, y, column.right, y)
    return drawing + (svg.rule(0, bottom, width, bottom) if bottom > y else "")


def _cell(column: Column, lines: list[str], top: float, height: float, points: float) -> str:
    tall = len(lines) * svg.line_height(points)
    start = top + (height - tall) / 2
    if column.kind in ("number", "time"):
        return svg.lines(column.middle, start, lines, points, anchor="middle")
    return svg.lines(column.left + PAD, start, lines, points)


def _group(column: Column) -> str | None:
    if column.kind.startswith("lane:"):
        return "lane"
    return "quality" if column.kind in QUALITY and column.kind != "remarks" else None


def _continues(procedure: Procedure, rows: list[Row], row: Row) -> bool:
    """True where the next row of this page shares the row's standard time."""
    at = rows.index(row)
    if at + 1 == len(rows):
        return False
    pair = {row.step.id, rows[at + 1].step.id}
    return any(pair <= set(one.steps) for one in procedure.merged_times)


def _merged(procedure: Procedure, rows: list[Row], top: float) -> list[tuple[MergedTime, float, float]]:
    """Each merged time on this page with the upper edge and height of the rows it covers here."""
    found = []
    for merged in procedure.merged_times:
        y, start, height = top, None, 0.0
        for row in rows:
            if row.step.id in merged.steps:
                start = y if start is None else start
                height += row.height
            y += row.height
        if start is not None:
            found.append((merged, start, height))
    return found
