from __future__ import annotations

from dataclasses import replace

from sopwrap.monitoring import figures
from tests.unit.sopwrap import cases


def test_every_procedure_is_counted_from_its_own_cases() -> None:
    case = cases.finished()
    stopped = replace(cases.until("l4", "stopped"), id="2026-0002")
    (found,) = figures([case.sop], [case, stopped])
    assert found.cases == ("2026-0001", "2026-0002")
    assert (found.done, found.stopped, found.running) == (1, 1, 0)
    assert (found.held, found.sent_back) == (1, 2)


def test_a_procedure_nobody_has_carried_out_counts_nothing() -> None:
    (found,) = figures([cases.finished().sop], [])
    assert (found.cases, found.done, found.late) == ((), 0, 0)
