"""A module that works on the controller alone is run there as a plain program, and what it says is its result."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

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
        into.clear()  # as Ansible does
        into["DARI_TUGAS"] = "ya"
        return ""


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Take the place of the program: what to do instead, in Python."""

    def _pretend(what: str) -> None:
        path = tmp_path / "python"
        path.write_text(f"#!{sys.executable}\n{what}\n", encoding="utf-8")
        path.chmod(0o700)
        monkeypatch.setattr(own_process.sys, "executable", str(path))

    return _pretend


def test_wrong_arguments_come_back_as_its_result_and_the_environment_is_no_argument() -> None:
    with own_process.begun(Caller(), "network_work") as carry_out:  # type: ignore[arg-type]
        told = carry_out({"verb": "backup"})
    assert told["failed"] and "assets, host, stores" in told["msg"]


def test_a_program_that_ends_without_a_result_has_failed(pretend: Callable[[str], None]) -> None:
    pretend("import sys; sys.exit('Killed: sandi-4711')")
    caller = Caller()
    with own_process.begun(caller, "network_work") as carry_out:  # type: ignore[arg-type]
        told = carry_out({"password": "sandi-4711"})
    assert told["failed"] and "status 1" in told["msg"] and "sandi-4711" not in told["msg"]
    assert caller.heard == ["Killed: sandi-4711\n"]


def test_it_has_the_environment_of_ansible_and_of_the_playbook_and_no_argument_in_it_or_on_its_command_line(
    pretend: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pretend("import json, os, sys; sys.stdin.read(); print(json.dumps([dict(os.environ), sys.argv, os.getcwd()]))")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with own_process.begun(Caller(), "network_work") as carry_out:  # type: ignore[arg-type]
        environment, argv, folder = carry_out({"password": "sandi-4711"})
    assert "sandi-4711" not in str([environment, argv]) and environment["PATH"] == os.environ["PATH"]
    assert environment["DARI_TUGAS"] == "ya" and environment["PYTHONSAFEPATH"]
    assert folder == str(Path(__file__).parent)
    root, own = environment["PYTHONPATH"].split(os.pathsep)
    assert (Path(root) / "ansible_collections" / "sopwrap").is_dir() and own == str(tmp_path)


def test_a_program_that_is_given_nothing_ends_with_the_block() -> None:
    started: list[subprocess.Popen[str]] = []
    with (
        pytest.raises(ZeroDivisionError),
        own_process.begun(Caller(), "network_work") as carry_out,  # type: ignore[arg-type]
    ):
        started.append(carry_out.args[2])  # type: ignore[attr-defined]
        raise ZeroDivisionError
    assert started[0].returncode is not None
