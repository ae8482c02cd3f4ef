from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sopwrap.monitoring import figures, half_year
from tests.unit.sopwrap import cases, views

ON = date(2026, 6, 2)


def test_every_procedure_is_counted_from_its_own_cases() -> None:
    case = cases.finished()
    stopped = replace(cases.until("l4", "stopped"), id="2026-0002")
    (found,) = figures([case.sop], [case, stopped], ON)
    assert found.cases == ("2026-0001", "2026-0002")
    assert (found.done, found.stopped, found.running) == (1, 1, 0)
    assert (found.held, found.sent_back) == (1, 2)


def test_a_procedure_nobody_has_carried_out_counts_nothing() -> None:
    (found,) = figures([cases.finished().sop], [], ON)
    assert (found.cases, found.done, found.late) == ((), 0, 0)


@pytest.mark.parametrize(
    ("until", "since"),
    [(ON, date(2025, 12, 3)), (date(2026, 8, 31), date(2026, 3, 1)), (date(2026, 12, 31), date(2026, 7, 1))],
)
def test_without_a_judgement_the_last_six_months_are_counted(until: date, since: date) -> None:
    assert half_year(until).since == since
    case = cases.finished()  # opened on 8 May 2026
    (found,) = figures([case.sop], [case], date(2026, 11, 7))
    assert (found.since, found.cases) == (date(2026, 5, 8), (case.id,))
    (after,) = figures([case.sop], [case], date(2026, 11, 8))
    assert after.cases == ()


def test_the_figures_beside_a_judgement_are_of_the_period_that_was_judged() -> None:
    case = cases.finished()
    early = replace(case, id="2025-0009", opened_at=datetime(2025, 12, 31, 16, 59, tzinfo=UTC))  # 23.59 WIB
    first = replace(case, id="2026-0000", opened_at=datetime(2025, 12, 31, 17, tzinfo=UTC))
    (found,) = figures([case.sop], [early, first, case], date(2027, 6, 1), views.full().assessments)
    assert (found.since, found.until) == (date(2026, 1, 1), date(2026, 6, 30))
    assert found.cases == ("2026-0000", case.id)
