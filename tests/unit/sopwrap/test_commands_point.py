"""`point` and `status`, with a ledger that has evidence in it and an executor that is told what to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sopwrap.cli import cli
from sopwrap.commands._evidence import keep_evidence, known_points
from sopwrap.engine import RunResult
from sopwrap.events import News
from sopwrap.execution import Executor, Order
from sopwrap.records import Evidence
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.offices import entry, make
from tests.unit.sopwrap.small_office import record

POINT = "arsip.20260110T000000Z.abc123"


class Shell:
    """An office with one asset, and what the executor was asked and answers."""

    def __init__(self, folder: Path) -> None:
        self.workspace = make(folder, {"srv-a": {"sopwrap_assets": [entry(), entry(id="laman")]}})
        self.orders: list[Order] = []
        self.answer = RunResult("ok", [])
        self.listed: tuple[dict[str, Any], ...] = ()

    def keep(self, *records: Evidence) -> None:
        keep_evidence(self.workspace.ledger(), records)

    def __call__(self, *words: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--office", str(self.workspace.folder), *words])
        assert result.exit_code == ends, result.output
        return result


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell(tmp_path / "office")

    def carry_out(self: Executor, order: Order) -> RunResult:
        made.orders.append(order)
        self.watch.news(News(listed=made.listed))
        return made.answer

    monkeypatch.setattr(Executor, "carry_out", carry_out)
    return made


def of_point(action: str, **more: Any) -> Evidence:
    return record(action, "arsip", **more).model_copy(update={"point": POINT, "size_bytes": 2048})


def test_points_are_listed_and_shown_from_the_ledger(shell: Shell) -> None:
    assert shell("point", "list").stdout == "No point is known.\n"
    shell.keep(of_point("backup"), of_point("verify"))
    assert POINT in shell("point", "list", "--asset", "arsip").stdout
    [listed] = json.loads(shell("point", "list", "--json").stdout)
    assert (listed["point"], listed["size_bytes"], listed["proven_at"] is None) == (POINT, 2048, False)
    assert "2 KiB" in shell("point", "show", POINT).stdout
    assert shell.orders == []


def test_an_unknown_point_or_asset_names_the_nearest(shell: Shell) -> None:
    shell.keep(of_point("backup"))
    assert f"Did you mean {POINT}?" in shell("point", "show", POINT[:-1], ends=2).stderr
    assert "Did you mean arsip?" in shell("point", "list", "--asset", "arsib", ends=2).stderr
    assert shell("point", "list", "--asset", "laman").stdout == "No point is known.\n"


def test_the_stores_themselves_are_asked_through_a_playbook(shell: Shell) -> None:
    shell.listed = ({"point": POINT, "asset": "arsip", "store": "internal", "placement": "internal", "medium": None},)
    assert POINT in shell("point", "list", "--store", "--asset", "arsip").stdout
    assert shell.orders[0].actions == ("list_points",)
    assert json.loads(shell("point", "list", "--store", "--json").stdout) == list(shell.listed)


def test_a_verified_point_leaves_its_evidence_outside_of_any_case(shell: Shell) -> None:
    shell.keep(of_point("backup"))
    shell.answer = RunResult("ok", [of_point("verify")])
    assert "1 verified" in shell("point", "verify", POINT, "--ci").stderr
    assert (shell.orders[0].point, [one.id for one in shell.orders[0].assets]) == (POINT, ["arsip"])
    assert known_points(shell.workspace.ledger())[0].proven_at is not None
    entry_of_proof = shell.workspace.ledger().of_kind("evidence")[-1]
    assert entry_of_proof.case is None


def test_without_a_name_the_newest_point_of_every_asset_is_verified(shell: Shell) -> None:
    shell("point", "verify")
    assert [one.id for one in shell.orders[0].assets] == ["arsip", "laman"]
    shell("point", "verify", "--asset", "laman")
    assert [one.id for one in shell.orders[1].assets] == ["laman"]


def test_a_proof_that_fails_is_kept_too_and_ends_with_1(shell: Shell) -> None:
    shell.keep(of_point("backup"))
    shell.answer = RunResult("failed", [of_point("verify", outcome="failed")], "It is damaged.")
    assert "It is damaged." in shell("point", "verify", ends=1).stderr
    assert known_points(shell.workspace.ledger())[0].proven_at is None
    shell.answer = RunResult("canceled", [], "The run was interrupted.")
    shell("point", "verify", ends=130)


def test_a_point_and_an_asset_at_once_are_wrong_use(shell: Shell) -> None:
    assert "not both" in shell("point", "verify", POINT, "--asset", "arsip", ends=2).stderr


def test_a_second_verification_finds_the_office_locked(shell: Shell) -> None:
    with Workspace(shell.workspace.folder).lock():
        shell("point", "verify", ends=75)


def test_status_tells_standing_age_and_proof_of_every_asset(shell: Shell) -> None:
    shell.keep(of_point("backup"), of_point("verify"))
    text = shell("status").stdout
    assert text.splitlines()[1].split()[:2] == ["arsip", "ok"]
    assert text.splitlines()[2].split()[:2] == ["laman", "never"]
    assert "No case is open." in text
    data = json.loads(shell("status", "--json").stdout)
    assert [(one["asset"], one["standing"]) for one in data["assets"]] == [("arsip", "ok"), ("laman", "never")]
    assert data["assets"][0]["rpo_seconds"] == 86400


def test_status_fails_on_a_late_asset_only_when_asked_to_check(shell: Shell) -> None:
    shell("status", "--check", ends=1)
    shell.keep(of_point("backup"), record("backup", "laman").model_copy(update={"point": "laman.1"}))
    shell("status", "--check")
