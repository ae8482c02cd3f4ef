from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import Word, decide
from sopwrap.case import Case, Entry
from sopwrap.engine import RunResult, run_machine_steps
from sopwrap.fold import fold
from sopwrap.ledger import Draft, Ledger, open_ledger
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import (
    MISSING,
    Machine,
    Place,
    all_good,
    at,
    broken,
    office,
    place,
    record,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


LINES = 38
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
    decide(here.ledger, here.office, here.id, Vouch("andi", "operator"), "tersedia", None, Word("Ada."))
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
