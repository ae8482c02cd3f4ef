"""The recipes of the checkout's roles/, on the tiny office: collection roles put together."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sopwrap.workspace import resources
from tests.integration.tiny import Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


def play(tiny: Tiny, role: str, verb: str, ends: int = 0, **variables: Any) -> str:
    """Include a recipe with ansible-playbook, as an operator without sopwrap would."""
    include = {"name": "Recipe", "ansible.builtin.include_role": {"name": role, "tasks_from": verb}, "vars": variables}
    playbook = tiny.root / "play.yml"
    playbook.write_text(json.dumps([{"hosts": "sini", "gather_facts": False, "tasks": [include]}]))
    ours = resources()
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(tiny.workspace.inventory), str(playbook)],
        env={
            **os.environ,
            "HOME": str(tiny.root / "home"),
            "ANSIBLE_ROLES_PATH": str(ours.roles),
            "ANSIBLE_COLLECTIONS_PATH": str(ours.collections),
        },
        cwd=tiny.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_web_application_comes_back_whole(tiny: Tiny) -> None:
    parts = {
        "web_application_id": "situs",
        "web_application_database": {"sqlite": {"path": str(tiny.root / "arsip.db")}},
        "web_application_folders": [str(tiny.root / "data")],
        "web_application_quiesce": {"file": str(tiny.root / "data" / "istirahat")},
        "web_application_stores": ["internal", "external"],
    }
    play(tiny, "web_application", "backup", **parts)
    (tiny.root / "data" / "surat.txt").write_text("ruined\n")
    play(tiny, "web_application", "verify", **parts)
    play(tiny, "web_application", "restore", **parts, web_application_target={"path": str(tiny.root / "pulih")})
    assert (tiny.root / "pulih" / "files" / "surat.txt").read_text() == "isi surat\n"
    with sqlite3.connect(tiny.root / "pulih" / "database") as database:
        assert database.execute("SELECT hal FROM surat").fetchall() == [("undangan",)]
    two = {**parts, "web_application_folders": []}
    assert "at least one folder" in play(tiny, "web_application", "backup", ends=2, **two)


def test_the_parts_of_a_linux_host_come_back_side_by_side(tiny: Tiny) -> None:
    play(tiny, "linux_host", "backup")
    (tiny.root / "pulih").mkdir()
    play(tiny, "linux_host", "restore", linux_host_target=str(tiny.root / "pulih"))
    assert (tiny.root / "pulih" / "berkas" / "surat.txt").read_text() == "isi surat\n"


def test_a_recipe_without_a_verb_or_a_target_does_nothing_and_says_so(tiny: Tiny) -> None:
    assert "with tasks_from" in play(tiny, "linux_host", "main", ends=2)
    assert "Name an absolute folder" in play(tiny, "linux_host", "restore", ends=2)
    assert "no such assets" in play(tiny, "linux_host", "backup", ends=2, linux_host_parts=["lain"])
