from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import docx
import openpyxl
from docx.oxml import parse_xml

from sopwrap.imports.build import build
from sopwrap.imports.readers import read_tables
from sopwrap.imports.shapes import drawn_symbols
from sopwrap.imports.write import as_sop

ROWS = [
    ["No", "Kegiatan", "Pelaksana", None, "Waktu"],
    [None, None, "Kepala", "Staf", None],
    [1, "Menugaskan staf", None, None, "15 menit"],
    [2, "Mencadangkan data", None, None, "1 hari"],
    [3, "Memeriksa hasil", None, None, "1 jam"],
    [4, "Mengarsipkan", None, None, "1 jam"],
]
SHAPES = [
    (2, 2, "flowChartTerminator", "Mulai"),
    (3, 3, "rect", ""),
    (4, 2, "flowChartDecision", "Y T"),
    (5, 3, "ellipse", ""),
]
NAMES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"


def anchor(row: int, column: int, shape: str, words: str) -> str:
    spot = "<xdr:{0}><xdr:col>{1}</xdr:col><xdr:row>{2}</xdr:row></xdr:{0}>"
    text = f"<xdr:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></xdr:txBody>" if words else ""
    both = spot.format("from", column, row) + spot.format("to", column, row)
    symbol = f'<xdr:sp><xdr:spPr><a:prstGeom prst="{shape}"/></xdr:spPr>{text}</xdr:sp>'
    return f"<xdr:twoCellAnchor>{both}{symbol}</xdr:twoCellAnchor>"


def workbook(folder: Path) -> Path:
    """A workbook whose lanes hold drawn symbols alone, and a line that marks nothing."""
    book = openpyxl.Workbook()
    for row, cells in enumerate(ROWS, 1):
        for column, value in enumerate(cells, 1):
            book.active.cell(row, column, value)
    book.active.merge_cells("C1:D1")
    book.save(folder / "plain.xlsx")
    path = folder / "drawn.xlsx"
    shutil.copy(folder / "plain.xlsx", path)
    line = "<xdr:twoCellAnchor><xdr:cxnSp/></xdr:twoCellAnchor>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/drawings/drawing1.xml", f"<xdr:wsDr {NAMES}>{line}{''.join(anchor(*one) for one in SHAPES)}</xdr:wsDr>"
        )
        archive.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{DRAWING}" '
            'Target="../drawings/drawing1.xml"/></Relationships>',
        )
    return path


def test_symbols_drawn_over_the_cells_of_a_sheet_are_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(workbook(tmp_path)) as archive:
        found = drawn_symbols(archive)
    assert found == {"Sheet": {(2, 2): "● Mulai", (3, 3): "■", (4, 2): "◇ Y T", (5, 3): "●"}}


def test_a_workbook_whose_lanes_are_drawn_is_imported(tmp_path: Path) -> None:
    sop = as_sop(build(read_tables(workbook(tmp_path)), "drawn.xlsx", lambda question: ""))
    steps = sop.procedures[0].steps
    assert [step.actors for step in steps] == [["kepala"], ["staf"], ["kepala"], ["staf"]]
    assert [step.kind for step in steps] == ["process", "process", "decision", "end"]


def test_symbols_drawn_in_the_cells_of_a_document_are_found(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(len(ROWS), 5)
    for row, cells in enumerate(ROWS):
        for column, value in enumerate(cells):
            table.cell(row, column).text = str(value or "")
    for row, column, shape, words in SHAPES:
        box = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>" if words else ""
        drawing = f'<w:drawing><a:prstGeom prst="{shape}"/>{box}</w:drawing>'
        space = (
            'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        )
        table.cell(row, column).paragraphs[0]._p.append(parse_xml(f"<w:r {space}>{drawing}</w:r>"))
    document.save(tmp_path / "drawn.docx")
    sop = as_sop(build(read_tables(tmp_path / "drawn.docx"), "drawn.docx", lambda question: ""))
    steps = sop.procedures[0].steps
    assert [step.actors for step in steps] == [["kepala"], ["staf"], ["kepala"], ["staf"]]
    assert steps[2].kind == "decision"
