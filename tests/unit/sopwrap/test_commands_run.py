"""`run`, `doctor` and what `run` shares with `case resume` (commands/_drive.py); Ansible is stood in for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sopwrap.cli import cli
from sopwrap.commands._drive import operator
from sopwrap.engine import RunResult, load_case
from sopwrap.execution import Executor, Order
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.offices import EXTERNAL, OFFICE, STORE, entry, make
from tests.unit.sopwrap.small_office import LANES, PEOPLE, record

SOP: dict[str, Any] = {
    "format": "sopwrap.sop/1",
    "id": "uji",
    "layout": "sop_ap",
    "timezone": "Asia/Jakarta",
    "identity": {"letterhead": ["Kantor"], "title": "SOP Uji"},
    "quality_columns": ["time"],
    "actors": [{"id": "petugas", "label": "Petugas"}],
    "procedures": [
        {
            "id": "backup",
            "title": "Uji",
            "lanes": ["petugas"],
            "trigger": {"kind": "schedule"},
            "operations": ["backup"],
            "placements": ["internal", "external"],
            "steps": [{"id": "s1", "number": 1, "kind": "process", "actors": ["petugas"], "mode": "auto",
                       "actions": ["backup_assets", "verify_points"]}],
        }
    ],
}  # fmt: skip


class Shell:
    """An office with three assets on two hosts, and the orders Ansible would have got."""

    def __init__(self, folder: Path) -> None:
        here = [entry(stores=["internal", "external"]), entry(id="lain", sop="lain/backup")]
        hosts = {"srv-a": {"sopwrap_assets": here}, "srv-b": {"sopwrap_assets": [entry(id="laman", sop="uji")]}}
        self.workspace = make(folder, hosts, {"internal": STORE, "external": EXTERNAL})
        people = {**OFFICE, "people": PEOPLE, "bindings": {"iain-ptk-2022": LANES}}
        (folder / "office.yml").write_text(yaml.safe_dump(people))
        self.workspace.sops.mkdir()
        (self.workspace.sops / "uji.yml").write_text(yaml.safe_dump(SOP))
        self.orders: list[Order] = []
        self.outcome = "ok"

    def answer(self, order: Order) -> RunResult:
        self.orders.append(order)
        records = [
            record(action, asset.id, store, outcome="ok" if self.outcome == "ok" else "failed")
            for asset in order.assets
            for number, store in enumerate(asset.stores)
            for action in ("copy" if number else "backup", "verify")
        ]
        return RunResult(self.outcome, [] if self.outcome == "canceled" else records, "It broke.")  # type: ignore[arg-type]

    def __call__(self, *words: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--office", str(self.workspace.folder), *words])
        assert result.exit_code == ends, result.output
        return result

    @property
    def cases(self) -> list[str]:
        return self.workspace.ledger().cases()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell(tmp_path / "office")
    monkeypatch.setattr(Executor, "carry_out", lambda self, order: made.answer(order))
    return made


def test_a_procedure_of_the_machine_runs_to_its_end(shell: Shell) -> None:
    result = shell("run", "uji/backup", "--ci")
    assert "is done" in result.stdout
    assert [(one.actions, [asset.id for asset in one.assets]) for one in shell.orders] == [
        (("backup_assets", "verify_points"), ["arsip", "laman"])
    ]
    assert "laman has no external store" in result.stderr


def test_a_procedure_that_waits_for_a_person_ends_with_3_and_the_command_for_it(shell: Shell) -> None:
    said = shell("run", "iain-ptk-2022", ends=3).stdout
    assert "waits at step l1 for Kepala PTID (siti)" in said
    assert f"sopwrap case sign {shell.cases[0]} l1 --as siti" in said
    assert shell.orders == []


def test_a_failed_run_holds_the_case_and_ends_with_1(shell: Shell) -> None:
    shell.outcome = "failed"
    said = shell("run", "uji/backup", ends=1).stdout
    assert "is held at step s1" in said
    assert "retry" in said


def test_an_interrupted_run_keeps_its_case_and_ends_with_130(shell: Shell) -> None:
    shell.outcome = "canceled"
    said = shell("run", "uji/backup", ends=130).stdout
    assert f"sopwrap case resume {shell.cases[0]}" in said
    shell.outcome = "ok"
    shell("case", "resume")
    assert load_case(shell.workspace.ledger(), shell.cases[0]).state == "done"


def test_assets_and_hosts_can_be_chosen(shell: Shell) -> None:
    shell("run", "uji/backup", "--asset", "lain")
    assert [one.id for one in shell.orders[-1].assets] == ["lain"]
    shell("run", "uji/backup", "--limit", "srv-b")
    assert [one.id for one in shell.orders[-1].assets] == ["laman"]


def test_wrong_choices_open_no_case(shell: Shell) -> None:
    assert "Did you mean arsip?" in shell("run", "uji/backup", "--asset", "arsib", ends=2).stderr
    assert "No host with an asset matches `nosuch`" in shell("run", "uji/backup", "--limit", "nosuch", ends=5).stderr
    assert "is left on hosts" in shell("run", "uji/backup", "--asset", "laman", "--limit", "srv-a", ends=5).stderr
    assert "There is no SOP ujian" in shell("run", "ujian/backup", ends=2).stderr
    assert shell.cases == []


def test_a_second_run_is_told_to_wait_and_opens_no_case(shell: Shell) -> None:
    with Workspace(shell.workspace.folder).lock():
        assert "Another run is at work" in shell("run", "uji/backup", ends=75).stderr
    assert shell.cases == []


def test_a_dry_run_opens_no_case_and_leaves_out_what_a_backup_has_yet_to_make(shell: Shell) -> None:
    said = shell("run", "uji/backup", "--dry-run").stdout
    assert "no case was opened" in said
    assert (shell.orders[0].check, shell.orders[0].actions) == (True, ("backup_assets",))
    assert shell.cases == []
    shell.outcome = "failed"
    shell("run", "uji/backup", "--dry-run", ends=1)


def test_doctor_ends_with_1_only_when_something_fails(shell: Shell) -> None:
    checks = json.loads(shell("doctor", "--json", ends=1).stdout)
    assert [one["check"] for one in checks if one["state"] == "fail"] == ["inventory", "keys"]
    shell.workspace.secrets.mkdir(mode=0o700)
    (shell.workspace.secrets / "internal.key").touch(mode=0o600)
    hosts = shell.workspace.inventory / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("lain/backup", "uji/backup"))
    assert "0 failed" in shell("doctor").stdout


def test_the_operator_is_whoever_is_at_the_keyboard_even_behind_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "budi")
    assert operator() == "budi"
    monkeypatch.delenv("SUDO_USER")

    def nobody() -> str:
        raise KeyError("no such uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert operator().startswith("uid ")
