from __future__ import annotations

import pytest

from sopwrap.commands._drive import operator
from sopwrap.engine import load_case
from tests.unit.sopwrap.shells import RunShell


def test_an_interrupted_run_keeps_its_case_and_ends_with_130(run_shell: RunShell) -> None:
    run_shell.outcome = "canceled"
    said = run_shell("run", "uji/backup", ends=130).stdout
    assert f"sopwrap case resume {run_shell.cases[0]}" in said
    run_shell.outcome = "ok"
    run_shell("case", "resume")
    assert load_case(run_shell.workspace.ledger(), run_shell.cases[0]).state == "done"


def test_the_operator_is_whoever_is_at_the_keyboard_even_behind_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "budi")
    assert operator() == "budi"
    monkeypatch.delenv("SUDO_USER")

    def nobody() -> str:
        raise KeyError("no such uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert operator().startswith("uid ")
