from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sopwrap.acts import sign
from sopwrap.case import Case
from sopwrap.engine import RunResult, load_case
from sopwrap.errors import SopError
from sopwrap.fold import fold
from sopwrap.ledger import Draft
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import MISSING, Place, all_good, place, record


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


def state(case: Case, step: str) -> str:
    return case.step(step).state


def test_a_new_case_stands_at_the_first_step_and_keeps_the_office_of_that_day(here: Place) -> None:
    case = load_case(here.ledger, here.id)

    assert case.current is not None
    assert (case.current.step.id, case.state, state(case, "l2")) == ("l1", "waiting", "open")
    assert case.current.rounds[0].due_at == case.opened_at
    assert case.office["people"][0]["name"] == "Siti Contoh"
    assert [asset.id for asset in case.assets] == ["siakad-db", "laman"]
    assert case.opened_by == "operator"


def test_the_same_lines_give_the_same_case(here: Place) -> None:
    here.to("l9")
    entries = here.ledger.entries(here.id)
    assert fold(entries) == fold(list(entries))


def test_a_step_is_due_from_the_moment_of_the_line_that_led_to_it(here: Place) -> None:
    case = here.to("l8")
    for earlier, later in (("l1", "l2"), ("l2", "l3"), ("l3", "l4"), ("l4", "l7"), ("l7", "l8")):
        assert case.step(later).rounds[0].due_at == case.step(earlier).rounds[0].finished_at
        assert case.step(later).rounds[0].came_from == earlier


def test_a_round_tells_who_ended_it_how_and_by_which_line(here: Place) -> None:
    here.sign("siti", note="Laksanakan.", letter="B-1/2026")
    first = load_case(here.ledger, here.id).step("l1").rounds[0]
    line = here.ledger.entries(here.id)[1]

    assert first.actor is not None
    assert (first.actor.name, first.actor.lane, first.actor.post) == ("Siti Contoh", "kepala", "Kepala PTID")
    assert (first.method, first.stated_by, first.letter, first.note) == (
        "stated",
        "operator",
        "B-1/2026",
        "Laksanakan.",
    )
    assert first.digest == line.digest


def test_a_correction_loop_gives_both_steps_a_second_round(here: Place) -> None:
    here.to("l3")
    case = here.decide("siti", "perbaiki")

    assert [one.number for one in case.step("l2").rounds] == [1, 2]
    assert [one.choice for one in case.step("l3").rounds] == ["perbaiki", None]
    assert case.current is not None
    assert case.current.step.id == "l3"


def test_each_round_keeps_its_own_evidence(here: Place) -> None:
    here.machine.results = [MISSING]
    here.to("l4")
    here.decide("andi", "tidak tersedia")
    here.sign("andi")
    case = here.sign("yusuf")

    first, second = case.step("l4").rounds
    assert [one.outcome for one in first.evidence] == ["refused"]
    assert [one.outcome for one in second.evidence] == ["ok"]
    assert len(case.step("l4").evidence) == 2


def test_a_hold_tells_what_failed_and_what_was_decided(here: Place) -> None:
    here.machine.results = [
        RunResult("ok", [record("check_media", None)]),
        RunResult("failed", [*all_good(["backup_assets"], ["laman"]), record("backup", "siakad-db", outcome="failed")]),
    ]
    here.to("l4")
    case = here.decide("andi", "tersedia")
    assert (case.state, state(case, "l7")) == ("held", "held")

    case = here.decide("andi", "retry", reason="Basis data sudah hidup.")
    hold = case.step("l7").rounds[0].holds[0]
    assert (hold.assets, hold.choice, hold.reason) == (("siakad-db",), "retry", "Basis data sudah hidup.")
    assert hold.by is not None
    assert hold.by.id == "andi"
    assert state(case, "l7") == "done"


def test_machine_seconds_are_from_the_start_to_the_end_of_each_run(here: Place) -> None:
    case = here.to("l8")
    only = case.step("l7").rounds[0]
    lines = {entry.kind: entry.at for entry in here.ledger.entries(here.id) if entry.step == "l7"}
    assert only.machine_seconds == (lines["run.finished"] - lines["run.started"]).total_seconds() > 0


def test_the_time_of_a_dead_run_is_not_counted(here: Place) -> None:
    here.to("l4")
    here.decide("andi", "tidak tersedia")
    here.sign("andi")
    sign(here.ledger, here.office, here.id, Vouch("yusuf", "operator"))
    here.ledger.append(here.id, [Draft("run.started", {"actions": ["check_media"], "assets": None}, "l4")])
    died = {"outcome": "canceled", "message": "The run was cut off.", "interrupted": True}
    here.ledger.append(here.id, [Draft("run.finished", died, "l4")])
    present = load_case(here.ledger, here.id).step("l4").rounds[-1]
    assert (present.machine_seconds, present.machine, present.runs[-1].seconds) == (0.0, "due", 0.0)


def test_a_line_of_a_step_the_case_has_not_reached_is_told(here: Place) -> None:
    here.ledger.append(here.id, [Draft("run.started", {"actions": [], "assets": None}, "l7")])
    with pytest.raises(SopError, match=r"Line 2 tells of the step l7, which case .* has not reached"):
        load_case(here.ledger, here.id)


def test_a_kind_of_line_this_version_does_not_know_is_passed_over(here: Place) -> None:
    before = load_case(here.ledger, here.id)
    here.ledger.append(here.id, [Draft("invented.later", {"x": 1}, "l9")])
    after = load_case(here.ledger, here.id)
    assert replace(after, digest=before.digest, changed_at=before.changed_at) == before
    assert after.digest != before.digest


def test_lines_without_a_beginning_are_refused(here: Place) -> None:
    here.sign("siti")
    with pytest.raises(SopError, match="do not begin with an opened case"):
        fold(here.ledger.entries(here.id)[1:])


def test_a_closed_case_has_its_end_its_reason_and_no_present_step(here: Place) -> None:
    here.to("l11")
    case = here.sign("andi")
    assert (case.state, case.current) == ("done", None)
    assert case.closed_at == case.changed_at == here.ledger.entries(here.id)[-1].at
