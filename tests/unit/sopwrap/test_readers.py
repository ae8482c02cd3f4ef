from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from sopwrap.errors import SopError, UsageError
from sopwrap.imports.build import build
from sopwrap.imports.grid import grid
from sopwrap.imports.readers import read_tables
from sopwrap.imports.write import as_yaml
from tests.unit.sopwrap.corpus import FOLDER, table_of


def test_a_workbook_gives_its_visible_sheets_with_their_merged_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Alur"
    sheet["A1"], sheet["A2"], sheet["B1"] = "1 hari", None, 3.0
    sheet.merge_cells("A1:A2")
    book.create_sheet("Lain").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    (made,) = read_tables(tmp_path / "a.xlsx")
    assert made.name == "Alur"
    assert made.rows[0] == ("1 hari", "3")
    assert made.above(1, 0)


def test_a_document_gives_its_tables_with_the_lines_above_each(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Nama SOP: Cadangan")
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "x"
    document.add_paragraph("sesudahnya")
    document.save(tmp_path / "a.docx")
    first, rest = read_tables(tmp_path / "a.docx")
    assert first.heading == ("Nama SOP: Cadangan",)
    assert first.rows[0][0] == "x"
    assert first.above(1, 0)
    assert rest.heading == ("sesudahnya",)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_may_be_separated_by_any_usual_sign(separator: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        separator.join(["No", "Kegiatan", "Kepala", "Waktu"]) + "\n" + separator.join("abcd"), encoding="utf-8"
    )
    assert read_tables(path)[0].width == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_may_be_in_any_usual_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("No,Kegiatan,Staf “ahli”,Waktu\n".encode(encoding))
    assert read_tables(path)[0].rows[0][2] == "Staf “ahli”"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"%PDF", "is no table that can be read"),
        ("a.xlsx", b"no zip", "cannot be read as an Excel workbook"),
        ("a.docx", b"no zip", "cannot be read as a Word document"),
        ("a.csv", b"a\0b", "is not a text"),
        ("b.csv", b"\x81\x8d\x90", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_a_sentence(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=says):
        read_tables(tmp_path / name)


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    for name in ("fehlt.csv", "x.csv"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_tables(tmp_path / name)


def test_a_zip_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.docx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("x", "y")
        with pytest.raises(UsageError, match="cannot be read as"):
            read_tables(tmp_path / name)


@pytest.mark.parametrize(("name", "package"), [("a.xlsx", "openpyxl"), ("a.docx", "python-docx")])
def test_a_package_that_is_missing_is_named_with_the_command_for_it(
    name: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"PK")

    def missing(module: str, *rest: Any) -> Any:
        raise ImportError(module)

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(SopError, match=package) as told:
        read_tables(tmp_path / name)
    assert "sopwrap[import]" in told.value.hint


ODD = (
    "↑", "◇", "◇ Y: 1; T: 99", "x → 3", "Jika tidak kembali ke 1", "1 (satu", "½", "\u202e", "No", "Kegiatan",
    "Pelaksana", "Mutu Baku", "Selesai", "12.", "-", "=1+1", "Y/T", "0", "A. Persiapan", "\ufffd", "( Mulai )", "1 2 3",
    "", "9" * 400,
)  # fmt: skip


def _survives(grids: list[Any]) -> None:
    """Import either writes a file that reads back, or says in a sentence why not."""
    try:
        as_yaml(build(grids, "acak.csv", lambda question: random.Random(1).choice(["", *question.choices])))
    except SopError as error:
        assert "Traceback" not in str(error)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("[0-9]*")))
def test_damaged_tables_are_imported_or_refused_never_a_crash(name: str, tmp_path: Path) -> None:
    """Cells dropped, doubled, swapped, filled with the oddest texts papers and copies hold; a seed for each table."""
    grids = read_tables(table_of(name, tmp_path))
    dice = random.Random(name)
    for _ in range(25):
        made = []
        for one in grids:
            rows = [list(row) for row in one.rows]
            for _ in range(dice.randint(1, 12)):
                if not rows or not rows[0]:
                    break
                row, column = dice.randrange(len(rows)), dice.randrange(len(rows[0]))
                change = dice.randrange(5)
                if change == 0:
                    rows.insert(row, list(rows[dice.randrange(len(rows))]))
                elif change == 1 and len(rows) > 1:
                    rows.pop(row)
                elif change == 2:
                    rows[row], rows[0] = rows[0], rows[row]
                else:
                    rows[row][column] = dice.choice(ODD)
            made.append(grid(rows, {} if dice.random() < 0.5 else dict(one.origins), one.name, one.heading))
        _survives(made)


def test_damaged_files_are_read_or_refused_never_a_crash(tmp_path: Path) -> None:
    dice = random.Random(3)
    for name in ("05-pindaian.csv", "09-perpustakaan.yml", "13-kantor-pelayanan.yml"):
        source = table_of(name, tmp_path)
        for number in range(25):
            content = bytearray(source.read_bytes())
            for _ in range(dice.randint(1, 8)):
                content[dice.randrange(len(content))] = dice.randrange(256)
            path = tmp_path / f"{number}-{source.name}"
            path.write_bytes(bytes(content[: dice.randint(1, len(content))] if dice.random() < 0.3 else content))
            try:
                _survives(read_tables(path))
            except SopError as error:
                assert str(path) in str(error)
