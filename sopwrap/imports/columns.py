"""Where a procedure's table begins and what its columns hold: heads of one or two rows, in any order and wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from sopwrap.imports.grid import Grid, compact, flat
from sopwrap.imports.marks import is_mark

KINDS = {
    "number": r"no|nomor|nourut|nomorurut|nokegiatan|urut|nolangkah",
    "step": (
        r"(uraian|langkahlangkah|langkah|tahapan|tahap|rincian|deskripsi|proses)?(kegiatan|aktivitas|aktifitas|prosedur|"
        r"pekerjaan|kerja|tugas|proses)(prosedur|sop|kegiatan)?|uraian|langkah|langkahlangkah|tahapan|tahap|activity"
    ),
    "actors": r"(unit|unsur)?(pelaksana|pelaku|aktor)(kegiatan|prosedur|sop)?|penanggungjawab|pic|pelalksana|peiaksana",
    "quality": r"mutubaku|bakumutu|standar(mutu|baku)|mutu(baku)?",
    "requirements": (
        r"(persyaratan|syarat|kelengkapan|perlengkapan|bahan|input|masukan)(dan|atau)?"
        r"(kelengkapan|perlengkapan|persyaratan|alat|peralatan|dokumen)?"
    ),
    "time": r"(standar|lama|jangka|batas|target)?(waktu|wakitu|durasi)(penyelesaian|proses|baku|pelayanan)?",
    "output": r"output|hasil|keluaran|outputhasil|hasiloutput|outputkeluaran|produk|gutput",
    "remarks": r"ket|keterangan|catatan",
}
QUALITY = ("requirements", "time", "output", "remarks")
_UNITS = r"(menit|jam|hari|detik)?"


@dataclass(frozen=True)
class Table:
    """A procedure's table: its grid, the first row of its head, the first row after it, and its columns.

    ``columns`` maps number, step, actors (a column that names them), requirements, time, output and remarks to a
    column each; ``lanes`` a column to the lane's label. ``headings`` keeps the paper's words, ``odd`` the columns
    nothing is known of.
    """

    grid: Grid
    head: int
    body: int
    columns: dict[str, int]
    lanes: dict[int, str]
    headings: dict[str, str]
    odd: dict[int, str]

    @property
    def quality_columns(self) -> list[str]:
        """The columns of the standards that there are, in the order of the paper."""
        return sorted((kind for kind in self.columns if kind in QUALITY), key=lambda kind: self.columns[kind])


def kind_of(text: str) -> str:
    """What a heading's words make its column; empty where they are none of those known."""
    said = compact(re.sub(r"\(.*?\)", "", flat(text)))
    return next((kind for kind, words in KINDS.items() if re.fullmatch(f"(?:{words}){_UNITS}", said)), "")


def find_tables(grid: Grid) -> list[Table]:
    """Every procedure's table in a grid, each up to the next one's head."""
    found: list[Table] = []
    row = 0
    while row < len(grid.rows):
        table = _table(grid, row) if _is_head(grid, row) else None
        if table and table.body < len(grid.rows):
            if not (found and _same_head(found[-1], table)):
                found.append(table)
            row = table.body
        else:
            row += 1
    return found


def head_length(table: Table, row: int) -> int:
    """How many rows from this one on repeat the table's head (a new page); 0 where it is a row of the body."""
    if not _is_head(table.grid, row):
        return 0
    again = _table(table.grid, row)
    return again.body - row if again else 1


def numbering(cells: tuple[str, ...]) -> bool:
    """True for the row below a head that counts the columns: 1 2 3 4, (1) (2) (3), also where a copy misread some."""
    said = [cell for cell in cells if cell]
    right = sum(compact(cell) == str(index) for index, cell in enumerate(said, 1))
    return len(said) >= 3 and right >= 3 and right >= 0.6 * len(said)


def _is_head(grid: Grid, row: int) -> bool:
    kinds = {kind_of(cell) for cell in grid.rows[row]} - {""}
    return "step" in kinds and len(kinds) > 1 and not numbering(grid.rows[row])


def _same_head(before: Table, table: Table) -> bool:
    """True where a table of one grid goes on after its head was repeated: same lanes, and the numbers go on."""
    first = next(filter(None, (_number(table, row) for row in range(table.body, len(table.grid.rows)))), 0)
    return before.lanes == table.lanes and before.columns == table.columns and first != 1


def _number(table: Table, row: int) -> int:
    said = (
        re.match(r"\(?(\d{1,3})[.)]?$", table.grid.rows[row][table.columns["number"]])
        if "number" in table.columns
        else None
    )
    return int(said[1]) if said and not head_length(table, row) else 0


def _table(grid: Grid, row: int) -> Table | None:
    """The table whose head begins in this row."""
    second = row + 1 if row + 1 < len(grid.rows) and _is_second(grid, row) else None
    body = (second or row) + 1
    while body < len(grid.rows) and (numbering(grid.rows[body]) or _repeats(grid, row, body)):
        body += 1
    tops = _groups(grid, row, second)
    columns: dict[str, int] = {}
    headings: dict[str, str] = {}
    lanes: dict[int, str] = {}
    odd: dict[int, str] = {}
    for column in range(grid.width):
        below = grid.rows[second][column] if second else ""
        group, own = kind_of(tops[column]), grid.rows[row][column]
        heading = own if kind_of(own) in ("number", "step") else below or own
        kind = kind_of(heading)
        early = group == "quality" and not any(one in columns for one in QUALITY)  # a copy moved the groups
        if kind and kind != "quality" and not (kind == "actors" and below) and kind not in columns:
            if kind == "actors" and second and _has_lanes(grid, second, tops, column):
                continue
            columns[kind], headings[kind] = column, flat(heading)
        elif heading and ((below and (early or group in ("actors", ""))) or (not below and group == "")):
            lanes[column] = flat(heading)
        elif heading and kind not in ("quality", "actors"):
            odd[column] = flat(heading)
    if second is None:
        lanes, others = _told_by_marks(grid, body, lanes)
        odd |= others
    if "step" not in columns:
        return None
    return Table(grid, row, body, columns, lanes, headings, odd)


def _is_second(grid: Grid, row: int) -> bool:
    """True where the row below a head's first names lanes or standards under their groups."""
    upper, lower = grid.rows[row], grid.rows[row + 1]
    if numbering(lower) or not any(lower):
        return False
    if len([cell for cell in lower if kind_of(cell) in QUALITY]) > 1 and not any(map(_lane_mark, lower)):
        return True  # whatever a copy left in the columns that the upper row has named already
    fixed = [column for column, cell in enumerate(upper) if kind_of(cell) in ("number", "step")]
    if any(lower[column] and kind_of(lower[column]) != kind_of(upper[column]) for column in fixed):
        return False
    kinds = {kind_of(cell) for cell in lower if cell}
    groups = {kind_of(cell) for cell in upper}
    return bool(kinds & {*QUALITY}) or ("actors" in groups and not all(is_mark(cell) for cell in lower if cell))


def _lane_mark(cell: str) -> bool:
    return bool(cell) and cell.casefold() in ("x", "v", "✓", "●", "■", "mulai")


def _repeats(grid: Grid, head: int, row: int) -> bool:
    """True for a further row of the same head (a cell merged downwards that a file repeats)."""
    said = {compact(cell) for cell in grid.rows[row] if cell}
    return bool(said) and said <= {compact(cell) for cell in grid.rows[head]}


def _groups(grid: Grid, row: int, second: int | None) -> list[str]:
    """The upper heading over each column: a group's reaches over the columns to its right that have none."""
    found = []
    current = ""
    for column in range(grid.width):
        own = grid.top(row, column)
        below = grid.rows[second][column] if second else ""
        current = own or (current if below else "")
        found.append(current)
    return found


def _has_lanes(grid: Grid, second: int, tops: list[str], column: int) -> bool:
    """True where the group that begins in this column has names below it."""
    reach = takewhile(lambda one: tops[one] == tops[column], range(column, grid.width))
    return any(grid.rows[second][one] for one in reach)


def _told_by_marks(grid: Grid, body: int, lanes: dict[int, str]) -> tuple[dict[int, str], dict[int, str]]:
    """In a head of one row the lanes are the unknown columns that hold marks; those that hold texts stay unknown."""
    told: dict[int, str] = {}
    odd: dict[int, str] = {}
    for column, label in lanes.items():
        cells = [row[column] for row in grid.rows[body:] if row[column]]
        marked = sum(is_mark(cell) for cell in cells)
        (told if marked >= 0.5 * len(cells) else odd)[column] = label
    return told, odd
