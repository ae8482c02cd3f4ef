from __future__ import annotations

from itertools import pairwise

import pytest

from sopwrap.papers import chart_table
from sopwrap.papers.textwidth import text_width
from sopwrap.sop import find

SOP, PROCEDURE = find("iain-ptk-2022/backup")


@pytest.mark.parametrize("width", [120, 163, 262])
def test_the_columns_fill_the_width_in_the_order_of_the_sop(width: float) -> None:
    table = chart_table.columns(SOP, PROCEDURE, width)
    lanes = ["lane:kepala", "lane:petugas", "lane:umum"]
    assert [one.kind for one in table] == ["number", "step", *lanes, "requirements", "time", "output"]
    assert table[-1].right == pytest.approx(width)
    assert all(after.left == pytest.approx(before.right) for before, after in pairwise(table))


def test_the_headings_are_the_sops_own() -> None:
    headings = [one.heading for one in chart_table.columns(SOP, PROCEDURE, 163)]
    assert headings == [
        "No",
        "Aktivitas",
        "Kepala PTID",
        "Petugas Backup Data",
        "Kasub Bag Umum Dan Keu",
        "Persyaratan/ Kelengkapan",
        "Waktu",
        "Output",
    ]


def test_rows_are_cut_into_pages_without_losing_or_repeating_one() -> None:
    table = chart_table.columns(SOP, PROCEDURE, 163)
    rows = chart_table.rows(PROCEDURE, table, 8)
    pages = chart_table.paginate(rows, 60, 90)
    assert [row for page in pages for row in page] == rows
    assert sum(row.height for row in pages[0]) <= 60
    assert all(sum(row.height for row in page) <= 90 for page in pages[1:])


def test_a_row_higher_than_any_page_still_gets_one() -> None:
    rows = chart_table.rows(PROCEDURE, chart_table.columns(SOP, PROCEDURE, 163), 8)
    assert [len(page) for page in chart_table.paginate(rows, 5, 5)] == [1] * len(rows)


def test_a_long_heading_is_set_smaller_instead_of_leaving_its_column() -> None:
    column = chart_table.Column("lane:x", "Administrator Infrastruktur", 0, 18)
    lines, points = chart_table.heading_lines(column, 8)
    assert points < 8
    assert all(text_width(line, points, bold=True) <= 18 for line in lines)
