from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sopwrap.case import Case, Entry
from sopwrap.engine import Opening, RunResult, Vouch, advance, decide, load_case, open_case, run_machine_steps, sign
from sopwrap.errors import LockedError, NothingMatchedError, RefusedError, SopError, UsageError
from sopwrap.fold import fold
from sopwrap.ledger import Draft, Ledger, open_ledger
from sopwrap.sop import find
from tests.unit.sopwrap.small_office import (
    ASSETS,
    LANES,
    MEDIA,
    MISSING,
    Machine,
    Place,
    all_good,
    office,
    place,
    record,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


def at(case: Case) -> str:
    return case.current.step.id if case.current else "-"


def broken(asset: str, **more: Any) -> Any:
    return record("backup", asset, outcome="failed", **more)


def with_backup(here: Place, *results: Any) -> Case:
    """Bring the case to row 7 with these answers of the machine to it."""
    here.to("l4")
    here.machine.results = list(results)
    return here.decide("andi", "tersedia")


# Opening


def test_a_case_of_nothing_is_not_opened(tmp_path: Path) -> None:
    sop, procedure = find("iain-ptk-2022/backup")
    ledger = open_ledger(tmp_path)
    with pytest.raises(NothingMatchedError, match="no asset"):
        open_case(ledger, Opening(sop, procedure, office(), [], MEDIA, "operator"))
    with pytest.raises(UsageError, match="which operation"):
        open_case(ledger, Opening(sop, procedure, office(), ASSETS, MEDIA, "operator", "restore"))
    assert ledger.cases() == []


# The straight way and the loops of the paper


def test_the_whole_sop_from_order_to_archive(here: Place) -> None:
    here.to("l11")
    case = here.sign("andi", note="Lemari 2.")

    assert case.state == "done"
    assert all(view.state == "done" for view in case.steps if view.step.id not in ("l5", "l6"))
    assert case.step("l8").rounds[0].checked == ("siakad-db", "laman")
    assert here.machine.calls == [(["check_media"], None), (["backup_assets", "verify_points"], None)]
    assert here.ledger.verify().fault is None


def test_the_machine_signs_nothing(here: Place) -> None:
    here.to("l11")
    for entry in here.ledger.entries(here.id):
        if entry.data.get("method") == "machine":
            assert entry.kind == "step.done"
            assert entry.step in ("l2", "l7")
            assert entry.data["actor"] is entry.data["stated_by"] is None
            assert entry.data["checked"] == []


def test_a_missing_medium_is_proposed_decided_waited_for_and_looked_for_again(here: Place) -> None:
    here.machine.results = [MISSING, MISSING]
    case = here.to("l4")
    assert (case.state, at(case)) == ("waiting", "l4")
    case = here.decide("andi", "tidak tersedia")
    assert case.step("l4").rounds[0].proposed == "tidak tersedia"
    assert at(case) == "l5"
    assert at(here.sign("andi", note="Mohon media.")) == "l6"
    assert at(here.sign("yusuf")) == "l4"
    here.decide("andi", "tidak tersedia")
    here.sign("andi")
    case = here.sign("yusuf")
    assert [one.number for one in case.step("l4").rounds] == [1, 2, 3]
    assert at(here.decide("andi", "tersedia")) == "l8"
    assert [actions for actions, _ in here.machine.calls] == [["check_media"]] * 3 + [
        ["backup_assets", "verify_points"]
    ]


def test_a_person_may_decide_against_the_machines_proposal(here: Place) -> None:
    here.machine.results = [MISSING]
    here.to("l4")
    case = here.decide("andi", "tersedia")
    assert case.step("l4").rounds[0].proposed == "tidak tersedia"
    assert case.step("l4").rounds[0].choice == "tersedia"


@pytest.mark.parametrize(("step", "back"), [("l3", "l2"), ("l10", "l9")])
def test_a_correction_may_be_asked_for_as_often_as_the_sop_allows(here: Place, step: str, back: str) -> None:
    here.to(step)
    for _ in range(3):
        here.decide("siti", "perbaiki")
        if back == "l9":
            here.sign("andi")
    with pytest.raises(RefusedError, match=f"from {step} to {back} \\(perbaiki\\) has been taken 3 times"):
        here.decide("siti", "perbaiki")
    assert at(here.decide("siti", "sesuai")) in ("l4", "l11")


# Wrong person, wrong step, wrong words


def refused(here: Place, act: Callable[[], Any], match: str, error: type[SopError] = RefusedError) -> None:
    before = here.ledger.verify().lines
    with pytest.raises(error, match=match):
        act()
    assert here.ledger.verify().lines == before


@pytest.mark.parametrize("person", ["andi", "yusuf", "tamu"])
def test_a_step_is_signed_only_by_who_fills_its_lane(here: Place, person: str) -> None:
    refused(here, lambda: here.sign(person), "does not fill the lane Kepala PTID.*This step is for: siti")


def test_a_person_nobody_knows_is_told_so(here: Place) -> None:
    refused(here, lambda: here.sign("budi"), "Nobody in office.yml has the id budi", UsageError)


def test_a_decision_is_made_only_by_who_fills_its_lane(here: Place) -> None:
    here.to("l3")
    refused(here, lambda: here.decide("andi", "sesuai"), "does not fill the lane")


def test_a_step_is_signed_once(here: Place) -> None:
    here.sign("siti", "l1")
    refused(here, lambda: here.sign("siti", "l1"), r"stands at step l3 .*step l1 was done by Siti Contoh on ")


def test_a_step_that_is_not_reached_cannot_be_signed(here: Place) -> None:
    refused(here, lambda: here.sign("andi", "l8"), "stands at step l1 .*has not come to l8")
    refused(here, lambda: here.sign("andi", "l99"), "There is no step l99", UsageError)


def test_a_decision_needs_one_of_the_labels_and_a_reason(here: Place) -> None:
    here.to("l3")
    refused(here, lambda: here.decide("siti", "ya"), "ya is not a choice.*sesuai, perbaiki", UsageError)
    refused(here, lambda: here.decide("siti", "sesuai", reason=" "), "needs a reason", UsageError)
    refused(here, lambda: here.sign("siti"), "is a decision.*case decide", UsageError)


def test_a_step_without_branches_cannot_be_decided(here: Place) -> None:
    refused(here, lambda: here.decide("siti", "sesuai"), "nothing to decide at step l1", UsageError)


def test_only_assets_of_the_case_can_be_ticked(here: Place) -> None:
    here.to("l8")
    refused(here, lambda: here.sign("andi", checked=["laman", "lama"]), "lama is not an asset of case", UsageError)
    assert here.sign("andi", checked=["laman"]).step("l8").rounds[0].checked == ("laman",)


def test_a_closed_case_refuses_everything(here: Place, tmp_path: Path) -> None:
    from sopwrap.engine import attach_evidence, attach_paper, enter_number, release, stop

    here.to("l11")
    here.sign("andi")
    (tmp_path / "scan.pdf").write_bytes(b"x")
    vouch = Vouch("andi", "operator")
    acts: list[Callable[[], Any]] = [
        lambda: here.sign("andi"),
        lambda: here.decide("siti", "sesuai"),
        lambda: release(here.ledger, here.office, here.id, vouch, "retry", "x"),
        lambda: stop(here.ledger, here.office, here.id, vouch, "x"),
        lambda: attach_evidence(here.ledger, here.id, tmp_path / "scan.pdf", "operator"),
        lambda: attach_paper(here.ledger, here.id, tmp_path / "scan.pdf", "", "operator"),
        lambda: enter_number(here.ledger, here.id, "minutes", "1", None, "operator"),
    ]
    for act in acts:
        refused(here, act, r"was closed on \d{4}-\d\d-\d\d \(done\)")
    assert here.resume().state == "done"


def test_a_machine_step_cannot_be_signed_for_the_machine(here: Place) -> None:
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    act = lambda: sign(here.ledger, here.office, here.id, Vouch("andi", "operator"), "l2")  # noqa: E731
    refused(here, act, "l2 of case .* is the machine's to do first")


def test_nobody_judges_own_work_where_somebody_else_can(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({**LANES, "kepala": ["siti", "andi"]}))
    here.to("l10")
    refused(here, lambda: here.decide("andi", "sesuai"), "Andi Contoh did step l9 and may not judge it.*siti")
    assert here.decide("siti", "sesuai").step("l10").rounds[0].exception == ""


def test_who_is_alone_in_the_lane_may_judge_own_work_and_it_is_recorded(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({"kepala": ["siti"], "petugas": ["siti"], "umum": ["yusuf"]}))
    here.sign("siti")
    here.decide("siti", "sesuai")
    here.decide("siti", "tersedia")
    here.sign("siti")
    here.sign("siti")
    case = here.decide("siti", "sesuai")
    assert case.step("l10").rounds[0].exception == "Siti Contoh also did step l9; nobody else is bound to the lane"
    assert case.step("l3").rounds[0].exception == ""


def test_two_people_acting_at_once_cannot_both_be_right(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from sopwrap import acts

    real = acts.vouched

    def slowly(*arguments: Any) -> Draft:
        draft = real(*arguments)
        monkeypatch.setattr(acts, "vouched", real)
        sign(here.ledger, here.office, here.id, Vouch("siti", "somebody quicker"))
        return draft

    monkeypatch.setattr(acts, "vouched", slowly)
    with pytest.raises(RefusedError, match="has changed while this was being done"):
        sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    assert here.ledger.verify().lines == 2


# Evidence and holds


def test_an_asset_without_evidence_has_failed(here: Place) -> None:
    case = with_backup(here, RunResult("ok", all_good(["backup_assets"], ["laman"])))
    assert case.state == "held"
    hold = case.step("l7").rounds[0].holds[0]
    assert hold.assets == ("siakad-db",)
    assert hold.message == "1 of 2 assets is not done: siakad-db: no evidence of its backup came back."


@pytest.mark.parametrize("lost", ["backup", "copy", "verify"])
def test_every_store_and_every_action_has_to_be_proven(here: Place, lost: str) -> None:
    records = [one for one in all_good([], ["laman", "siakad-db"]) if (one.asset, one.action) != ("laman", lost)]
    case = with_backup(here, RunResult("ok", records))
    assert (case.state, case.step("l7").rounds[0].holds[0].assets) == ("held", ("laman",))


@pytest.mark.parametrize(
    "bad",
    [
        {"outcome": "failed"},
        {"outcome": "refused"},
        {"outcome": "planned"},
        {"verify": {"method": "tree", "ok": False, "detail": "differs"}},
    ],
)
def test_a_copy_that_is_not_proven_good_holds_the_step(here: Place, bad: dict[str, Any]) -> None:
    good = [one for one in all_good([], ["laman", "siakad-db"]) if (one.asset, one.action) != ("laman", "copy")]
    case = with_backup(here, RunResult("ok", [*good, record("copy", "laman", "external", **bad)]))
    assert (case.state, case.step("l7").rounds[0].holds[0].assets) == ("held", ("laman",))


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
    decide(here.ledger, here.office, here.id, Vouch("siti", "operator"), "sesuai", None, "x")
    assert (at(advance(here.ledger, here.id)), here.machine.calls) == ("l4", [])


# Killed at any moment

LINES = 37
PLAN: dict[tuple[str, int], tuple[str, str]] = {
    ("l1", 1): ("siti", ""),
    ("l3", 1): ("siti", "perbaiki"),
    ("l3", 2): ("siti", "sesuai"),
    ("l4", 1): ("andi", "tidak tersedia"),
    ("l5", 1): ("andi", ""),
    ("l6", 1): ("yusuf", ""),
    ("l4", 2): ("andi", "tersedia"),
    ("l8", 1): ("andi", ""),
    ("l9", 1): ("andi", ""),
    ("l10", 1): ("siti", "perbaiki"),
    ("l9", 2): ("andi", ""),
    ("l10", 2): ("siti", "sesuai"),
    ("l11", 1): ("andi", ""),
}


class Flaky(Machine):
    """Finds no medium the first time, and cannot back up the database while a step has not been held once."""

    def __call__(self, actions: list[str], assets: list[str] | None, case: Case, step: Any) -> RunResult:
        self.calls.append((actions, assets))
        present = case.step(step.id).rounds[-1]
        if actions == ["check_media"]:
            return MISSING if present.number == 1 else RunResult("ok", [record("check_media", None)])
        wanted = assets or [asset.id for asset in case.assets]
        if not present.holds and "siakad-db" in wanted:
            rest = all_good([], [one for one in wanted if one != "siakad-db"])
            return RunResult("failed", [*rest, broken("siakad-db")], "1 failed")
        return RunResult("ok", all_good([], wanted))


def carry_on(here: Place) -> Case:
    """Let machine and people do what is left of PLAN."""
    case = here.resume()
    while case.closed_at is None:
        assert case.current is not None
        step, number = case.current.step.id, case.current.rounds[-1].number
        if case.state == "held":
            case = here.decide("andi", "retry")
            continue
        person, choice = PLAN[step, number]
        ticks = ["all"] if step == "l8" else []
        case = here.decide(person, choice) if choice else here.sign(person, checked=ticks)
    return case


def essence(case: Case) -> list[Any]:
    """What must be the same however often the process died: everything but times, digests and repeated runs."""
    rounds = [(view.step.id, one) for view in case.steps for one in view.rounds]
    told: list[Any] = [
        (step, one.number, one.method, one.actor, one.choice, one.proposed, one.checked, one.came_from)
        for step, one in rounds
    ]
    holds = [[hold.choice for hold in one.holds] for _, one in rounds]
    proven = [{record.asset for record in one.evidence if record.succeeded} for _, one in rounds]
    return [*told, *holds, *proven, case.state]


def replayed(folder: Path, entries: list[Entry]) -> Place:
    """A new ledger with these first lines, as a process that died after them leaves it."""
    ledger = open_ledger(folder)
    opened = ledger.open_case(entries[0].data, "Asia/Pontianak")
    assert opened.case is not None
    ledger.append(opened.case, [Draft(entry.kind, entry.data, entry.step) for entry in entries[1:]])
    return Place(ledger, office(), opened.case, Flaky())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    here = place(tmp_path_factory.mktemp("whole"))
    here.machine = Flaky()
    carry_on(here)
    return here.ledger.entries(here.id)


@pytest.mark.parametrize("survived", range(1, LINES + 1))
def test_a_process_killed_after_any_line_leaves_a_case_that_ends_the_same(
    tmp_path: Path, whole: list[Entry], survived: int
) -> None:
    assert len(whole) == LINES
    here = replayed(tmp_path, whole[:survived])
    case = carry_on(here)

    assert here.ledger.verify().fault is None
    assert essence(case) == essence(fold(whole))


def _die(actions: list[str], assets: list[str] | None, case: Case, step: Any) -> RunResult:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _resume_and_die(folder: Path, case_id: str) -> None:
    run_machine_steps(open_ledger(folder), case_id, _die)


def test_a_run_killed_in_its_middle_is_noted_and_repeated(here: Place, tmp_path: Path) -> None:
    here.to("l4")
    decide(here.ledger, here.office, here.id, Vouch("andi", "operator"), "tersedia", None, "Ada.")
    process = multiprocessing.get_context("spawn").Process(target=_resume_and_die, args=(tmp_path, here.id))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert [entry.kind for entry in Ledger(f"sqlite:///{tmp_path}/ledger.db").entries(here.id)][-1] == "run.started"

    case = here.resume()

    assert at(case) == "l8"
    first, second = case.step("l7").rounds[0].runs
    assert (first.outcome, first.finished_at, second.outcome) == ("canceled", None, "ok")
    assert first.message == "The run was cut off; it is repeated."
