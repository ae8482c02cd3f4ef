from __future__ import annotations

from datetime import date

import pytest

from sopwrap.imports.grid import grid
from sopwrap.imports.identity import Found, identity_of, read_date, read_identity


@pytest.mark.parametrize("text", ["14 Januari 2025", "14-01-2025", "2025-01-14", "14/1/2025", "Kota, 14 Jan 2025"])
def test_a_day_is_read_as_papers_write_it(text: str) -> None:
    assert read_date(text) == date(2025, 1, 14)


@pytest.mark.parametrize("text", ["", "Januari 2025", "31 Februari 2025", "14 Foo 2025", "99999-01-01"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_date(text) is None


def found_in(*rows: list[str], heading: tuple[str, ...] = ()) -> Found:
    found = Found()
    made = grid([list(row) for row in rows], heading=list(heading))
    read_identity(made, len(made.rows), found)
    return found


def test_labels_and_values_beside_them_or_behind_a_colon_are_read() -> None:
    found = found_in(["Nomor SOP", ":", "12/SOP"], ["Tanggal Revisi: 3 Juni 2024"], heading=("Nama SOP: Cadangan",))
    assert identity_of(found, "x") == {
        "letterhead": [], "number": "12/SOP", "title": "Cadangan", "dates": {"revised": "2024-06-03"},
    }  # fmt: skip


def test_the_boxes_lists_are_read_from_below_or_inside() -> None:
    found = found_in(
        ["DASAR HUKUM:", "KUALIFIKASI PELAKSANA:"],
        ["1. UU satu", "1. Mampu"],
        ["2. UU dua\nyang panjang", ""],
        ["PERINGATAN:\nJangan lupa", "PERALATAN/PERLENGKAPAN: Komputer"],
    )
    assert found.lists["legal_basis"] == ["UU satu", "UU dua yang panjang"]
    assert found.lists["qualifications"] == ["Mampu"]
    assert found.lists["warnings"] == ["Jangan lupa"]
    assert found.lists["equipment"] == ["Komputer"]


def test_a_lists_numbers_without_a_dot_are_its_own_too() -> None:
    found = found_in(["PERALATAN:"], ["1 Komputer"], ["2 Pemindai\nwarna"], ["3 Server"])
    assert found.lists["equipment"] == ["Komputer", "Pemindai warna", "Server"]


def test_who_put_it_in_force_is_read_with_post_name_and_number() -> None:
    found = found_in(["Disahkan oleh", "KEPALA DINAS\nContoh Wati, S.Kom.\nNIP. 19700101 199503 2 001"])
    assert identity_of(found, "x")["approvers"] == [
        {"role": "disahkan", "post": "KEPALA DINAS", "name": "Contoh Wati, S.Kom.", "nip": "197001011995032001"}
    ]


def test_blanks_stay_blank_and_a_missing_title_is_noted() -> None:
    found = found_in(["Nomor SOP", ""], ["Tanggal Efektif", "…………"], ["Disahkan oleh", ""])
    assert identity_of(found, "berkas") == {"letterhead": [], "title": "berkas"}
    assert found.notes == ["identity.title: not found in the file; its name is taken"]


def test_lines_in_capitals_above_are_the_letterhead() -> None:
    found = found_in(["PEMERINTAH KOTA CONTOH"], ["DINAS UJI"], ["Nomor SOP", "1"], ["LAIN LAIN", ""])
    assert found.letterhead == ["PEMERINTAH KOTA CONTOH", "DINAS UJI"]
