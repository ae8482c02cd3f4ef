"""Open a table's file: CSV with the standard library, XLSX with openpyxl, DOCX with python-docx."""

from __future__ import annotations

import csv
import io
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from sopwrap.errors import SopError, UsageError
from sopwrap.imports.grid import Cell, Grid, grid

LARGEST, UNPACKED = 20_000_000, 200_000_000
"""Bytes of a file, and of what is packed in it; a table of an SOP has some thousand."""
BROKEN = (
    BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError,
    SyntaxError, AssertionError, RuntimeError,
)  # fmt: skip
"""What the libraries raise at files that are damaged or something else."""
MOST_ROWS, MOST_COLUMNS = 5000, 200


def read_tables(path: Path) -> list[Grid]:
    """Return the tables of a file; raise UsageError where it is none this program can read."""
    readers = {".csv": _csv, ".tsv": _csv, ".xlsx": _xlsx, ".xlsm": _xlsx, ".docx": _docx}
    reader = readers.get(path.suffix.casefold())
    if reader is None:
        raise UsageError(f"{path} is no table that can be read.", "Give a .csv, .xlsx or .docx file.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Name another file.") from None
    if len(content) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 1_000_000} MB.", "Give the table alone, without pictures.")
    return reader(content, str(path))


def _csv(content: bytes, name: str) -> list[Grid]:
    """Commas, semicolons or tabs; UTF-8, or what an old spreadsheet wrote (Windows-1252)."""
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UsageError(f"{name} is neither UTF-8 nor Windows-1252 text.", "Save it as CSV (UTF-8).")
    if "\0" in text:
        raise UsageError(f"{name} is not a text.", "Save the table as CSV (UTF-8).")
    separator = max(";\t,", key=lambda sign: _columns(text, sign))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UsageError(f"{name}: not a CSV: {error}.", "Save it as CSV (UTF-8).") from None
    return [grid([row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]])]


def _columns(text: str, separator: str) -> int:
    """How many cells most lines have with this separator: the right one makes many."""
    try:
        rows = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator)
        return sum(len(row) > 3 for row in rows)
    except csv.Error:
        return 0


def _xlsx(content: bytes, name: str) -> list[Grid]:
    openpyxl = _library("openpyxl")
    _library("lxml", "lxml")
    from lxml.etree import LxmlError

    from sopwrap.imports.shapes import drawn_symbols

    try:
        _not_too_large(content, name)
        with warnings.catch_warnings(action="ignore"):  # that it leaves out shapes: they are read beside it
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        with ZipFile(io.BytesIO(content)) as archive:
            drawn = drawn_symbols(archive)
        return [_sheet(one, drawn.get(one.title, {})) for one in book.worksheets if one.sheet_state == "visible"]
    except (*BROKEN, LxmlError) as error:
        raise _unreadable(name, "an Excel workbook", error) from None


def _sheet(sheet: Any, drawn: dict[Cell, str]) -> Grid:
    """A sheet's cells; a symbol drawn over an empty one stands in it."""
    rows = [
        [_value(cell) for cell in row]
        for row in sheet.iter_rows(max_row=min(sheet.max_row, MOST_ROWS), max_col=min(sheet.max_column, MOST_COLUMNS))
    ]
    for (row, column), text in drawn.items():
        if row < len(rows) and column < len(rows[row]) and not rows[row][column]:
            rows[row][column] = text
    origins: dict[Cell, Cell] = {}
    for area in sheet.merged_cells.ranges:
        corner = (area.min_row - 1, area.min_col - 1)
        for row in range(area.min_row - 1, min(area.max_row, len(rows))):
            for column in range(area.min_col - 1, min(area.max_col, MOST_COLUMNS)):
                if (row, column) != corner and corner[0] < len(rows):
                    origins[row, column] = corner
    return grid(rows, origins, sheet.title)


def _value(cell: Any) -> str:
    """A cell's value as text; a day as ISO, a number without a needless decimal."""
    value = cell.value
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10] if hasattr(value, "year") else str(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _docx(content: bytes, name: str) -> list[Grid]:
    docx = _library("docx", "python-docx")
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        _not_too_large(content, name)
        return list(_tables(docx.Document(io.BytesIO(content))))
    except (*BROKEN, PackageNotFoundError, LxmlError) as error:
        raise _unreadable(name, "a Word document", error) from None


def _tables(document: Any) -> Iterator[Grid]:
    """Each table with the lines since the one before it; what follows the last one is no table's."""
    from docx.table import Table

    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield _table(block, lines)
            lines = []
        elif text := block.text.strip():
            lines.append(text)
    if lines:
        yield grid([], heading=lines)


def _table(table: Any, lines: list[str]) -> Grid:
    """A Word table: its grid of cells, the same cell standing in every place it reaches over."""
    seen: dict[Any, Cell] = {}
    origins: dict[Cell, Cell] = {}
    rows: list[list[str]] = []
    for number, row in enumerate(table.rows[:MOST_ROWS]):
        texts = [""] * row.grid_cols_before
        for cell in row.cells[:MOST_COLUMNS]:
            place = (number, len(texts))
            first = seen.setdefault(cell._tc, place)
            if first != place:
                origins[place] = first
            texts.append(_words(cell) if first == place else "")
        rows.append(texts)
    return grid(rows, origins, heading=lines)


def _words(cell: Any) -> str:
    """A cell's paragraphs; where there are none, the symbol drawn in it with its words."""
    from sopwrap.imports.shapes import SIGNS

    lines = [paragraph.text for paragraph in cell.paragraphs]
    boxes = [node for node in cell._tc.iter() if str(node.tag).endswith("}txbxContent")]
    words = ["".join(node.text or "" for node in box.iter() if str(node.tag).endswith("}t")) for box in boxes]
    if not any(line.strip() for line in lines):
        shapes = [str(node.get("prst")) for node in cell._tc.iter() if str(node.tag).endswith("}prstGeom")]
        signs = [SIGNS[shape] for shape in shapes if shape in SIGNS]
        return " ".join([*signs[:1], *dict.fromkeys(words)])  # Word keeps a shape twice, for older readers
    return "\n".join([*lines, *dict.fromkeys(words)])


def _library(module: str, package: str = "") -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise SopError(
            f"Reading this file needs the Python package {package or module}, which is not installed.",
            "Install it with `pip install 'sopwrap[import]'`, or save the table as CSV.",
        ) from None


def _not_too_large(content: bytes, name: str) -> None:
    """Refuse a file that unpacks to more than any table holds, before it is unpacked."""
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > UNPACKED:
            raise UsageError(f"{name} unpacks to more than {UNPACKED // 1_000_000} MB.", "Give the table alone.")


def _unreadable(name: str, what: str, error: Exception) -> UsageError:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return UsageError(f"{name} cannot be read as {what}: {reason}.", "Open and save it again, or save it as CSV.")
