"""A standard time as offices write it, as a duration: "± 2 hari", "15 menit s.d. 1 jam", "1 (Satu) Hari", "5’"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_SECONDS = {"detik": 1, "menit": 60, "jam": 3600, "hari": 86400, "minggu": 7 * 86400, "bulan": 30 * 86400}
_UNITS = {
    "detik": r"detik|dtk|det|sekon|''|″|”|\"",
    "menit": r"menit|mnt|mnit|men|min|m|'|’|′|`",
    "jam": r"jam|jm|j|h",
    "hari": r"hari\s*kerja|hari\s*kalender|hari|hr|hk",
    "minggu": r"minggu|mgg|mg|pekan",
    "bulan": r"bulan|bln",
}
_WORDS = {
    "setengah": "0.5", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6", "tujuh": "7",
    "delapan": "8", "sembilan": "9", "sepuluh": "10", "sebelas": "11", "seperempat": "0.25",
}  # fmt: skip
_UNIT = "|".join(f"(?P<{name}>{signs})" for name, signs in _UNITS.items())
_PART = re.compile(rf"(?P<count>\d+(?:\.\d+)?)\s*(?:{_UNIT})(?![a-z])")
_BETWEEN = re.compile(r"\s*(?:s\.?\s*/?\s*d\.?|sampai(?:\s+dengan)?|hingga|-|–|—)\s*(?=\d)")
_ABOUT = re.compile(
    r"±|~|\+/-|kurang\s+lebih|sekitar|kira-kira|maks(?:imal|imum)?\.?|paling\s+lama|paling\s+lambat|selambat-lambatnya|"
    r"min(?:imal|imum)\b\.?|≤|<=?|>=?|≥|rata-rata"
)


@dataclass(frozen=True)
class Reading:
    """What a text says: its duration (null where it states none), and why that is not the whole of it."""

    time: timedelta | None
    doubt: str = ""


def read_time(text: str, unit: str = "") -> Reading:
    """Return the duration a text states; ``unit`` (menit, jam, hari…) is the column's own, for bare numbers.

    A range counts with its upper bound. What is no duration (segera, 08.00) has none; the text itself is kept
    by the caller in every case.
    """
    said = _plain(text)
    if not said.strip("-–— ."):
        return Reading(None)
    about, said = bool(_ABOUT.search(said)), " ".join(_ABOUT.sub(" ", said).split())
    if said.startswith("antara "):
        said = re.sub(r"\s+(?:dan|hingga)\s+", " - ", said.removeprefix("antara "))
    bounds = _BETWEEN.split(said)
    seconds, rest = _seconds(bounds[-1], unit)
    if seconds is None:
        return Reading(None, f"the time “{' '.join(text.split())}” is not a duration")
    doubts = ["the upper bound is taken"] if len(bounds) > 1 else []
    doubts += ["the paper gives no exact time"] if about else []
    doubts += [f"“{rest}” is not counted"] if rest else []
    doubts += [f"a {name} is counted as {days} days" for name, days in (("minggu", 7), ("bulan", 30)) if name in said]
    try:
        return Reading(timedelta(seconds=seconds), ", ".join(doubts))
    except OverflowError:
        return Reading(None, "the time is longer than any calendar")


def column_unit(heading: str) -> str:
    """The unit a heading gives its column: ``Waktu (Menit)`` → ``menit``; empty where it names none."""
    found = re.search(r"\b(detik|menit|jam|hari|minggu|bulan)\b", heading.casefold())
    return found[1] if found else ""


def _plain(text: str) -> str:
    """Lower case, numbers in figures, fractions as decimals, a count in words beside one in figures left out."""
    said = " ".join(text.casefold().replace("½", "1/2").replace("¼", "1/4").split())
    said = re.sub(r"\bse(hari|jam|menit|minggu|bulan)\b", r"1 \1", said)
    said = re.sub(r"(?<=\d)\s*\((?:[a-z\s-]+|\d+)\)", "", said)
    said = re.sub(r"\b(" + "|".join(_WORDS) + r")\b", lambda found: _WORDS[found[1]], said)
    said = re.sub(r"\b(\d) puluh(?: (\d))?\b", lambda found: found[1] + (found[2] or "0"), said)
    said = re.sub(r"\b(\d) belas\b", r"1\1", said)
    said = re.sub(r"\b(\d{1,3})\s*[x×]\s*(\d{1,3})(?=\s*[a-z])", lambda found: str(int(found[1]) * int(found[2])), said)
    said = re.sub(r"\b(\d+)\s+(\d)/(\d)\b", lambda f: str(int(f[1]) + int(f[2]) / (int(f[3]) or 1)), said)
    said = re.sub(r"\b(\d{1,3})/([1-9]\d?)(?=\s*[a-z])", lambda f: str(int(f[1]) / int(f[2])), said)
    return re.sub(r"(?<=\d),(?=\d)", ".", said)


def _seconds(said: str, unit: str) -> tuple[float | None, str]:
    """The parts of a duration added up, and the words that are none; null where there is no part."""
    if unit and re.fullmatch(r"\d+(?:\.\d+)?", said):
        return float(said) * _SECONDS[unit], ""
    total, found, rest = 0.0, False, said
    for part in _PART.finditer(said):
        name = next(name for name in _UNITS if part[name])
        total, found = total + float(part["count"]) * _SECONDS[name], True
        rest = rest.replace(part[0], " ", 1)
    left = re.sub(r"\b(dan|kerja)\b|[\s,.;:()]+", " ", rest).strip()
    return (total, left) if found else (None, left)
