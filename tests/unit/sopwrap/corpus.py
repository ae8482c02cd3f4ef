"""Tables of SOPs as offices keep them: CSV as it lies in data/sops, XLSX and DOCX made from a form beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import yaml
from docx.shared import Inches

FOLDER = Path(__file__).parent / "data" / "sops"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def table_of(name: str, folder: Path) -> Path:
    """The file to import: the CSV itself, or a workbook or document written into ``folder``."""
    source = FOLDER / name
    if source.suffix == ".csv":
        return source
    form = yaml.safe_load(source.read_text(encoding="utf-8"))
    path = folder / f"{source.stem}.{form['format']}"
    {"xlsx": _workbook, "docx": _document}[form["format"]](form["blocks"], path)
    return path


def _workbook(blocks: list[dict[str, Any]], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for block in blocks:
        sheet = book.create_sheet(block["sheet"])
        for row, cells in enumerate(block["rows"], 1):
            for column, value in enumerate(cells, 1):
                said = date.fromisoformat(value["date"]) if isinstance(value, dict) else value
                if said != "":
                    sheet.cell(row, column, said)
        for top, left, bottom, right in block.get("merge", []):
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)


def _document(blocks: list[dict[str, Any]], path: Path) -> None:
    document = docx.Document()
    for block in blocks:
        if "letter" in block:
            document.sections[0].page_width, document.sections[0].page_height = Inches(11), Inches(8.5)
        elif "line" in block:
            document.add_paragraph(block["line"])
        else:
            _word_table(document, block)
    document.save(path)


def _word_table(document: Any, block: dict[str, Any]) -> None:
    rows = block["rows"]
    table = document.add_table(len(rows), max(map(len, rows)))
    cells = [list(row.cells) for row in table.rows]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cells[row][column].text = str(text)
    for top, left, bottom, right in block.get("merge", []):
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    cells[row][column].text = ""
        merged = cells[top][left].merge(cells[bottom][right])
        merged.text = merged.text.strip()
