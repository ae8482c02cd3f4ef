"""Sizes, numbers of things, spans of time and lists as the command line says them (in English; papers have others)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def size(count: int | None) -> str:
    """Bytes with three significant digits and a decimal unit, as on the papers; a dash where it is not known."""
    if count is None:
        return "-"
    value, unit = float(count), 0
    while float(f"{value:.3g}") >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {_UNITS[unit]}" if value < 1000 else f"{value:.0f} {_UNITS[unit]}"


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


def gathered(told: Mapping[str, str], most: int = 10) -> list[str]:
    """Given what is told of each name, tell it once where it is the same but for the name: ``a and 2 more: why``.

    After ``most`` different things only how many names are left.
    """
    alike: dict[str, list[str]] = {}
    for name, why in told.items():
        alike.setdefault(why.replace(name, ""), []).append(name)
    groups = list(alike.values())
    said = [f"{one[0]}{f' and {len(one) - 1} more' if one[1:] else ''}: {told[one[0]]}" for one in groups[:most]]
    left = sum(map(len, groups[most:]))
    return said + ([f"{left} more for other reasons"] if left else [])
