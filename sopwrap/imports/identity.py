"""The identity block above a procedure's table: number, dates, who put it in force, the lists of its boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sopwrap.imports.grid import Grid, compact, flat
from sopwrap.imports.rows import items
from sopwrap.indonesian import MONTHS

FIELDS = {
    "number": r"(no|nomor)(sop|dokumen|prosedur|dok)?",
    "created": r"(tanggal|tgl)(pembuatan|dibuat|penyusunan)",
    "revised": r"(tanggal|tgl)revisi",
    "effective": r"(tanggal|tgl)(efektif|mulaiberlaku)",
    "in_force": r"(tanggal|tgl)(berlaku|terbit|pengesahan|ditetapkan|penetapan)",
    "revision": r"(no|nomor)?revisi(ke)?|edisirevisi",
    "approver": r"(disahkan|ditetapkan|disetujui)(oleh)?",
    "title": r"(nama|judul)(sop|prosedur|dokumen)?",
}
LISTS = {
    "legal_basis": r"dasarhukum|landasanhukum",
    "qualifications": r"kualifikasi(pelaksana)?",
    "related_sops": r"keterkaitan(sop|dengansoplain)?|sopterkait",
    "equipment": r"(peralatan|perlengkapan)(dan|atau)?(perlengkapan|peralatan)?|alatdanbahan",
    "warnings": r"peringatan",
    "records": r"pencatatan(dan(pendataan|pendaftaran))?",
    "purpose": r"\d*(maksuddan)?tujuan",
    "scope": r"\d*(ruang|luas)?lingkup",
    "definitions": r"\d*(definisi|pengertian)",
    "users": r"\d*pengguna",
    "related_documents": r"\d*(dokumen|unit)terkait",
    "references": r"\d*(referensi|kebijakan)",
}
_IGNORED = re.compile(r"halaman|unitkerja|logo|kodedokumen|tandatangan|cap|ttd")
_ORGAN = re.compile(
    r"(pemerintah|kementerian|dinas|badan|sekretariat|universitas|institut|politeknik|sekolah|rumah sakit|rsud|uptd?|"
    r"puskesmas|klinik|sma|smk|smp|sd|man|mts|madrasah|kecamatan|kelurahan|desa|direktorat|pusat|fakultas|kantor|bagian|"
    r"inspektorat|lembaga|kabupaten|kota|provinsi|perpustakaan|yayasan|komisi|balai)\b",
    re.IGNORECASE,
)
_SHORT_MONTHS = {month[:3].casefold(): number for number, month in enumerate(MONTHS, 1)} | {
    "agt": 8, "ags": 8, "nop": 11, "peb": 2, "des": 12, "dec": 12, "aug": 8, "may": 5, "oct": 10,
}  # fmt: skip


@dataclass
class Found:
    """What the block says: plain fields, lists, letterhead, and what could not be read."""

    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    letterhead: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_identity(grid: Grid, end: int, found: Found) -> None:
    """Add to ``found`` what the grid's rows before ``end`` and the lines before the table say; the first word wins."""
    for line in grid.heading:
        _line(line, found)
    for row in range(end):
        for column in range(grid.width):
            if grid.rows[row][column]:
                _cell(grid, row, column, end, found)


def identity_of(found: Found, fallback: str) -> dict[str, Any]:
    """The identity as the SOP's schema wants it; ``fallback`` is the title where none is printed."""
    dates = {}
    for name in ("created", "revised", "effective", "in_force"):
        said = found.fields.get(name, "")
        day = read_date(said)
        if day:
            dates[name] = day.isoformat()
        elif said.strip("-–. …"):
            found.notes.append(f"identity.dates.{name}: “{said}” is not a date")
    title = found.fields.get("title", "")
    if not title:
        found.notes.append("identity.title: not found in the file; its name is taken")
    revision = re.search(r"\d+", found.fields.get("revision", ""))
    identity = {
        "letterhead": found.letterhead,
        "number": found.fields.get("number") or None,
        "title": title or fallback,
        "revision": int(revision[0]) if revision and len(revision[0]) < 6 else None,
        "dates": dates,
        "approvers": _approver(found.fields.get("approver", "")),
    }
    return {key: value for key, value in identity.items() if value not in (None, {}, [])} | {
        "letterhead": found.letterhead
    }


def read_date(text: str) -> date | None:
    """A day as papers write it: ``14 Januari 2025``, ``14-01-2025``, ``2025-01-14``; None for anything else."""
    said = " ".join(text.split())
    if full := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})\b", said):
        parts = (int(full[1]), int(full[2]), int(full[3]))
    elif numeric := re.search(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b", said):
        parts = (int(numeric[3]), int(numeric[2]), int(numeric[1]))
    elif named := re.search(r"\b(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})\b", said):
        parts = (int(named[3]), _SHORT_MONTHS.get(named[2].casefold(), 0), int(named[1]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _approver(text: str) -> list[dict[str, str]]:
    """The head's post, name and NIP of the box "Disahkan oleh"; an empty box gives nobody."""
    lines = [line for line in text.split("\n") if line.strip(" .…_-")]
    if not lines:
        return []
    found = {"role": "disahkan"}
    for line in lines:
        if number := re.search(r"\d(?:\s?\d){17}", line):
            found["nip"] = re.sub(r"\s", "", number[0])
    rest = [line for line in lines if not re.match(r"(?i)nip\b|nrp\b|\d[\d\s]{17}", line)]
    rest = [re.sub(r"(?i)\s*nip\.?\s*[:.]?\s*\d[\d\s]*$", "", line).strip() for line in rest]
    found["post"] = " ".join(rest[:-1]) if len(rest) > 1 else (rest[0] if rest else "")
    if len(rest) > 1:
        found["name"] = rest[-1]
    return [found]


def _named(text: str, names: dict[str, str]) -> str:
    said = compact(text)
    return next((name for name, words in names.items() if said and re.fullmatch(words, said)), "")


def _line(line: str, found: Found) -> None:
    """A line of text before the table: "Label: value", an organ of the letterhead, or a title."""
    label, colon, value = line.partition(":")
    name = _named(label, FIELDS)
    if colon and name:
        found.fields.setdefault(name, flat(value))
    elif colon and (listed := _named(label, LISTS)):
        found.lists.setdefault(listed, []).extend(items(value.strip()))
    else:
        _free(line, found)


def _free(text: str, found: Found) -> None:
    """Text without a label: lines of the letterhead, or the title where it says that it is an SOP's."""
    for line in text.split("\n"):
        if re.match(r"(?i)(sop|standar operasional|standard operating|prosedur tetap|protap)\b", line):
            found.fields.setdefault("title", line)
        elif _of_letterhead(line, found):
            found.letterhead.append(line)


def _of_letterhead(line: str, found: Found) -> bool:
    """True for an organ's name, or capitals before any label; the title of a table below is neither."""
    if re.match(r"(?i)(prosedur|alur|bagan|flow ?chart)\b", line) or line in found.letterhead:
        return False
    named = bool(_ORGAN.match(line)) or (line.isupper() and not found.fields)
    return named and len(line) < 100 and len(found.letterhead) < 6


def _cell(grid: Grid, row: int, column: int, end: int, found: Found) -> None:
    text = grid.rows[row][column]
    first, _, rest = text.partition("\n")
    label, colon, beside = first.partition(":")
    inside = "\n".join(part for part in (beside.strip(), rest) if part)
    if name := _named(label, FIELDS):
        value = inside or _right(grid, row, column) or (_below(grid, row, column, end) if name == "approver" else "")
        if value or colon or name != "title":
            found.fields.setdefault(name, value if name == "approver" else flat(value))
            found.labels.setdefault(name, flat(label))
    elif name := _named(label, LISTS):
        texts = items(inside) or items(_right(grid, row, column)) or tuple(_column(grid, row, column, end))
        found.lists.setdefault(name, []).extend(_joined(texts))
        found.labels.setdefault(name, flat(label))
    elif not _value(grid, row, column):
        _free(text, found)


def _label(grid: Grid, row: int, column: int) -> str:
    first = grid.rows[row][column].partition("\n")[0].partition(":")[0]
    return _named(first, FIELDS) or _named(first, LISTS) or ("-" if _IGNORED.fullmatch(compact(first)) else "")


def _value(grid: Grid, row: int, column: int) -> bool:
    """True for a cell that is the value of a label to its left."""
    left = next((one for one in range(column - 1, -1, -1) if grid.rows[row][one].strip(" :")), None)
    return left is not None and bool(_label(grid, row, left))


def _right(grid: Grid, row: int, column: int) -> str:
    """The next text to the right, unless that is a label too."""
    for one in range(column + 1, grid.width):
        said = grid.rows[row][one].lstrip(" :")
        if said:
            return "" if _label(grid, row, one) else said
    return ""


def _below(grid: Grid, row: int, column: int, end: int) -> str:
    return "\n".join(_column(grid, row, column, end))


def _column(grid: Grid, row: int, column: int, end: int) -> Iterator[str]:
    """The texts below a label, up to the next row with a label in it."""
    for below in range(row + 1, end):
        if any(grid.rows[below][one] and _label(grid, below, one) for one in range(grid.width)):
            return
        yield from items(grid.rows[below][column])


def _joined(texts: tuple[str, ...]) -> list[str]:
    """A box's lines as its points, without the list's own numbers; a line that has none goes on the one before."""
    numbered: list[re.Match[str] | None] = []
    for line in texts:
        place = sum(mark is not None for mark in numbered) + 1
        numbered.append(re.match(rf"\(?(?:\d{{1,2}}(?:\.\d+)*|[a-z])[.)]\s+|{place}\s+(?=[A-Z])", line))
    if not any(numbered):
        return list(texts)
    found: list[str] = []
    for line, mark in zip(texts, numbered, strict=True):
        if mark or not found:
            found.append(line[mark.end() :] if mark else line)
        else:
            found[-1] = f"{found[-1]} {line}"
    return [line for line in found if line]
