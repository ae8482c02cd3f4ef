from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sopwrap.errors import LockedError, SopError, UsageError
from sopwrap.workspace import Resources, Workspace, find_workspace, resources
from tests.unit.sopwrap.offices import make


def test_the_office_is_the_nearest_folder_upwards_with_an_office_file(tmp_path: Path) -> None:
    make(tmp_path / "outer")
    inner = make(tmp_path / "outer" / "inner").folder
    (inner / "a" / "b").mkdir(parents=True)
    assert find_workspace(start=inner / "a" / "b").folder == inner
    assert find_workspace(start=tmp_path / "outer" / "inventory").folder == tmp_path / "outer"


def test_no_office_anywhere_above_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no office\.yml") as caught:
        find_workspace(start=tmp_path)
    assert "sopwrap init" in caught.value.hint


def test_an_office_named_has_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not an office"):
        find_workspace(tmp_path)
    assert find_workspace(make(tmp_path / "x").folder).folder == tmp_path / "x"


def test_a_second_run_is_told_who_is_at_work(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    hold = (
        "import pathlib, sys; from sopwrap.workspace import Workspace; sys.argv = ['sopwrap', 'run', 'x']\n"
        f"with Workspace(pathlib.Path({str(workspace.folder)!r})).lock():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(LockedError, match=rf"process {holder.pid} since 20..-.*`sopwrap run x`") as caught,
            workspace.lock(),
        ):
            pass
        assert caught.value.code == 75
        holder.kill()
    with workspace.lock():
        signed = json.loads((workspace.working / "lock").read_text())
    assert signed["pid"] == os.getpid()


def test_the_working_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert make(tmp_path / "office").working.stat().st_mode & 0o777 == 0o700


def test_kinds_are_the_roles_of_the_collection_that_can_back_up(tmp_path: Path) -> None:
    for role, file in (("mainframe", "backup"), ("store", "backup"), ("unfinished", "main")):
        tasks = tmp_path / "ansible_collections/sopwrap/backup/roles" / role / "tasks"
        tasks.mkdir(parents=True)
        (tasks / f"{file}.yml").touch()
    assert Resources(tmp_path, tmp_path, tmp_path, tmp_path).kinds == {"mainframe"}


def test_an_unknown_playbook_names_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "backup_assets.yml").touch()
    ours = Resources(tmp_path, tmp_path, tmp_path, tmp_path)
    assert ours.playbook("backup_assets") == tmp_path / "backup_assets.yml"
    for name in ("dance", "../backup_assets", "/etc/passwd"):
        with pytest.raises(UsageError, match="There is no playbook") as caught:
            ours.playbook(name)
        assert "backup_assets" in caught.value.hint


def test_what_sopwrap_brought_along_is_there() -> None:
    ours = resources()
    assert ours.playbook("backup_assets").is_file()
    assert (ours.collection / "galaxy.yml").is_file()
    assert (ours.example / "hosts.yml").is_file()
    assert ours.kinds


def test_the_places_of_an_office_lie_in_its_folder(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for place in (workspace.inventory, workspace.config, workspace.secrets, workspace.sops, workspace.papers):
        assert place.parent == tmp_path


def test_an_office_that_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".sopwrap").mkdir()
    monkeypatch.setattr("sopwrap.workspace.os.access", lambda path, mode: False)
    with pytest.raises(SopError, match="Nothing can be written") as caught:
        _ = Workspace(tmp_path).working
    assert "mount its disk for writing" in str(caught.value.hint)
