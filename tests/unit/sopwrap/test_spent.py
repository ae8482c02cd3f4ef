from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sopwrap.case import Round, Run
from sopwrap.papers.spent import Measure, Spent, parts, spent
from sopwrap.working_days import WorkingDays
from tests.unit.sopwrap.cases import person

NINE = datetime(2026, 5, 8, 2, 0, tzinfo=UTC)  # Friday, 09.00 WIB
DAYS = WorkingDays(ZoneInfo("Asia/Jakarta"), frozenset(range(5)))
CLOCK, COUNTED = Measure(DAYS, counted=False), Measure(DAYS, counted=True)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def work(begin: float, end: float) -> Run:
    return Run(NINE + minutes(begin), finished_at=NINE + minutes(end), outcome="ok")


def one(took: float, *runs: Run, began: float | None = None, by: str | None = "rina") -> Round:
    return Round(
        1,
        NINE,
        finished_at=NINE + minutes(took),
        method="stated" if by else "machine",
        actor=person(by) if by else None,
        began_at=None if began is None else NINE + minutes(began),
        runs=runs,
        machine_seconds=sum(run.seconds for run in runs),
    )


def test_the_machines_work_is_what_was_measured_and_the_rest_was_waiting() -> None:
    assert spent(one(30, work(5, 10), work(20, 25), by=None), CLOCK) == Spent(waiting=minutes(20), machine=minutes(10))


def test_without_a_word_about_the_beginning_nothing_is_divided() -> None:
    assert spent(one(30, work(5, 10)), CLOCK) == Spent(undivided=minutes(25), machine=minutes(5))


def test_from_the_stated_beginning_on_it_is_the_persons_work_but_for_the_machines() -> None:
    assert spent(one(60, work(5, 10), work(40, 45), began=30), CLOCK) == Spent(
        waiting=minutes(25), hand=minutes(25), machine=minutes(10)
    )


def test_a_weekend_between_is_no_waiting_where_working_days_count() -> None:
    over = one(3 * 24 * 60)
    assert spent(over, COUNTED).undivided == minutes(24 * 60)
    assert spent(over, CLOCK).undivided == minutes(3 * 24 * 60)
    assert COUNTED.words(minutes(24 * 60)) == "1 hari kerja"
    assert Measure(WorkingDays(DAYS.zone, DAYS.week, every=True), True).words(minutes(24 * 60)) == "1 hari"


def test_what_took_less_than_a_day_is_told_as_the_clock_showed_it() -> None:
    saturday = NINE + timedelta(days=1)
    assert COUNTED.of(saturday, saturday + minutes(180)) == minutes(180)


def test_a_round_that_has_not_ended_has_no_parts_and_parts_under_a_second_are_left_out() -> None:
    assert spent(Round(1, NINE), CLOCK) == Spent()
    assert parts(Spent(waiting=minutes(2), machine=timedelta(milliseconds=400)), CLOCK) == [("menunggu", "2 menit")]


def test_the_parts_make_up_the_whole() -> None:
    for began in (None, 0, 7, 30, 44):
        told = spent(one(60, work(5, 10), work(40, 45), began=began), CLOCK)
        assert told.waiting + told.hand + told.machine + told.undivided == minutes(60), began
