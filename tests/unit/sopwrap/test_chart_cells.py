from __future__ import annotations

import re

from sopwrap.papers import chart_cells, chart_table
from sopwrap.sop import find

SOP, PROCEDURE = find("iain-ptk-2022/backup")
TABLE = chart_table.columns(SOP, PROCEDURE, 163)
ROWS = chart_table.rows(PROCEDURE, TABLE, 8)
TIME = next(one for one in TABLE if one.kind == "time")


def levels(drawing: str, x: float) -> set[float]:
    """The heights at which a level rule runs over ``x``."""
    found = re.findall(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', drawing)
    return {float(y) for left, y, right, end in found if y == end and float(left) < x < float(right)}


def test_the_cell_of_a_shared_standard_time_has_no_rule_inside() -> None:
    drawing = chart_cells.frame(PROCEDURE, TABLE, ROWS, (20, 20, 20 + sum(row.height for row in ROWS)))
    edges = [20.0]
    for row in ROWS:
        edges.append(edges[-1] + row.height)
    inside = edges[9]  # between the ninth row and the tenth
    assert not _near(inside, levels(drawing, TIME.middle))
    assert _near(edges[8], levels(drawing, TIME.middle))
    assert _near(inside, levels(drawing, TABLE[1].middle))


def _near(wanted: float, found: set[float]) -> bool:
    return any(abs(one - wanted) < 0.1 for one in found)


def test_a_shared_time_is_printed_on_each_page_that_has_a_row_of_it() -> None:
    whole = chart_cells.body(PROCEDURE, TABLE, ROWS, 0, 8)
    assert len(re.findall(r">1 \(Satu\)", whole)) == 2
    alone = chart_cells.body(PROCEDURE, TABLE, ROWS[9:10], 0, 8)
    assert len(re.findall(r">1 \(Satu\)", alone)) == 1
    assert "(Satu)" not in chart_cells.body(PROCEDURE, TABLE, ROWS[1:8], 0, 8)


def test_lanes_and_standards_stand_under_their_common_headings() -> None:
    drawing = chart_cells.head(TABLE, chart_cells.head_height(TABLE, 8), 163, 8)
    assert drawing.count(">Pelaksana<") == drawing.count(">Mutu Baku<") == 1
