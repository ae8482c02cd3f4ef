from __future__ import annotations

import pytest

from sopwrap.imports.columns import find_tables, kind_of, numbering
from sopwrap.imports.grid import grid

UPPER = ["No", "Kegiatan", "Pelaksana", "", "Mutu Baku", "", "", "Ket."]
LOWER = ["", "", "Kepala", "Staf", "Kelengkapan", "Waktu", "Output", ""]
ROW = ["1", "Mulai bekerja", "x", "", "ATK", "1 hari", "Laporan", ""]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NO.", "number"),
        ("Uraian Kegiatan", "step"),
        ("Kegiat an", "step"),
        ("Aktifitas", "step"),
        ("Langkah-langkah", "step"),
        ("Pelaksana", "actors"),
        ("Penanggung Jawab", "actors"),
        ("Mutu Baku", "quality"),
        ("Persyaratan/\nKelengkapan", "requirements"),
        ("Wakt u", "time"),
        ("Waktu (Menit)", "time"),
        ("Waktu Penyelesaian", "time"),
        ("Hasil", "output"),
        ("Ket.", "remarks"),
        ("Kepala Dinas", ""),
        ("Notaris", ""),
    ],
)
def test_a_heading_is_known_by_its_words(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_head_of_two_rows_gives_lanes_and_standards() -> None:
    (table,) = find_tables(grid([UPPER, LOWER, ROW]))
    assert table.lanes == {2: "Kepala", 3: "Staf"}
    assert table.columns == {"number": 0, "step": 1, "requirements": 4, "time": 5, "output": 6, "remarks": 7}
    assert table.body == 2
    assert table.quality_columns == ["requirements", "time", "output", "remarks"]


def test_a_head_of_one_row_takes_the_columns_with_marks_for_lanes() -> None:
    head = ["No", "Kegiatan", "Kepala", "Staf", "Dasar", "Waktu"]
    (table,) = find_tables(grid([head, ["1", "Bekerja", "x", "", "menurut pedoman", "1 hari"]]))
    assert table.lanes == {2: "Kepala", 3: "Staf"}
    assert table.odd == {4: "Dasar"}


def test_one_column_of_names_is_no_lane() -> None:
    (table,) = find_tables(grid([["No", "Kegiatan", "Pelaksana", "Waktu"], ["1", "Bekerja", "Staf", "1 hari"]]))
    assert table.lanes == {}
    assert table.columns["actors"] == 2


def test_the_row_that_counts_the_columns_belongs_to_the_head() -> None:
    assert numbering(("1", "2", "3", "4"))
    assert numbering(("(1)", "(2)", "3", "4", "S5", "6"))
    assert not numbering(("1", "Bekerja", "", ""))
    (table,) = find_tables(grid([UPPER, LOWER, [str(n) for n in range(1, 9)], ROW]))
    assert table.body == 3


def test_a_table_that_goes_on_under_its_head_again_is_one_table() -> None:
    more = ["2", *ROW[1:]]
    assert len(find_tables(grid([UPPER, LOWER, ROW, UPPER, LOWER, more]))) == 1


def test_a_table_that_begins_with_one_again_is_another() -> None:
    assert len(find_tables(grid([UPPER, LOWER, ROW, UPPER, LOWER, ROW]))) == 2


def test_a_list_is_no_table() -> None:
    assert find_tables(grid([["Nama", "Alamat"], ["A", "B"]])) == []


def test_a_head_that_a_copy_moved_and_soiled_still_gives_all_lanes() -> None:
    upper = ["NO", "KEGIATAN", "PELAKSANA", "", "MUTU BAKU", "", "KETERANGAN", ""]
    lower = ["2.0", "", "Direktur", "JFU", "PUSDATIN", "Kelengkapan", "Waktu", "Output"]
    (table,) = find_tables(grid([upper, lower, ["1", "Bekerja", "", "MULAI", "", "ATK", "1 hari", "Laporan"]]))
    assert list(table.lanes.values()) == ["Direktur", "JFU", "PUSDATIN"]
    assert table.quality_columns == ["requirements", "time", "output"]
