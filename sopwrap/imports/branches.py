"""What a row says of the ways on from it: "jika tidak sesuai kembali ke langkah 3", "Y/T", "Ya: 5, Tidak: 2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sopwrap.imports.marks import NO_LABEL, YES_LABEL

_LEAD = (
    r"(?:\b(?:(?:di)?kembali(?:kan)?|(?:di)?lanjut(?:kan)?|(?:di)?ulang(?:i)?|diteruskan|menuju|ke(?:pada)?|pada|dari|"
    r"proses|langkah|nomor|nomer|no|kegiatan|aktivitas|tahap(?:an)?|prosedur|poin|butir|angka)\b\.?|#)"
)
_TO = rf"(?:(?:\s*(?:[,]|\bmaka\b))*(?:\s*{_LEAD})+|\s*(?:[:=]|→|->|=>)(?:\s*{_LEAD})*)\s*(?P<number>\d{{1,3}})\b"
_WHEN = r"(?:jika|apabila|bila|kalau|dalam hal)"
_IF = re.compile(rf"{_WHEN}\s+(?P<label>[^,;:.→(]+?)" + _TO, re.IGNORECASE)
_SHORT = re.compile(rf"(?<!\w)(?P<label>{NO_LABEL.pattern}|{YES_LABEL.pattern})" + _TO, re.IGNORECASE)
_BACK = re.compile(
    rf"(?:(?:di)?kembali(?:kan)?|(?:di)?ulang(?:i)?)(?:\s*{_LEAD})*\s*(?P<number>\d{{1,3}})\s*,?\s*{_WHEN}\s+(?P<label>[^,;:.→(]+)",
    re.IGNORECASE,
)
_IF_OPEN = re.compile(rf"{_WHEN}\s+(?P<label>[^,;:.→(]+)", re.IGNORECASE)
_PAIR = re.compile(
    r"(?<!\w)(?:y(?:a)?\s*/\s*t(?:idak)?|(?P<yes>sesuai|setuju|lengkap)\s*/\s*tidak(?: (?P=yes))?)(?!\w)", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"\b(?:tidak|tdk|belum|blm|gagal|ditolak|kurang|salah|t|revisi|perbaiki|dikembalikan)\b", re.IGNORECASE
)
_OPPOSITE = {
    "t": "Y",
    "tidak": "ya",
    "tdk": "ya",
    "belum": "sudah",
    "ditolak": "disetujui",
    "gagal": "berhasil",
    "n": "Y",
}
_STOP = re.compile(r"\b(?:ditolak|selesai|berakhir|dihentikan)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Branch:
    """A way on: its label, the printed number it leads to (null where the paper says none).

    ``ends`` is true where its words speak of an end, ``sure`` where the table says so outright.
    """

    label: str
    to: int | None = None
    ends: bool = False
    sure: bool = False


def read_branches(text: str, labels: tuple[str, ...] = ()) -> list[Branch]:
    """The branches a row's words tell of, in the order they stand; ``labels`` are those beside its symbol."""
    found: dict[str, Branch] = {}
    taken: list[tuple[int, int]] = []
    for pattern in (_BACK, _IF, _SHORT):
        for one in pattern.finditer(text):
            if all(one.end() <= start or end <= one.start() for start, end in taken):
                taken.append(one.span())
                label = _label(one["label"])
                found[label] = Branch(label, int(one["number"]))
    opened = [] if found else [_label(one["label"]) for one in _IF_OPEN.finditer(text)]
    opened += [] if found else [part.strip() for one in _PAIR.finditer(text) for part in one[0].split("/")]
    for label in [*opened, *labels]:
        if not any(label.casefold() == known.casefold() for known in found):
            found[label] = Branch(label, ends=bool(_STOP.search(label)))
    return list(found.values())


def negative(label: str) -> bool:
    """True for a label that says no."""
    return bool(_NEGATIVE.search(label))


def opposite(label: str) -> str:
    """The yes that stands against a no ("tidak sesuai" → "sesuai"); "ya" where the words give none."""
    said = label.casefold().strip()
    bare = re.sub(r"\b(?:tidak|tdk|belum|blm)\b\s*", "", label, flags=re.IGNORECASE).strip()
    found = _OPPOSITE.get(said) or (bare if bare and bare.casefold() != said else "ya")
    return found[:1].upper() + found[1:] if label[:1].isupper() else found


def _label(text: str) -> str:
    """A label as it stands, without the words that lead on, at most 60 letters."""
    said = re.sub(
        r"\s+(?:maka|dikembalikan|kembali|dilanjutkan|lanjut|diteruskan|diulang)\b.*",
        "",
        " ".join(text.split()),
        flags=re.IGNORECASE,
    )
    said = re.sub(r"^(ditolak|disetujui) .*", r"\1", said, flags=re.IGNORECASE)
    return said.strip(" -–:.,")[:60].strip() or "ya"
