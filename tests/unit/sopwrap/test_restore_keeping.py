"""A restore by hand on a case's permit is the case's own; what comes before and after stands beside its steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.case import Case
from sopwrap.engine import RunResult
from sopwrap.formvalues import IN_PLACE
from sopwrap.ledger import Draft
from sopwrap.papers.recovery import permits
from sopwrap.records import Evidence
from sopwrap.restore_keeping import keep
from tests.unit.sopwrap import restores
from tests.unit.sopwrap.small_office import Place
from tests.unit.sopwrap.test_engine_sops import GOOD, at, restoring


def permitted(tmp_path: Path) -> Place:
    """A case that stands before its restore, with a permit, and a machine that does nothing."""
    here = restoring(tmp_path)
    here.sign("dewi")
    here.decide("kabir", "disetujui", authority="berwenang")
    told = restores.view().life.issued
    here.ledger.append(here.id, [Draft("permit", {"text": told.text, "number": told.number, "stated_by": "x"})])
    here.machine.results = [RunResult("failed", [told_of(restores.step("restore", "refused"))], "No.")]
    return here


def told_of(record: Evidence) -> Evidence:
    return record.model_copy(update={"asset": "laman", "verify": GOOD if record.succeeded else None})


def kept(here: Place, *records: Evidence) -> Case:
    good = all(one.succeeded for one in records)
    keep(here.ledger, RunResult("ok" if good else "failed", [told_of(one) for one in records], "Said."))
    return here.case()


def test_a_restore_by_hand_is_the_run_of_the_step_that_waits_for_it(tmp_path: Path) -> None:
    here = permitted(tmp_path)
    assert here.sign("pipit", form={"place": IN_PLACE}).state == "held"
    kept(here, restores.step("restore"))
    case = here.decide("pipit", "retry")
    assert at(case) == "l6" and len(here.machine.calls) == 1, "nothing was restored a second time"
    (life,) = permits(case)
    assert (life.state, len(life.refused)) == ("used", 1)
    assert case.aside == () and case.step("l5").evidence[-1].succeeded


@pytest.mark.parametrize(("action", "outcome", "state"), [("restore", "refused", "refused"), ("undo", "ok", "undone")])
def test_what_is_no_step_of_it_stands_beside_the_steps(action: str, outcome: str, state: str, tmp_path: Path) -> None:
    here = permitted(tmp_path)
    case = kept(here, restores.step(action, outcome))
    assert at(case) == "l4" and [one.outcome for one in case.aside] == [outcome] and case.evidence == ()
    assert permits(case)[0].state == state


def test_what_names_no_permit_belongs_to_no_case(tmp_path: Path) -> None:
    here = permitted(tmp_path)
    before = here.case().digest
    assert kept(here, restores.step("undo", "refused", permit=None)).digest == before
    assert here.ledger.of_kind("evidence")[-1].case is None
