"""A restore into a fresh place that is killed: the next one on the host tells what was left where, once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register, unproven
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import restore

from tests.unit.collection.toy import Shelf, asset, make_job


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host of its own."""
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    return tmp_path / "var" / "unproven"


def killed_within(target: dict[str, Any]) -> None:
    """A restore of the point `a.1` whose process is killed at its work."""
    child = os.fork()
    if not child:
        with unproven.noted("a.1", target):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_restore_that_ends_by_itself_leaves_no_note(notes: Path) -> None:
    with pytest.raises(Problem), unproven.noted("a.1", {"database": "uji"}):
        assert unproven.killed() == {}, "it is at work"
        raise Problem("The disk is full.")
    assert list(notes.iterdir()) == []


def test_one_that_was_killed_is_told_with_point_and_place_until_it_is_forgotten(notes: Path) -> None:
    killed_within({"database": "uji"})
    (sentence,) = unproven.killed().values()
    assert sentence.startswith("A restore of a.1 into database uji that began at 2")
    unproven.forget(unproven.killed())
    assert unproven.killed() == {} and list(notes.iterdir()) == []


def test_what_somebody_has_removed_is_told_no_more(tmp_path: Path) -> None:
    (tmp_path / "pulih").mkdir()
    killed_within({"path": str(tmp_path / "pulih")})
    assert len(unproven.killed()) == 1
    (tmp_path / "pulih").rmdir()
    assert unproven.killed() == {}


def test_a_host_that_takes_no_note_restores_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with unproven.noted("a.1", {"database": "uji"}):
        assert unproven.killed() == {}


@pytest.mark.parametrize("check", [False, True])
def test_the_next_restore_names_what_a_killed_one_has_left(check: bool, shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "situs").mkdir()
    (tmp_path / "situs" / "isi").write_text("isi", encoding="utf-8")
    one = asset("a", "toko", source={"paths": [str(tmp_path / "situs")]})
    config, place = shelf.config(tmp_path, "toko"), tmp_path / "pulih"
    back_up(make_job([one], config), Files())

    def told(folder: Path, **more: Any) -> Any:
        job = make_job([one], config, target={"path": str(folder)}, **more)
        restore(job, Files())
        return job.records[-1]

    _kill_a_restore_into(place, lambda: told(place))
    left = sorted(place.iterdir())
    again = told(place, check=check) if not check else told(tmp_path / "lain", check=True)
    assert again["outcome"] == ("planned" if check else "refused")
    assert f"into path {place} that began at 2" in again["message"] and sorted(place.iterdir()) == left
    assert ("was killed before" in told(tmp_path / "lagi")["message"]) == check, "a dry run alone leaves the note"


def _kill_a_restore_into(place: Path, restoring: Any) -> None:
    """Kill it at a moment when it has made its folder."""
    child = os.fork()
    if not child:
        try:
            restoring()
        finally:
            os._exit(0)
    while not place.exists():
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
