from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.acts import Word, decide, sign
from sopwrap.engine import Opening, RunResult, advance, load_case, open_case
from sopwrap.errors import LockedError, NothingMatchedError, UsageError
from sopwrap.ledger import open_ledger
from sopwrap.permission import Vouch
from sopwrap.sop import find
from tests.unit.sopwrap.small_office import (
    ASSETS,
    MEDIA,
    Place,
    all_good,
    at,
    broken,
    office,
    place,
    refused,
    with_backup,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


def test_a_case_of_nothing_is_not_opened(tmp_path: Path) -> None:
    sop, procedure = find("iain-ptk-2022/backup")
    ledger = open_ledger(tmp_path)
    with pytest.raises(NothingMatchedError, match="no asset"):
        open_case(ledger, Opening(sop, procedure, office(), [], MEDIA, "operator"))
    with pytest.raises(UsageError, match="which operation"):
        open_case(ledger, Opening(sop, procedure, office(), ASSETS, MEDIA, "operator", "restore"))
    assert ledger.cases() == []


def test_a_retry_runs_only_what_failed_and_keeps_the_evidence(here: Place) -> None:
    failed = RunResult("failed", [*all_good([], ["laman"]), broken("siakad-db")])
    with_backup(here, failed, RunResult("failed", [broken("siakad-db")]))
    case = here.decide("andi", "retry")
    assert case.state == "held"
    case = here.decide("andi", "retry")

    assert at(case) == "l8"
    assert [assets for _, assets in here.machine.calls[1:]] == [None, ["siakad-db"], ["siakad-db"]]
    outcomes = [one.outcome for one in case.step("l7").rounds[0].evidence if one.asset == "siakad-db"]
    assert outcomes == ["failed", "failed", "ok", "ok", "ok"]


def test_a_held_step_goes_on_without_what_failed_when_a_person_says_so(here: Place) -> None:
    with_backup(here, RunResult("failed", [*all_good([], ["laman"]), broken("siakad-db")]))
    refused(here, lambda: here.sign("andi"), "is held: 1 of 2 assets is not done.*retry|continue|stop")
    refused(here, lambda: here.decide("siti", "continue"), "does not fill the lane Petugas")
    refused(here, lambda: here.decide("andi", "ignore"), "not a choice for a held step", UsageError)
    case = here.decide("andi", "continue", reason="Server sedang diperbaiki.")

    assert at(case) == "l8"
    only = case.step("l7").rounds[0]
    assert (only.method, only.actor, only.note) == ("machine", None, "Server sedang diperbaiki.")
    assert only.holds[0].choice == "continue"


def test_a_held_step_can_end_the_case(here: Place) -> None:
    with_backup(here, RunResult("failed", [broken("siakad-db"), broken("laman")]))
    case = here.decide("andi", "stop", reason="Server mati total.")
    assert (case.state, case.closed_reason) == ("stopped", "Server mati total.")


def test_a_run_that_breaks_down_as_a_whole_holds_even_a_step_that_proposes(here: Place) -> None:
    here.sign("siti")
    here.machine.results = [RunResult("failed", [], "ansible-playbook is not there.")]
    case = here.decide("siti", "sesuai")
    assert (case.state, case.step("l4").rounds[0].holds[0].message) == ("held", "ansible-playbook is not there.")
    assert at(here.decide("andi", "retry")) == "l4"
    assert load_case(here.ledger, here.id).state == "waiting"


def test_what_the_machine_refuses_to_begin_holds_the_step(here: Place) -> None:
    case = with_backup(here, UsageError("The inventory does not parse.", "Mend line 3."))
    assert case.step("l7").rounds[0].holds[0].message == "The inventory does not parse. Mend line 3."


def test_an_interrupt_ends_the_run_as_canceled_and_the_next_call_repeats_it(here: Place) -> None:
    with pytest.raises(KeyboardInterrupt):
        with_backup(here, KeyboardInterrupt())
    case = load_case(here.ledger, here.id)
    assert (case.state, case.step("l7").rounds[0].runs[0].outcome) == ("open", "canceled")
    assert at(here.resume()) == "l8"


def test_a_canceled_run_stops_the_machine_and_keeps_what_it_had_done(here: Place) -> None:
    case = with_backup(here, RunResult("canceled", all_good([], ["laman"]), "Interrupted."))
    assert (case.state, at(case)) == ("open", "l7")
    here.resume()
    assert here.machine.calls[-1] == (["backup_assets", "verify_points"], ["siakad-db"])


def test_a_canceled_look_for_the_medium_is_repeated(here: Place) -> None:
    here.machine.results = [RunResult("canceled", [], "Interrupted.")]
    here.to("l3")
    assert here.decide("siti", "sesuai").state == "open"
    assert here.resume().state == "waiting"
    assert len(here.machine.calls) == 2


def test_two_runs_at_once_are_refused_and_people_are_not(here: Place) -> None:
    with here.ledger.working(), pytest.raises(LockedError, match="Another run"):
        here.resume()
    with here.ledger.working():
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
        assert at(advance(here.ledger, here.id)) == "l3"


def test_what_needs_no_playbook_is_done_without_one(here: Place) -> None:
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    assert at(advance(here.ledger, here.id)) == "l3"
    decide(here.ledger, here.office, here.id, Vouch("siti", "operator"), "sesuai", None, Word("x"))
    assert (at(advance(here.ledger, here.id)), here.machine.calls) == ("l4", [])
