"""Sizes, numbers of things and spans of time as the command line says them (in English; papers have other words)."""

from __future__ import annotations

from datetime import timedelta

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def size(count: int | None) -> str:
    """Bytes with a binary unit and three significant digits; a dash where the number is not known."""
    if count is None:
        return "-"
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return (
        f"{count} B" if unit == 0 else f"{value:.3g} {_UNITS[unit]}" if value < 1000 else f"{value:.0f} {_UNITS[unit]}"
    )


def count(number: int, one: str, many: str = "") -> str:
    """A number of things, by the word for one of them; the word for several where an s does not make it."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def span(time: timedelta) -> str:
    """A span in its two largest units: 3 d 4 h, 5 min 10 s, 12 s."""
    seconds = max(0, round(time.total_seconds()))
    parts = []
    for name, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, seconds = divmod(seconds, length)
        parts.append((number, name))
    start = next((index for index, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(
        f"{number} {name}" for number, name in parts[start : start + 2] if number or len(parts[start:]) == 1
    )
