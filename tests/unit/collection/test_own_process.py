"""A module that works on the controller alone is run there as a plain program, and what it says is its result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.plugin_utils import own_process


class Caller:
    """As much of an action as the program's start needs."""

    def __init__(self) -> None:
        self._task = SimpleNamespace(check_mode=False)
        self._loader = SimpleNamespace(get_basedir=lambda: str(Path(__file__).parent))
        self.heard: list[str] = []
        self._display = SimpleNamespace(vvv=self.heard.append)

    def _compute_environment_string(self, into: dict[str, str]) -> str:
        into["DARI_TUGAS"] = "ya"
        return ""


def test_wrong_arguments_come_back_as_its_result_and_the_environment_is_no_argument() -> None:
    told = own_process.carried_out(Caller(), "network_work", {"verb": "backup"})  # type: ignore[arg-type]
    assert told["failed"] and "assets, host, stores" in told["msg"]


def test_a_program_that_ends_without_a_result_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}

    def run(argv: list[str], **more: Any) -> Any:
        seen.update(argv=argv, **more)
        return subprocess.CompletedProcess(argv, -9, "", "Killed: sandi-4711")

    monkeypatch.setattr(own_process.subprocess, "run", run)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    caller = Caller()
    told = own_process.carried_out(caller, "network_work", {"password": "sandi-4711"})  # type: ignore[arg-type]
    assert told["failed"] and "status -9" in told["msg"] and "sandi-4711" not in told["msg"]
    assert caller.heard == ["Killed: sandi-4711"]
    assert "sandi-4711" not in str(seen["argv"]) and "sandi-4711" not in str(seen["env"])
    assert seen["argv"][0] == sys.executable and seen["env"]["DARI_TUGAS"] == "ya"
    assert seen["env"]["PYTHONSAFEPATH"] and seen["cwd"] == str(Path(__file__).parent)
    root, own = seen["env"]["PYTHONPATH"].split(os.pathsep)
    assert (Path(root) / "ansible_collections" / "sopwrap").is_dir() and own == str(tmp_path)
