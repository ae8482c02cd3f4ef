"""What stands in a lane's cell: a cross, a tick, the word of a symbol, what a copy left of a drawn one, a branch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sopwrap.imports.grid import compact, flat

_SIGN = re.compile(r"[xXvV√✓✔☑☒✗✘•●○◯■□▪▫▢⬜◻◼▭▬*oO◇◆◊⬦⬥<>()\[\]{}#^\d./–-]+")
_LINE = re.compile(r"(?:[|│┃¦↓↑→←↔⇓⇒⇐⇑▼▲►◄▶◀↴↳└┘┌┐─—_~\\;:,'`l!]|\\?(?:right|left|down|up)arrow-?|\s|-)+")
_START = {"mulai", "start", "begin", "awal", "mulal", "muiai"}
_END = {"selesai", "end", "finish", "stop", "akhir", "seiesai"}
_BOX = {"kotak", "box", "proses", "process", "persegi", "bigcirc", "circ", "square", "circle"}
_DIAMOND = {"keputusan", "decision", "diamond", "belahketupat", "wajik", "ketupat", "diamondsuit"}
_YES = (
    r"y|ya|yes|setuju|disetujui|sesuai|lengkap|benar|sudah(?: benar| sesuai| lengkap)?|berhasil|ok|oke|valid|memenuhi|"
    r"tersedia|ada"
)
_NO = (
    r"t|no|n|(?:tidak|tdk|belum|blm|kurang)(?: (?:setuju|disetujui|sesuai|lengkap|benar|berhasil|valid|memenuhi|"
    r"tersedia|ada|layak))?|ditolak|gagal|perbaiki|revisi|dikembalikan|salah"
)
_WAY = re.compile(r"(?:(?<=◇)|;|→)\s*([^:;→◇]*?):?\s*\b(\d{1,3}|Selesai)\b(?=\s*(?:;|$))")
_LEADING = re.compile(r"(\d{1,2})\s+(?=\D)")
YES_LABEL = re.compile(_YES)
NO_LABEL = re.compile(_NO)


@dataclass(frozen=True)
class Mark:
    """A lane's cell read: whether it is a symbol for sure, only a line passing by, or words nobody can place.

    ``order`` is a number in it, ``branches`` the labels beside a diamond, ``ways`` a label (or none) with the number
    of the row it leads to (or "Selesai"), ``odd`` the words that are no mark.
    """

    sure: bool = False
    line: bool = False
    start: bool = False
    end: bool = False
    diamond: bool = False
    order: int | None = None
    branches: tuple[str, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    odd: str = ""


def read_mark(text: str) -> Mark | None:
    """Return what a lane's cell says; None where it is empty."""
    said = flat(text)
    if not said:
        return None
    if ways := tuple((one[1].strip(), one[2]) for one in _WAY.finditer(said)):
        number = _LEADING.match(said)
        symbol = said[number.end() :] if number else said
        diamond = "◇" in symbol
        return Mark(True, diamond=diamond, order=int(number[1]) if number else None, ways=ways)
    if (number := _LEADING.match(said)) and (mark := read_mark(said[number.end() :])) and mark.sure:
        return replace(mark, order=int(number[1]))
    words = [compact(word) for word in re.findall(r"[^\W\d_]{2,}", said)]
    start = any(word in _START for word in words)
    end = any(word in _END for word in words)
    diamond = compact(said) in _DIAMOND or bool(re.search(r"[◇◆◊⬦⬥]|<\s*>", said)) or any(w in _DIAMOND for w in words)
    branches = _branches(said)
    if start or end or diamond or branches or compact(said) in _BOX or any(word in _BOX for word in words):
        return Mark(True, start=start, end=end, diamond=diamond or bool(branches), branches=branches)
    if re.fullmatch(r"\(?(\d{1,2})[.)]?", said):
        return Mark(True, order=int(re.sub(r"\D", "", said)))
    if _LINE.fullmatch(said):
        return Mark(line=True)
    if _SIGN.fullmatch(said.replace(" ", "")):
        return Mark(True)
    return Mark(odd=said)


def is_mark(text: str) -> bool:
    """True for a cell that can stand in a lane's column (empty ones do)."""
    mark = read_mark(text)
    return mark is None or not mark.odd


def _branches(said: str) -> tuple[str, ...]:
    """The labels of branches in a cell: "Y / T", "◇ Ya Tidak", "Belum benar"."""
    pieces = [" ".join(piece.split()) for piece in re.split(r"[/|,;◇◆◊<>()→↓←]|\n|\s{2,}", said)]
    found = [piece for piece in pieces if _label(piece)]
    if found or not (
        pair := re.fullmatch(r"(?i)(ya|y|sesuai|lengkap|setuju)\s+(tidak(?: \w+)?|t)", said.strip("◇◆◊ "))
    ):
        return tuple(found) if found and not re.fullmatch("[xXvVoO]", said) else ()
    return (pair[1], pair[2])


def _label(piece: str) -> bool:
    said = piece.casefold()
    return bool(YES_LABEL.fullmatch(said) or NO_LABEL.fullmatch(said))
