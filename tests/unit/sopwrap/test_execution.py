"""A stand-in for ansible_runner plays its part here; tests/integration/test_run.py has the real one."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sopwrap import execution
from sopwrap.case import Asset
from sopwrap.children import MARK
from sopwrap.errors import NothingMatchedError, SopError, UsageError
from sopwrap.execution import Executor, Order, Watch, leftovers, sweep
from sopwrap.workspace import Resources, Workspace
from tests.unit.sopwrap.offices import make
from tests.unit.sopwrap.small_office import record

WEB = Asset(id="web", kind="files", host="srv-a", stores=["internal"])
FAR = Asset(id="far", kind="files", host="srv-b", stores=["internal"])


class Runner:
    """Remembers how it was called, and plays one list of events for each call."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.plays: list[list[dict[str, Any]]] = []
        self.rc: int | None = 0
        self.during: Callable[[dict[str, Any]], None] = lambda call: None

    def run(self, **call: Any) -> SimpleNamespace:
        """Stand in for ansible_runner.run."""
        private = Path(call["private_data_dir"])
        assert private.stat().st_mode & 0o777 == 0o700
        call["plays"] = [one["import_playbook"] for one in json.loads(Path(call["playbook"]).read_text())]
        artifacts = private / "artifacts" / "run"
        artifacts.mkdir(parents=True)
        (artifacts / "command").write_text(json.dumps(dict(os.environ)))
        self.calls.append(call)
        call["status_handler"]({"status": "running"}, runner_config=SimpleNamespace(artifact_dir=str(artifacts)))
        call["environment_kept"] = (artifacts / "command").exists()
        self.during(call)
        written = [call["event_handler"](event) for event in self.plays.pop(0)] if self.plays else []
        call["written"] = any(written)
        return SimpleNamespace(rc=self.rc)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    playbooks = tmp_path / "playbooks"
    playbooks.mkdir()
    for name in ("backup_assets", "verify_points", "check_media"):
        (playbooks / f"{name}.yml").touch()
    ours = Resources(playbooks, tmp_path, tmp_path, tmp_path)
    monkeypatch.setattr(execution, "resources", lambda: ours)
    stand_in, module = Runner(), ModuleType("ansible_runner")
    module.run = stand_in.run  # type: ignore[attr-defined]
    errors = ModuleType("ansible_runner.exceptions")
    errors.AnsibleRunnerException = type("AnsibleRunnerException", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ansible_runner", module)
    monkeypatch.setitem(sys.modules, "ansible_runner.exceptions", errors)
    return stand_in


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make(tmp_path / "office")


def result(*records: Any, host: str = "srv-a", kind: str = "runner_on_ok", **more: Any) -> dict[str, Any]:
    published = {"sopwrap_evidence": [one.as_dict() for one in records], **more}
    return {"event": kind, "event_data": {"host": host, "res": published}}


def test_a_step_is_one_call_for_all_its_playbooks(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[result(record("backup", "web"), record("verify", "web"))]]
    done = Executor(workspace).carry_out(Order(("backup_assets", "verify_points"), (WEB,), "2026-0001", "l7"))
    assert (done.outcome, [one.action for one in done.records]) == ("ok", ["backup", "verify"])
    [call] = runner.calls
    assert [Path(one).stem for one in call["plays"]] == ["backup_assets", "verify_points"]
    assert call["extravars"] == {
        "sopwrap_only": ["web"],
        "sopwrap_case": {"case": "2026-0001", "step": "l7"},
        "sopwrap_point": "",
        "sopwrap_target": {},
        "sopwrap_history": str(workspace.history),
    }
    assert (call["limit"], call["cmdline"], call["project_dir"]) == ("srv-a", None, str(workspace.folder))


def test_nothing_of_a_run_is_kept(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[result(record("backup", "web"))]]
    Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert leftovers(workspace) == []
    assert not runner.calls[0]["environment_kept"]
    assert not runner.calls[0]["written"]
    assert runner.calls[0]["envvars"][MARK] == runner.calls[0]["private_data_dir"]


def test_the_private_folder_goes_when_the_runner_fails_too(runner: Runner, workspace: Workspace) -> None:
    def fail(call: dict[str, Any]) -> None:
        raise RuntimeError("broken")

    runner.during = fail
    with pytest.raises(RuntimeError):
        Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert leftovers(workspace) == []


def test_an_asset_without_evidence_has_failed(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [
        [result(record("backup", "web")), result(host="srv-b", kind="runner_on_unreachable", msg="no route")]
    ]
    runner.rc = 4
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB, FAR)))
    assert done.outcome == "failed"
    assert [(one.asset, one.outcome) for one in done.records] == [("web", "ok"), ("far", "failed")]
    assert done.records[1].message == "srv-b was not reached: no route."


def test_a_good_exit_without_any_evidence_is_no_success(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[]]
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert (done.outcome, len(done.records)) == ("failed", 1)
    runner.plays = [[{"event": "verbose", "stdout": "[ERROR]: no hosts"}]]
    media = Executor(workspace).carry_out(Order(("check_media",), (WEB,)))
    assert (media.outcome, media.message) == ("failed", "check_media: no hosts.")


def test_a_look_at_media_that_found_none_to_look_at_went_well(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[result()]]
    assert Executor(workspace).carry_out(Order(("check_media",), (WEB,))).outcome == "ok"


def test_a_bad_exit_counts_even_where_all_records_are_good(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[result(record("backup", "web")), result(kind="runner_on_failed", msg="a later task broke")]]
    runner.rc = 2
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert (done.outcome, done.message) == ("failed", "backup_assets: a later task broke.")


def test_what_a_neighbours_failure_kept_from_its_proof_gets_a_turn(runner: Runner, workspace: Workspace) -> None:
    bad = Asset(id="bad", kind="files", host="srv-a", stores=["internal"])
    first = [
        result(record("backup", "bad", outcome="failed"), record("backup", "web"), kind="runner_on_failed", msg="x"),
    ]
    runner.plays = [first, [result(record("verify", "web"))]]
    runner.rc = 2
    done = Executor(workspace).carry_out(Order(("backup_assets", "verify_points"), (bad, WEB)))
    assert [Path(one).stem for one in runner.calls[1]["plays"]] == ["verify_points"]
    assert runner.calls[1]["extravars"]["sopwrap_only"] == ["web"]
    assert [(one.asset, one.action, one.outcome) for one in done.records] == [
        ("bad", "backup", "failed"),
        ("web", "backup", "ok"),
        ("web", "verify", "ok"),
    ]
    assert done.outcome == "failed"


def test_an_interrupt_keeps_what_was_done_and_makes_up_nothing(runner: Runner, workspace: Workspace) -> None:
    told: list[str] = []
    runner.plays = [[result(record("backup", "web"))]]
    runner.during = lambda call: os.kill(os.getpid(), signal.SIGINT)
    watch = Watch(stopping=lambda: told.append("stopping"))
    done = Executor(workspace, watch).carry_out(Order(("backup_assets",), (WEB, FAR)))
    assert (done.outcome, [one.asset for one in done.records]) == ("canceled", ["web"])
    assert told == ["stopping"]
    assert leftovers(workspace) == []


def test_a_dry_run_asks_ansible_to_check_and_owes_nothing(runner: Runner, workspace: Workspace) -> None:
    runner.plays = [[result(record("backup", "web", outcome="planned"))]]
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB,), check=True))
    assert (done.outcome, runner.calls[0]["cmdline"]) == ("ok", "--check")


@pytest.mark.parametrize("check", [False, True])
def test_ansible_that_was_killed_has_not_done_well(runner: Runner, workspace: Workspace, check: bool) -> None:
    runner.plays = [[result(record("backup", "web", outcome="planned" if check else "ok"))]]
    runner.rc = None  # what ansible-runner says of a program that a signal has ended
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB, FAR), check=check))
    assert (done.outcome, len(runner.calls)) == ("failed", 1)
    assert "a process of Ansible was killed" in done.message


def test_a_key_of_the_office_does_not_come_out_in_a_message(runner: Runner, workspace: Workspace) -> None:
    workspace.secrets.mkdir()
    (workspace.secrets / "internal.key").write_text("canary-of-the-key\n")
    runner.plays = [[result(kind="runner_on_failed", msg="cannot open with canary-of-the-key")]]
    runner.rc = 2
    done = Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert "canary" not in done.message + done.records[0].message


def test_what_a_killed_run_left_is_swept_before_the_next(runner: Runner, workspace: Workspace) -> None:
    left = workspace.working / "run-dead"
    (left / "env").mkdir(parents=True)
    assert leftovers(workspace) == [left]
    runner.plays = [[result(record("backup", "web"))]]
    Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))
    assert leftovers(workspace) == []
    assert sweep(workspace) == 0


def test_wrong_orders_are_refused_before_anything_starts(runner: Runner, workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="There is no playbook dance"):
        Executor(workspace).carry_out(Order(("dance",), (WEB,)))
    with pytest.raises(NothingMatchedError):
        Executor(workspace).carry_out(Order(("backup_assets",), ()))
    assert runner.calls == []


def test_ansible_that_is_not_there_is_told(runner: Runner, workspace: Workspace) -> None:
    runner.rc = 127
    with pytest.raises(SopError, match="there is no ansible-playbook"):
        Executor(workspace).carry_out(Order(("backup_assets",), (WEB,)))


def test_the_watch_hears_the_beginning_the_news_and_the_end(runner: Runner, workspace: Workspace) -> None:
    heard: list[str] = []
    watch = Watch(
        begin=lambda order, due: heard.append(f"begin {due}"),
        news=lambda news: heard.append(f"news {len(news.records)}"),
        end=lambda: heard.append("end"),
    )
    runner.plays = [[result(record("backup", "web"))]]
    Executor(workspace, watch).carry_out(Order(("backup_assets",), (WEB,)))
    assert heard == ["begin 1", "news 1", "end"]
