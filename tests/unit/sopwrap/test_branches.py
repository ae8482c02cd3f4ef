from __future__ import annotations

import pytest

from sopwrap.imports.branches import negative, opposite, read_branches


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (
            "Memeriksa. Jika lengkap lanjut ke 4, jika tidak lengkap kembali ke langkah 2",
            [("lengkap", 4), ("tidak lengkap", 2)],
        ),
        ("apabila ya ke 5 dan tidak kembali ke no. 2", [("ya", 5), ("tidak", 2)]),
        ("Y: 5, T: 3", [("Y", 5), ("T", 3)]),
        ("Ya → 4; Tidak → 2", [("Ya", 4), ("Tidak", 2)]),
        ("Jika tidak, kembali ke 3", [("tidak", 3)]),
        ("kembali ke langkah 2 apabila belum sesuai", [("belum sesuai", 2)]),
        ("jika gagal ulangi langkah 3", [("gagal", 3)]),
        ("Verifikasi (Y/T)", [("Y", None), ("T", None)]),
        ("Sesuai / Tidak Sesuai", [("Sesuai", None), ("Tidak Sesuai", None)]),
        ("Jika tidak sesuai dikembalikan kepada pemohon", [("tidak sesuai", None)]),
        ("Mencadangkan 3 server ke 2 media", []),
        ("Menyalin 5 berkas", []),
    ],
)
def test_the_ways_a_text_tells_of(text: str, ways: list[tuple[str, int | None]]) -> None:
    assert [(one.label, one.to) for one in read_branches(text)] == ways


def test_labels_beside_the_symbol_count_where_the_text_tells_nothing() -> None:
    assert [one.label for one in read_branches("Memeriksa", ("Belum benar",))] == ["Belum benar"]


def test_a_refusal_that_ends_is_told_from_one_that_goes_back() -> None:
    found = read_branches("Jika disetujui, proses dilanjutkan; jika ditolak, permohonan selesai")
    assert [one.ends for one in found] == [False, True]


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("tidak sesuai", "sesuai"),
        ("T", "Y"),
        ("Tidak", "Ya"),
        ("belum benar", "benar"),
        ("Gagal", "Berhasil"),
        ("revisi", "ya"),
    ],
)
def test_a_no_has_its_yes(no: str, yes: str) -> None:
    assert negative(no)
    assert opposite(no) == yes
    assert not negative(yes)
