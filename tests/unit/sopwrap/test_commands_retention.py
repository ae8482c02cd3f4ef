from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sopwrap.engine import RunResult
from sopwrap.execution import Order
from sopwrap.records import Evidence
from tests.unit.sopwrap.shells import PointShell
from tests.unit.sopwrap.small_office import PEOPLE, record

NOW = datetime.now(UTC)


def of_point(action: str, days: float, **more: Any) -> Evidence:
    at = NOW - timedelta(days=days)
    told = {"point": f"arsip.{at:%Y%m%dT%H%M%SZ}.{round(days):06x}", "started_at": at, "finished_at": at}
    return record(action, "arsip", **more).model_copy(update={**told, "size_bytes": 2048, "store_id": "r1"})


@pytest.fixture
def shell(point_shell: PointShell) -> PointShell:
    """An office with three proven points, one of which has outlived the asset's retention."""
    file = point_shell.workspace.folder / "office.yml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "people": PEOPLE}))
    point_shell.keep(*(of_point(action, days) for days in (400, 1, 0) for action in ("backup", "verify")))
    return point_shell


def plan(shell: PointShell) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell("retention", "plan", "--json").stdout)
    return found


def apply(shell: PointShell, plan_id: str, *words: str, ends: int = 0) -> str:
    who = ["--ordered-by", "andi", "--as", "siti", "--letter", "005/1", "--ci"]
    return shell("retention", "apply", plan_id, *who, *words, ends=ends).output


def destroyed(shell: PointShell, outcome: str = "ok") -> None:
    """Let the executor answer as the module would."""

    def answer(order: Order) -> RunResult:
        old = of_point("destroy", 400, outcome=outcome, case=order.case)
        return RunResult("ok" if outcome in ("ok", "unchanged") else "failed", [old], "It broke.")

    shell.reply = answer


def test_the_plan_is_shown_first_and_changes_nothing(shell: PointShell) -> None:
    found = plan(shell)
    [doomed] = [one for one in found["points"] if not one["kept"]]
    text = shell("retention", "plan").stdout
    assert doomed["point"] in text and f"retention apply {found['plan']}" in text
    assert text.count("arsip.") == 1
    assert shell("retention", "plan", "--all").stdout.count("arsip.") == 3
    assert "nothing may be destroyed" in shell("retention", "plan", "--asset", "laman").stdout
    assert not shell.orders and not shell.workspace.ledger().of_kind("destruction.ordered")


def test_it_is_carried_out_by_name_of_every_copy_and_leaves_its_minutes(shell: PointShell) -> None:
    destroyed(shell)
    said = apply(shell, plan(shell)["plan"])
    [order] = shell.orders
    assert order.actions == ("forget_points",) and [one.id for one in order.assets] == ["arsip"]
    assert [(one["store"], one["store_id"]) for one in order.target["points"]] == [("internal", "r1")]
    assert "1 of 1 copies destroyed" in said
    [listed] = json.loads(shell("retention", "list", "--json").stdout)
    assert (listed["ordered_by"], listed["carried_out_by"], len(listed["destroyed"])) == ("andi", "siti", 1)
    paths = shell("retention", "report", "--number", "B-7/PTID/2026", "--format", "html").stdout.split()
    assert paths and listed["number"] in paths[0] and "B-7/PTID/2026" in Path(paths[0]).read_text(encoding="utf-8")
    assert not [one for one in plan(shell)["points"] if not one["kept"]], "it is gone"


def test_a_plan_that_does_not_fit_any_more_is_refused_and_nothing_is_ordered(shell: PointShell) -> None:
    before = plan(shell)["plan"]
    shell.keep(*(of_point(action, 390) for action in ("backup", "verify")))
    assert "does not fit any more" in apply(shell, before, ends=4)
    assert not shell.orders and not shell.workspace.ledger().of_kind("destruction.ordered")


def test_a_held_point_is_not_destroyed_until_it_is_released(shell: PointShell) -> None:
    found = plan(shell)
    [doomed] = [one["point"] for one in found["points"] if not one["kept"]]
    shell("point", "hold", doomed, "--as", "andi", "--reason", "Audit", "--letter", "005/2")
    assert "does not fit" in apply(shell, found["plan"], ends=4)
    assert "held" in shell("retention", "plan", "--all").stdout
    shell("point", "release", doomed, "--as", "andi", "--reason", "Selesai", "--letter", "005/3")
    assert plan(shell)["plan"] == found["plan"]
    assert "Did you mean" in shell("point", "hold", doomed[:-1], "--as", "andi", "--reason", "x", ends=2).stderr


@pytest.mark.parametrize(("outcome", "ends"), [("failed", 1), ("refused", 4), ("unchanged", 0)])
def test_what_is_not_destroyed_is_said_and_stays_in_the_plan(shell: PointShell, outcome: str, ends: int) -> None:
    destroyed(shell, outcome)
    found = plan(shell)
    assert "0 of 1 copies" in apply(shell, found["plan"], ends=ends)
    assert plan(shell)["plan"] == found["plan"]


def test_minutes_of_nothing_are_not_made(shell: PointShell) -> None:
    assert "Nothing was destroyed yet" in shell("retention", "report", ends=5).stderr
    assert "Nothing was destroyed yet" in shell("retention", "list").stdout
    destroyed(shell)
    apply(shell, plan(shell)["plan"])
    assert "There is no destruction x" in shell("retention", "report", "x", ends=2).stderr


def test_papers_are_listed_by_the_archive_schedule_and_nothing_is_removed(shell: PointShell) -> None:
    assert "no archive schedule" in shell("retention", "papers", ends=5).stderr
    file = shell.workspace.folder / "office.yml"
    rule = {"active_years": 1, "inactive_years": 4, "final": "musnah"}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "archive": [rule]}))
    assert "No case is closed yet." in shell("retention", "papers").stdout
    other = {**yaml.safe_load(file.read_text()), "archive": [{**rule, "papers": ["nota"]}]}
    file.write_text(yaml.safe_dump(other))
    assert "no paper nota" in shell("retention", "papers", ends=2).stderr
