"""The calendar of a year: what was done on each day, and what is planned on those to come."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sopwrap.history import Day


@dataclass(frozen=True)
class Square:
    """One day: ``state`` is good, bad, mixed, planned or empty; ``case`` the last case that had anything that day."""

    day: date
    state: str
    case: str | None = None
    today: bool = False


@dataclass(frozen=True)
class Month:
    """A month: ``lead`` empty squares, so that its first day stands under its weekday (Monday first)."""

    number: int
    lead: int
    squares: tuple[Square, ...]


def year_of(today: date, days: Mapping[date, Day], planned: Collection[date] = ()) -> list[Month]:
    """The twelve months of the year of ``today``."""
    months = []
    for number in range(1, 13):
        lead, length = calendar.monthrange(today.year, number)
        squares = [_square(date(today.year, number, day), today, days, planned) for day in range(1, length + 1)]
        months.append(Month(number, lead, tuple(squares)))
    return months


def _square(day: date, today: date, days: Mapping[date, Day], planned: Collection[date]) -> Square:
    told = days.get(day)
    if told is None or not (told.good or told.bad):
        return Square(day, "planned" if day in planned and day >= today else "", None, day == today)
    state = "good" if not told.bad else "mixed" if told.good else "bad"
    return Square(day, state, told.cases[-1] if told.cases else None, day == today)
