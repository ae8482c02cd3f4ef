from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sopwrap.case import Asset
from sopwrap.history import History
from sopwrap.medium import Medium
from sopwrap.overview import AssetView, calendar, growth, overview, shrinking
from sopwrap.schedules import Schedule
from tests.unit.sopwrap.pasts import NOW, ZONE, past, told

ASSET = Asset(id="arsip", kind="toy", host="srv-a", rpo="P1D", rto="PT4H", stores=["internal", "external"])
MEDIA = {
    "internal": Medium(store="internal", placement="internal"),
    "external": Medium(store="external", placement="external", label="HDD-01"),
    "other": Medium(store="other", placement="internal"),
}


def view(history: History) -> AssetView:
    [found] = overview([ASSET], MEDIA, history, [], NOW).assets
    return found


def test_an_asset_tells_its_newest_point_its_age_when_it_is_due_and_its_times() -> None:
    found = view(past([5, 7]))
    assert found.newest is not None and found.newest.size_bytes == 7
    assert (found.standing.word, found.due_at, found.rto) == ("ok", NOW + timedelta(days=1), timedelta(hours=4))
    assert not found.failing


def test_without_any_point_it_is_late_and_has_no_due_moment() -> None:
    told_of = overview([ASSET], MEDIA, History(ZONE), [], NOW)
    assert [one.asset.id for one in told_of.late] == ["arsip"]
    assert view(History(ZONE)).due_at is None and not view(History(ZONE)).copies.met


def test_a_failure_later_than_the_newest_point_makes_it_failing_until_the_next_backup() -> None:
    history = past([5, 5])
    told(history, "backup", -0.5, outcome="failed", point=None)
    assert view(history).failing
    told(history, "backup", -1)
    assert not view(history).failing


def test_room_that_shrinks_gives_the_day_it_is_gone() -> None:
    history = History(ZONE)
    for days_ago, free in ((3, 1000), (2, 900), (1, 800), (0, 700)):
        told(history, "backup", days_ago, free_bytes=free, store_id="ab12")
    [store] = overview([ASSET], MEDIA, history, [], NOW).stores
    assert (store.free, round(store.lost_a_day or 0)) == (700, 100)
    assert store.full_at is not None and abs(store.full_at - NOW - timedelta(days=7)) < timedelta(minutes=1)


def test_two_days_are_no_trend_and_room_that_grows_is_never_gone() -> None:
    day = date(2026, 5, 1)
    assert shrinking({day: 5, day + timedelta(days=1): 3}) is None
    assert shrinking({day + timedelta(days=number): number for number in range(4)}) == pytest.approx(-1)
    assert growth(past([10, 20, 30]).asset("arsip").points) == pytest.approx(10)
    assert growth(past([10, 20]).asset("arsip").points) is None


def test_what_is_planned_is_laid_out_over_the_rest_of_the_year_and_says_when_an_asset_is_next() -> None:
    monthly = {"procedure": "uji/backup", "every": "P1M", "starts": "2026-01-08", "at": "07:00"}
    weekly = {"procedure": "uji", "every": "P1W", "starts": "2026-05-10", "at": "19:00", "assets": ["lain"]}
    schedules = [Schedule.model_validate(one) for one in (monthly, weekly)]
    ahead = calendar(schedules, [ASSET], ZoneInfo(ZONE), NOW)
    assert date(2026, 5, 8) in ahead.days and date(2026, 12, 8) in ahead.days
    assert not [day for day in ahead.days if day < date(2026, 5, 8) or day.year != 2026]
    assert ahead.next["arsip"] == datetime(2026, 6, 8, 0, 0, tzinfo=UTC), "07.00 WIB of 8 May is past"
    assert ahead.next["lain"] == datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
    [planned] = overview([ASSET], MEDIA, past([5]), [], NOW, ahead).assets
    assert planned.due_at == ahead.next["arsip"]
