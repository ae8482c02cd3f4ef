from __future__ import annotations

from sopwrap.imports.columns import find_tables
from sopwrap.imports.grid import grid
from sopwrap.imports.rows import Row, items, read_rows

HEAD = [["No", "Kegiatan", "Pelaksana", "", "Mutu Baku", ""], ["", "", "Kepala", "Staf", "Kelengkapan", "Waktu"]]


def rows(*cells: list[str]) -> list[Row]:
    made = grid([*HEAD, *cells])
    (table,) = find_tables(made)
    return read_rows(table, len(made.rows))


def test_a_row_keeps_its_number_text_marks_and_standards() -> None:
    (row,) = rows(["1.", "Menyalin\ndata", "", "x", "- ATK\n- Server", "1 hari"])
    assert (row.number, row.text, row.time) == (1, "Menyalin data", "1 hari")
    assert list(row.marks) == [3]
    assert row.requirements == ("ATK", "Server")


def test_blank_rows_are_left_out_and_a_row_with_a_number_alone_is_a_gap() -> None:
    found = rows(["1", "A", "x", "", "", ""], [""] * 6, ["2", "", "", "", "", ""], ["3", "B", "x", "", "", ""])
    assert [row.number for row in found] == [1, 2, 3]
    assert found[1].blank


def test_a_row_that_goes_on_in_the_next_line_is_one_row() -> None:
    found = rows(
        ["1", "Menyusun", "x", "", "ATK", "1"],
        ["", "laporan bulanan", "", "", "Server", "hari"],
        ["2", "B", "", "x", "", ""],
    )
    assert [row.text for row in found] == ["Menyusun laporan bulanan", "B"]
    assert found[0].requirements == ("ATK", "Server")
    assert found[0].time == "1 hari"


def test_a_head_repeated_on_a_new_page_is_no_row() -> None:
    assert len(rows(["1", "A", "x", "", "", ""], *HEAD, ["2", "B", "x", "", "", ""])) == 2


def test_a_heading_between_rows_is_kept_as_a_note_of_the_row_below() -> None:
    found = rows(["A", "Persiapan", "", "", "", ""], ["1", "Bekerja", "x", "", "", ""])
    assert [row.text for row in found] == ["Bekerja"]
    assert "A Persiapan" in found[0].notes[0]


def test_start_and_end_rows_are_known() -> None:
    first, last = rows(["1", "Mulai", "x", "", "", ""], ["2", "SELESAI", "x", "", "", ""])
    assert first.is_start
    assert last.is_end


def test_a_number_that_is_none_is_noted() -> None:
    (row,) = rows(["l0a", "Bekerja", "x", "", "ATK", ""])
    assert row.number is None
    assert "l0a" in row.notes[0]


def test_bullets_go_and_numbers_of_lists_stay() -> None:
    assert items("- a\n• b\n1. c\n\n") == ("a", "b", "1. c")
