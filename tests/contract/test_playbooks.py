"""Playbooks say which hosts, which role and which verb, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.sop import library
from tests.contract.house import PLAYBOOKS, named, read, tasks

VERBS = ("backup", "verify", "restore", "copy", "check", "list", "trust", "forget", "rotate", "drill")


@pytest.mark.parametrize("path", PLAYBOOKS, ids=named(PLAYBOOKS))
def test_a_playbook_is_short_and_named_verb_object(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    assert path.stem.split("_")[0] in VERBS
    assert "-" not in path.name, "a hyphen cannot be called by its full name"


@pytest.mark.parametrize("path", PLAYBOOKS, ids=named(PLAYBOOKS))
def test_a_playbook_only_includes_roles_by_full_name(path: Path) -> None:
    for play in read(path):
        assert {"name", "hosts", "gather_facts", "tasks"} <= set(play)
        assert not {"vars", "roles", "vars_files"} & set(play), "values belong in the inventory"
    allowed = {
        f"ansible.builtin.{word}"
        for word in ("include_role", "include_tasks", "import_tasks", "assert", "fail", "meta")
    }
    for task in tasks(path):
        assert allowed & set(task), task["name"]
        role = task.get("ansible.builtin.include_role")
        assert not role or role["name"].startswith("sopwrap.backup."), role


def test_every_action_of_every_sop_is_a_playbook() -> None:
    known = {path.stem for path in PLAYBOOKS}
    for sop in library().values():
        for procedure in sop.procedures:
            for step in procedure.steps:
                assert set(step.actions) <= known, f"{sop.id}/{procedure.id} {step.id}"
