"""Commands of `sopwrap case` typed in a small office's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sopwrap.case import Case
from sopwrap.cli import cli
from sopwrap.engine import run_machine_steps
from sopwrap.ledger import Ledger
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.small_office import Machine, office, place


class Shell:
    """An office's folder with one case in it, and the commands typed there."""

    def __init__(self, folder: Path, **keys: str) -> None:
        self.folder, self.machine = folder, Machine()
        people = office(**keys)
        (folder / "office.yml").write_text(yaml.safe_dump(people.model_dump(mode="json")), encoding="utf-8")
        self.here = place(folder, people=people)
        self.here.machine = self.machine

    def __call__(self, *words: str, ends: int = 0) -> str:
        result: Result = CliRunner().invoke(cli, ["--office", str(self.folder), "case", *words])
        assert result.exit_code == ends, result.output
        return result.output

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))


def in_memory(folder: Path, patch: pytest.MonkeyPatch) -> Shell:
    """An office whose machine steps are done by the machine in memory instead of Ansible."""
    shell = Shell(folder)

    def drive(workspace: Workspace, ledger: Ledger, case_id: str, plain: bool) -> Case:
        return run_machine_steps(ledger, case_id, shell.machine)

    patch.setattr("sopwrap.commands.case.drive", drive)
    return shell
