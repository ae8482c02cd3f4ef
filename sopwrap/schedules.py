"""Schedules: when a procedure is due, by office.yml and the calendar. Pure; what was opened already, the ledger says.

A period is the span between two due moments and is named by the day it begins. A schedule opens a case once a period;
where several were missed, the newest alone is opened and the others are told.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from sopwrap.models import Model, shape
from sopwrap.records import stamp

if TYPE_CHECKING:
    from sopwrap.case import Entry

CLOCK = shape(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", 'an hour such as "19:00", in quotes')
_EVERY = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?")


def _every(text: str) -> str:
    if not (found := _EVERY.fullmatch(text)) or not any(int(part or 0) for part in found.groups()):
        raise ValueError(f"{text} is not a period of days, weeks, months or years such as P1M, P1W or P1D")
    return text


class Schedule(Model):
    """One line of the office's plan: every so often from a day on, at an hour of its clock; no ``assets`` means all."""

    procedure: Annotated[str, shape(r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)?$", "an SOP or SOP/PROCEDURE")]
    every: Annotated[str, AfterValidator(_every)]
    starts: date
    at: Annotated[str, CLOCK]
    assets: list[str] = []

    @property
    def name(self) -> str:
        """What tells it from the office's other schedules."""
        return " ".join([self.procedure, self.every, self.starts.isoformat(), *sorted(self.assets)])

    def moments(self, zone: ZoneInfo) -> Iterator[tuple[date, datetime]]:
        """Every due day with its moment in UTC, from the first on, without end."""
        years, months, weeks, days = (int(part or 0) for part in _EVERY.fullmatch(self.every).groups())  # type: ignore[union-attr]
        count = 0
        while True:
            day = later(self.starts, count * (12 * years + months)) + timedelta(days=count * (7 * weeks + days))
            yield day, datetime.combine(day, time.fromisoformat(self.at), zone).astimezone(UTC)
            count += 1


@dataclass(frozen=True)
class Due:
    """A schedule whose newest period has come and has no case; ``missed`` are older periods that never had one."""

    schedule: Schedule
    period: date
    due_at: datetime
    missed: tuple[date, ...] = ()

    @property
    def trigger(self) -> dict[str, Any]:
        """What the case's first line keeps of it."""
        return {
            "kind": "schedule",
            "schedule": self.schedule.name,
            "period": self.period.isoformat(),
            "due_at": stamp(self.due_at),
            "missed": [day.isoformat() for day in self.missed],
        }


def due(schedule: Schedule, zone: ZoneInfo, opened: Iterable[Entry], now: datetime) -> Due | None:
    """Given every line that opened a case, return what is due at a moment; None where nothing is."""
    done = set()
    for line in opened:
        trigger = line.data.get("trigger") or {}
        if trigger.get("schedule") == schedule.name:
            done |= {trigger["period"], *trigger.get("missed", [])}
    come: list[tuple[date, datetime]] = []
    for day, moment in schedule.moments(zone):
        if moment > now:
            break
        come.append((day, moment))
    if not come or come[-1][0].isoformat() in done:
        return None
    missed = tuple(day for day, _ in come[:-1] if day.isoformat() not in done)
    return Due(schedule, *come[-1], missed)


def upcoming(schedule: Schedule, zone: ZoneInfo, now: datetime) -> datetime:
    """The next moment at which the schedule will be due."""
    return next(moment for _, moment in schedule.moments(zone) if moment > now)


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
