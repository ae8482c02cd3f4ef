from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from sopwrap.case import Entry
from sopwrap.schedules import Schedule, due, upcoming

JAKARTA = ZoneInfo("Asia/Jakarta")


def schedule(**more: Any) -> Schedule:
    told = {"procedure": "majalengka/backup", "every": "P1M", "starts": "2026-01-31", "at": "19:00"}
    return Schedule.model_validate(told | more)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opened(trigger: dict[str, Any]) -> Entry:
    return Entry(1, "2026-0001", at("2026-02-01"), "case.opened", None, {"trigger": trigger}, "", "", "")


def test_a_month_is_a_month_of_the_calendar_and_the_hour_is_the_offices() -> None:
    days = [day for day, _ in islice(schedule().moments(JAKARTA), 4)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert next(schedule().moments(JAKARTA))[1] == at("2026-01-31T12:00")
    weekly = [day.day for day, _ in islice(schedule(every="P1W2D", starts="2026-01-01").moments(JAKARTA), 3)]
    assert weekly == [1, 10, 19]


def test_a_period_that_has_a_case_is_not_due_again() -> None:
    found = due(schedule(), JAKARTA, [], at("2026-01-31T12:00"))
    assert found is not None
    assert found.trigger["due_at"] == "2026-01-31T12:00:00.000000Z"
    assert due(schedule(), JAKARTA, [opened(found.trigger)], at("2026-02-28T11:59")) is None
    later = due(schedule(), JAKARTA, [opened(found.trigger)], at("2026-02-28T12:00"))
    assert later is not None
    assert (later.period, later.missed) == (date(2026, 2, 28), ())


def test_nothing_is_due_before_the_first_day() -> None:
    assert due(schedule(), JAKARTA, [], at("2026-01-31T11:59")) is None
    assert upcoming(schedule(), JAKARTA, at("2026-01-31T12:00")) == at("2026-02-28T12:00")


def test_of_several_missed_periods_the_newest_is_opened_and_the_others_are_told_once() -> None:
    found = due(schedule(), JAKARTA, [], at("2026-04-05"))
    assert found is not None
    assert (found.period, found.missed) == (date(2026, 3, 31), (date(2026, 1, 31), date(2026, 2, 28)))
    again = due(schedule(), JAKARTA, [opened(found.trigger)], at("2026-05-05"))
    assert again is not None
    assert again.missed == ()


def test_another_schedules_case_does_not_count() -> None:
    other = due(schedule(assets=["laman"]), JAKARTA, [], at("2026-02-01"))
    assert other is not None
    assert due(schedule(), JAKARTA, [opened(other.trigger)], at("2026-02-01")) is not None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"every": "P0D"}, "not a period"),
        ({"every": "PT1H"}, "not a period"),
        ({"every": "bulanan"}, "not a period"),
        ({"at": "24:00"}, "at"),
        ({"starts": "2026-02-30"}, "starts"),
        ({"procedure": "a/b/c"}, "procedure"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        schedule(**wrong)
