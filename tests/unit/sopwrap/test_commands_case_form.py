"""`sopwrap case form` and the options that give a form back."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from sopwrap.engine import load_case
from tests.unit.sopwrap.shells import RunShell


def test_a_form_is_printed_filled_in_and_stands_in_the_case(run_shell: RunShell, tmp_path: Path) -> None:
    assert "A form goes with it (order; `sopwrap case form`)" in run_shell("run", "iain-ptk-2022", ends=3).stdout
    blank = run_shell("case", "form").stdout
    assert "# Hal: text" in blank
    form = tmp_path / "form.yml"
    form.write_text(yaml.safe_dump({"order": {"subject": "Backup Mei", "urgency": "Segera"}}))
    run_shell("case", "sign", "--as", "siti", "--form", str(form), "--set", "order.subject=Backup Juni")
    case = load_case(run_shell.workspace.ledger(), run_shell.cases[0])
    assert case.form("order") == {"subject": "Backup Juni", "urgency": "segera"}
    told = json.loads(run_shell("case", "form", "l1", "--json").stdout)
    assert {one["id"]: one["value"] for one in told["order"]}["subject"] == "Backup Juni"


def test_a_field_there_is_not_is_told_and_nothing_is_signed(run_shell: RunShell) -> None:
    run_shell("run", "iain-ptk-2022", ends=3)
    said = run_shell("case", "sign", "--as", "siti", "--set", "subjek=x", ends=2).stderr
    assert "did you mean subject?" in said
    case = load_case(run_shell.workspace.ledger(), run_shell.cases[0])
    assert case.current is not None
    assert case.current.step.id == "l1"


def test_a_step_without_a_form_says_so(run_shell: RunShell) -> None:
    run_shell("run", "iain-ptk-2022", ends=3)
    assert "No form is filled in at step l7" in run_shell("case", "form", "l7").stdout
