"""Which days of an office count towards a standard time, and how much of a span of time falls on them.

The SOPs say "hari" and never whether it is a working day (sop-documents 2.2, no. 15): an office says so in office.yml
(``day``), with its working week and its holidays. A day that counts, counts with its 24 hours: the offices' hours are
in no SOP.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = get_args(Weekday)
USUAL_WEEK = WEEK[:5]
LONGEST = 20000
"""Days (over 50 years) after which a search for a day that counts is given up."""


@dataclass(frozen=True)
class WorkingDays:
    """The days of one office; ``every`` day counts where the office reads "hari" as a calendar day."""

    zone: ZoneInfo
    week: frozenset[int]
    holidays: frozenset[date] = frozenset()
    every: bool = False

    def counts(self, day: date) -> bool:
        """True for a day of the working week that is no holiday."""
        return self.every or (day.weekday() in self.week and day not in self.holidays)

    def elapsed(self, begin: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments falls on days that count; nothing where the end is before."""
        found = timedelta()
        for since, until in self._days(begin):
            if since >= end:
                break
            found += min(until, end) - max(since, begin)
        return found

    def limit(self, begun: datetime, allowed: timedelta) -> datetime:
        """The last moment that keeps a standard: for a day or more, time on days that count; else clock time."""
        if allowed < DAY:
            return begun + allowed
        left = allowed
        for since, until in self._days(begun):
            room = until - max(since, begun)
            if left <= room:
                return max(since, begun) + left
            left -= room
        return datetime.max.replace(tzinfo=UTC)

    def _days(self, begin: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Beginning and end (UTC) of each day that counts, from the day of ``begin`` on."""
        day = begin.astimezone(self.zone).date()
        for _ in range(LONGEST):
            if self.counts(day):
                yield self._midnight(day), self._midnight(day + DAY)
            day += DAY

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
