from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sopwrap.working_days import DAY, WorkingDays

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
FIVE = frozenset(range(5))


def local(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def days(*holidays: str, zone: ZoneInfo = WIB, every: bool = False, week: frozenset[int] = FIVE) -> WorkingDays:
    return WorkingDays(zone, week, frozenset(date.fromisoformat(one) for one in holidays), every)


@pytest.mark.parametrize(
    ("begun", "allowed", "limit"),
    [
        ("2026-05-06 16:00", DAY, "2026-05-07 16:00"),
        ("2026-05-08 16:00", DAY, "2026-05-11 16:00"),  # over a weekend
        ("2026-05-13 10:00", DAY, "2026-05-15 10:00"),  # over a holiday
        ("2026-05-09 10:00", DAY, "2026-05-12 00:00"),  # opened on a Saturday: Monday is the day
        ("2026-05-14 10:00", 2 * DAY, "2026-05-19 00:00"),  # opened on a holiday
        ("2026-04-30 09:00", 3 * DAY, "2026-05-06 09:00"),  # over a month's end, Labour Day and a weekend
        ("2026-05-08 16:55", timedelta(minutes=15), "2026-05-08 17:10"),
        ("2026-05-09 10:00", timedelta(hours=2), "2026-05-09 12:00"),  # hours are hours, on a Saturday too
        ("2026-05-08 23:00", DAY + timedelta(hours=2), "2026-05-12 01:00"),
        ("2026-12-31 08:00", DAY, "2027-01-04 08:00"),
    ],
)
def test_a_limit_lies_on_days_that_count(begun: str, allowed: timedelta, limit: str) -> None:
    office = days("2026-05-01", "2026-05-14", "2027-01-01")
    assert office.limit(local(begun), allowed) == local(limit)


def test_the_limit_is_the_moment_at_which_the_allowed_time_has_passed() -> None:
    office = days("2026-05-14")
    for hour in range(0, 24 * 14, 5):
        begun = local("2026-05-07 03:30") + timedelta(hours=hour)
        for allowed in (DAY, 2.5 * DAY, 7 * DAY):
            limit = office.limit(begun, allowed)
            assert office.elapsed(begun, limit) == allowed
            assert office.elapsed(begun, limit - timedelta(seconds=1)) < allowed


def test_a_day_begins_at_midnight_of_the_offices_zone() -> None:
    """Friday 8 May, 16.30 UTC: still Friday in Jakarta (23.30), already Saturday in Makassar (00.30) and Jayapura."""
    moment = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
    later = moment + timedelta(hours=1)
    assert days(zone=WIB).elapsed(moment, later) == timedelta(minutes=30)
    assert days(zone=WITA).elapsed(moment, later) == timedelta()
    assert days(zone=WIT).elapsed(moment, later) == timedelta()
    assert days(zone=WITA).limit(moment, DAY) == local("2026-05-12 00:00", WITA)


def test_an_office_may_have_another_week_or_count_every_day() -> None:
    friday = local("2026-05-08 08:00")
    assert days(week=frozenset({0, 1, 2, 3, 4, 5})).limit(friday, DAY) == local("2026-05-09 08:00")
    assert days("2026-05-09", every=True).limit(friday, DAY) == local("2026-05-09 08:00")


def test_no_time_passes_backwards_or_on_days_that_do_not_count() -> None:
    office = days()
    saturday = local("2026-05-09 08:00")
    assert office.elapsed(saturday, saturday + timedelta(hours=30)) == timedelta()
    assert office.elapsed(saturday, saturday - DAY) == timedelta()
