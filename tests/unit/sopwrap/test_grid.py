from __future__ import annotations

from sopwrap.imports.grid import clean, compact, grid, slug


def test_rows_are_made_equally_long() -> None:
    assert grid([["a"], ["b", "c"]]).rows == (("a", ""), ("b", "c"))


def test_a_cell_that_belongs_to_the_one_above_is_known() -> None:
    made = grid([["1 hari"], ["↑"], ["↑"], ["x"]])
    assert [made.above(row, 0) for row in range(4)] == [False, True, True, False]
    assert made.top(2, 0) == "1 hari"
    assert made.rows[1] == ("",)


def test_a_text_loses_what_no_paper_has() -> None:
    assert clean("  a\x07  b\r\n\r\nc_x000D_") == "a b\nc"
    assert clean(None) == ""
    assert compact("Wakt u:") == "waktu"


def test_ids_are_plain_and_differ() -> None:
    taken: set[str] = set()
    assert slug("Kepala Sub-Bag. “TI”", taken) == "kepala-sub-bag-ti"
    assert slug("Kepala Sub Bag TI", taken) == "kepala-sub-bag-ti-2"
    assert slug("…", taken) == "x"
    assert len(slug("K" * 80, taken)) <= 40
