"""A second process settles what a killed restore has left, with a secret that no other account can read."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import journal, permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.guard import set_up
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair

from tests.unit.collection.live_toy import LiveToy


def test_the_guard_waits_for_the_restore_to_die_and_then_settles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path))
    toy = LiveToy(tmp_path / "mainan")
    toy.path.write_text("lama")
    made = journal.begin("a", "toy")
    asset = {"id": "a", "source": {"path": str(toy.path)}}
    pair = Pair(asset, made.mark)
    Path(f"{toy.path}.{made.mark}").write_text("baru")
    with made.held():
        made.reach(journal.SWAPPING, notes=toy.note(pair))
        set_up(made, toy, asset)
        toy.swap(Pair(asset, made.mark, made.notes))
        secret = Path("/run/sopwrap", f"{made.mark}.json")
        assert secret.stat().st_mode & 0o777 == 0o600
        time.sleep(1.5)
        assert toy.path.read_text() == "baru", "it waits as long as the restore lives"
    end = time.monotonic() + 20
    while Path(made.folder).exists():
        assert time.monotonic() < end, Path(made.folder, "guard.log").read_text()
        time.sleep(0.1)
    assert toy.path.read_text() == "lama"
    while secret.exists():
        assert time.monotonic() < end, "the secret goes with the guard"
        time.sleep(0.1)


def test_a_killed_holder_lets_go_of_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path))
    made = journal.begin("a", "toy")
    holder = subprocess.Popen(["flock", f"{made.folder}/lock", "sleep", "60"], start_new_session=True)
    time.sleep(0.3)
    with made.held() as free:
        assert not free
    os.killpg(holder.pid, signal.SIGKILL)
    holder.wait()
    with made.held(wait=5) as free:
        assert free
