from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sopwrap.case import Round, StepView
from sopwrap.errors import UsageError
from sopwrap.partial import Hold
from tests.unit.sopwrap.cases import finished

NOW = datetime(2026, 5, 8, tzinfo=UTC)


def test_a_step_is_open_due_held_or_done() -> None:
    step = finished().step("l7").step
    due = Round(number=1, due_at=NOW)
    hold = Hold(at=NOW, message="broke", assets=("siakad-db",))
    assert StepView(step).state == "open"
    assert StepView(step, (due,)).state == "due"
    assert StepView(step, (replace(due, holds=(hold,)),)).state == "held"
    assert StepView(step, (replace(due, holds=(replace(hold, choice="retry"),)),)).state == "due"
    assert StepView(step, (replace(due, finished_at=NOW),)).state == "done"


def test_a_case_stands_at_the_step_that_is_due_and_nowhere_when_it_has_ended() -> None:
    case = finished()
    assert case.current is None
    again = StepView(case.step("l10").step, (Round(number=1, due_at=NOW),))
    steps = tuple(again if view.step.id == "l10" else view for view in case.steps)
    assert replace(case, steps=steps).current == again


def test_evidence_is_told_in_the_order_of_steps_and_rounds() -> None:
    case = finished()
    assert case.evidence == tuple(record for view in case.steps for record in view.evidence)
    assert {"check_media", "backup", "copy", "verify"} <= {record.action for record in case.evidence}


def test_assets_and_steps_are_found_by_id() -> None:
    case = finished()
    assert case.asset(case.assets[0].id) == case.assets[0]
    assert case.asset("nothing") is None
    with pytest.raises(UsageError, match="no step l99"):
        case.step("l99")
