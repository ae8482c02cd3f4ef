"""Dates, times, numbers and durations as an Indonesian office writes them.

Pure functions without a locale library: the names of days and months, the thousands dot and the decimal
comma never follow the machine's LANG. Times come in as UTC and go out in the office's own zone, named by
zoneinfo (WIB, WITA, WIT).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))
ISO_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
PERIOD_WORDS = ("tahun", "bulan", "minggu", "hari", "jam", "menit", "detik")


def long_date(day: date) -> str:
    """``8 Mei 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock(moment: datetime, zone: str) -> str:
    """``14.05 WIB``: the time of a UTC moment in the zone, with the zone's own short name."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%H.%M} {local.tzname()}"


def date_time(moment: datetime, zone: str) -> str:
    """``8 Mei 2026 pukul 14.05 WIB``."""
    return f"{long_date(local_date(moment, zone))} pukul {clock(moment, zone)}"


def short_date_time(moment: datetime, zone: str) -> str:
    """``08-05-2026 14.05`` for narrow table cells; the head of the table names the zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%d-%m-%Y %H.%M}"


def local_date(moment: datetime, zone: str) -> date:
    """The calendar day of a UTC moment in the zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def zone_name(moment: datetime, zone: str) -> str:
    """``WIB``, ``WITA`` or ``WIT`` (or whatever the zone calls itself at that moment)."""
    return moment.astimezone(ZoneInfo(zone)).tzname() or zone


def terbilang(number: int) -> str:
    """A whole number in words (``2026`` → ``dua ribu dua puluh enam``), correct up to 999 trillion."""
    if number < 0:
        return "minus " + terbilang(-number)
    return " ".join(_words(number)) or "nol"


def _words(number: int) -> list[str]:
    for scale, name in SCALES:
        if number >= scale:
            return [*_words(number // scale), name, *_words(number % scale)]
    if number >= 2000:
        return [*_words(number // 1000), "ribu", *_words(number % 1000)]
    if number >= 1000:
        return ["seribu", *_words(number - 1000)]
    if number >= 200:
        return [UNITS[number // 100], "ratus", *_words(number % 100)]
    if number >= 100:
        return ["seratus", *_words(number - 100)]
    if number >= 20:
        return [UNITS[number // 10], "puluh", *_words(number % 10)]
    if number >= 12:
        return [UNITS[number - 10], "belas"]
    return [UNITS[number]] if number else []


def counted(number: int) -> str:
    """``2 (dua)``: how an office writes a count that matters."""
    return f"{number} ({terbilang(number)})"


def number(value: float, decimals: int = 0) -> str:
    """``1.234,56``: dot for thousands, comma for decimals."""
    return f"{value:,.{decimals}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def size(count: int | None) -> str:
    """Bytes for people: ``1,46 MB`` (1 MB = 1.000.000 bytes); a dash where nothing was measured."""
    if count is None:
        return "–"
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if round(value, 2) < 1000:
            return f"{number(value, 2)} {unit}"
    return f"{number(value / 1000, 2)} TB"


def span(seconds: float) -> str:
    """A measured duration in its two largest units: ``2 hari 4 jam``, ``3 menit 20 detik``."""
    if seconds < 1:
        return "kurang dari 1 detik"
    rest = round(seconds)
    parts: list[tuple[int, str]] = []
    for length, word in ((86400, "hari"), (3600, "jam"), (60, "menit"), (1, "detik")):
        count, rest = divmod(rest, length)
        if count or parts:
            parts.append((count, word))
    return " ".join(f"{count} {word}" for count, word in parts[:2] if count)


def period(text: str | None) -> str:
    """An ISO 8601 duration in words (``P1DT4H`` → ``1 hari 4 jam``); what is not one is returned as it stands."""
    if not text:
        return "–"
    match = ISO_DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return text
    return " ".join(f"{int(count)} {word}" for count, word in zip(match.groups(), PERIOD_WORDS, strict=True) if count)


def standard_time(time: timedelta | None, text: str | None) -> str:
    """A step's standard time: the paper's own words, else the duration; empty where it states none."""
    if text:
        return text
    return "" if time is None else span(time.total_seconds())


def opening(moment: datetime, zone: str, place: str, dated: str | None = None) -> str:
    """The opening of a Berita Acara, with the date in words and figures, the time and the place.

    ``dated`` is the day a person gave the paper (ISO); where it is not the day of ``moment`` the time is left
    blank to be written in, since nobody entered one.
    """
    measured = local_date(moment, zone)
    day = _iso_date(dated) or measured
    time = clock(moment, zone) if day == measured else f"………… {zone_name(moment, zone)}"
    return (
        f"Pada hari ini, {DAYS[day.weekday()]}, tanggal {terbilang(day.day).title()} bulan {MONTHS[day.month - 1]} "
        f"tahun {terbilang(day.year).title()} ({day:%d-%m-%Y}), pukul {time}, bertempat di {place}, "
        "kami yang bertanda tangan di bawah ini:"
    )


def entered_date(text: str) -> str:
    """A date a person entered: an ISO date as ``8 Mei 2026``, anything else as they wrote it."""
    day = _iso_date(text)
    return long_date(day) if day else text


def _iso_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
