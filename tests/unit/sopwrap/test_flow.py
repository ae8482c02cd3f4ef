from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import Word, decide, sign
from sopwrap.case import Case
from sopwrap.engine import RunResult
from sopwrap.flow import Finish, Halt, findings, machine_move, needs_person, proposal
from sopwrap.partial import Hold
from sopwrap.permission import Vouch
from sopwrap.sop import Step, find
from tests.unit.sopwrap.small_office import (
    MISSING,
    Place,
    all_good,
    broken,
    place,
    record,
    with_backup,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


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


def test_a_newer_run_replaces_what_an_older_one_said_of_the_same_asset_and_action(here: Place) -> None:
    with_backup(here, RunResult("failed", [*all_good([], ["laman"]), broken("siakad-db")]))
    view = here.case().step("l7")
    assert findings(here.case(), view).assets == {"siakad-db": "backup of siakad-db broke."}
    here.machine.results = [RunResult("failed", [*all_good([], ["siakad-db"])[:2]])]
    here.decide("andi", "retry")
    found = findings(here.case(), here.case().step("l7"))
    assert found.assets == {"siakad-db": "no evidence of its verify came back"}
    assert found.sentence(2) == "1 of 2 assets is not done: siakad-db: no evidence of its verify came back."


def test_a_runs_records_are_not_gone_through_for_each_asset(here: Place) -> None:
    class Counted(tuple[Any, ...]):
        times = 0

        def __iter__(self) -> Any:
            Counted.times += 1
            return super().__iter__()

    case = with_backup(here, RunResult("ok", all_good(["backup_assets"], ["laman", "siakad-db"])))
    view = case.step("l7")
    run = replace(view.rounds[0].runs[0], evidence=Counted(view.rounds[0].runs[0].evidence))
    assert findings(case, replace(view, rounds=(replace(view.rounds[0], runs=(run,)),))) == findings(case, view)
    assert Counted.times <= 2, "once for the assets, once for what is about none of them"


def test_the_machine_proposes_what_it_found_and_nothing_where_it_found_nothing(here: Place) -> None:
    def proposed(result: RunResult) -> str | None:
        here.machine.results = [result]
        here.resume()
        case = here.case()
        found = proposal(case, case.step("l4"))
        here.decide("andi", "tidak tersedia")
        here.sign("andi")
        sign(here.ledger, here.office, here.id, Vouch("yusuf", "operator"))
        return found

    here.sign("siti")
    decide(here.ledger, here.office, here.id, Vouch("siti", "operator"), "sesuai", None, Word("x"))
    assert proposed(RunResult("ok", [record("check_media", None)])) == "tersedia"
    assert proposed(MISSING) == "tidak tersedia"
    assert proposed(RunResult("ok", [])) is None


def test_only_automatic_processes_end_without_a_person() -> None:
    _, procedure = find("iain-ptk-2022/backup")
    assert [step.id for step in procedure.steps if not needs_person(step)] == ["l2", "l7"]


def test_an_automatic_loop_that_is_used_up_is_held_for_a_person(here: Place) -> None:
    here.sign("siti")
    case = here.case()
    step = procedure_step(case, "l2", max_rounds=0)
    view = replace(case.step("l2"), step=step, rounds=(replace(case.step("l2").rounds[0], finished_at=None),))
    looped = replace(case, steps=(case.steps[0], view, *case.steps[2:]))
    move = machine_move(looped)
    assert isinstance(move, Halt)
    assert "has been taken 0 times" in move.message
    passed = replace(
        view, rounds=(replace(view.rounds[0], machine="passed", holds=(Hold(case.opened_at, "x", (), "continue"),)),)
    )
    assert isinstance(machine_move(replace(looped, steps=(case.steps[0], passed, *case.steps[2:]))), Finish)


def procedure_step(case: Case, step: str, max_rounds: int) -> Step:
    found = case.procedure.step(step)
    return found.model_copy(update={"next": [found.next[0].model_copy(update={"max_rounds": max_rounds})]})
