"""When somebody has to wake `sopwrap run --due`, in the words of systemd and of cron. Pure.

Waking is all it is: what is due, and whether a period was missed, `run --due` finds out by itself from the ledger. So a
moment too many is harmless, and what a calendar cannot say (every ten days) is woken every day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE = re.compile(r"P(?:(?P<years>\d+)Y|(?P<months>\d+)M|(?P<weeks>\d+)W|(?P<days>\d+)D)")
_SHORT = 28
"""The last day every month has."""


@dataclass(frozen=True)
class Moment:
    """One recurring moment in ``zone``. ``months``, ``days`` (of the month) and ``weekday`` (0 Monday) null: any."""

    at: time
    zone: str
    months: tuple[int, ...] | None = None
    days: tuple[int, ...] | None = None
    weekday: int | None = None


def moment(every: str, starts: date, at: time, zone: str) -> Moment:
    """When a period (ISO 8601, such as P1D, P1W, P3M, P1Y) begins, counted from ``starts`` at ``at``."""
    found = _ONE.fullmatch(every)
    length = {key: int(value) for key, value in found.groupdict().items() if value} if found else {}
    months = length.get("years", 0) * 12 + length.get("months", 0)
    if months:
        return Moment(at, zone, months=_months(starts.month, months), days=_days(starts.day))
    if length.get("weeks") == 1 or length.get("days") == 7:
        return Moment(at, zone, weekday=starts.weekday())
    return Moment(at, zone)


def _months(first: int, every: int) -> tuple[int, ...] | None:
    """The months of a year; all of them for a number of months that no year is a multiple of."""
    if every == 1 or (every < 12 and 12 % every):
        return None
    return tuple(sorted({(first - 1 + step) % 12 + 1 for step in range(0, 12, min(every, 12))}))


def _days(day: int) -> tuple[int, ...]:
    """The day of the month; where not every month has it, all from the last one they have."""
    return (day,) if day <= _SHORT else tuple(range(_SHORT, 32))


def on_calendar(one: Moment) -> str:
    """The moment as systemd's calendar event, in the office's own zone."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    weekday = f"{names[one.weekday]} " if one.weekday is not None else ""
    day = f"*-{_list(one.months)}-{_list(one.days)}"
    return f"{weekday}{day} {one.at:%H:%M}:00 {one.zone}"


def _list(numbers: tuple[int, ...] | None) -> str:
    return "*" if numbers is None else ",".join(f"{number:02d}" for number in numbers)


def cron(one: Moment) -> str:
    """The moment as cron's five fields, in the office's own zone."""
    return _cron(one, one.at, 0)


def cron_utc(one: Moment, on: date) -> str:
    """The moment as cron's five fields in UTC, by the zone's offset on a day (Indonesia's zones keep theirs).

    Where UTC is on another day, days of the month are one apart; the fields then name the days around as well.
    """
    local = datetime.combine(on, one.at, ZoneInfo(one.zone))
    there = local.astimezone(UTC)
    return _cron(one, there.time(), (there.date() - local.date()) // timedelta(days=1))


def _cron(one: Moment, at: time, shift: int) -> str:
    months, days, weekday = one.months, one.days, one.weekday
    if shift and days is not None:
        around = {day + step for day in days for step in (shift, 0)}
        days, months = tuple(sorted(day for day in around if 1 <= day <= 31)), None
        days = (*days, *range(_SHORT, 32)) if min(around) < 1 else days
    if shift and weekday is not None:
        weekday = (weekday + shift) % 7
    week = "*" if weekday is None else str((weekday + 1) % 7)
    fields = [",".join(map(str, numbers)) if numbers else "*" for numbers in (days, months)]
    return f"{at.minute} {at.hour} {fields[0]} {fields[1]} {week}"
