"""A second process settles what a killed restore has left, with a secret that no other account can read."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import guard, journal, permit_register
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
    asset = {"id": "a", "source": {"path": str(toy.path), "password": "sandi-rahasia"}}
    pair = Pair(asset, made.mark)
    Path(f"{toy.path}.{made.mark}").write_text("baru")
    with made.held():
        made.reach(journal.SWAPPING, notes=toy.note(pair))
        set_up(made, toy, asset)
        toy.swap(Pair(asset, made.mark, made.notes))
        secret = Path("/run/sopwrap", f"{made.mark}.json")
        assert secret.stat().st_mode & 0o777 == 0o600
        assert b"sandi-rahasia" in secret.read_bytes()
        on_disk = [path for path in Path(made.folder).iterdir() if path.is_file()]
        assert "asset.json" in {path.name for path in on_disk}
        assert not [path for path in on_disk if b"sandi-rahasia" in path.read_bytes()]
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


def test_nothing_of_a_device_is_written_down_for_after_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path))
    monkeypatch.setattr(guard, "_launch", lambda _journal, lasting: launched.append(lasting))
    toy, launched = LiveToy(tmp_path / "mainan"), list[bool]()
    toy.elsewhere = True
    made = journal.begin("a", "toy")
    with made.held():
        set_up(made, toy, {"id": "a", "source": {"enable": "sandi-rahasia"}})
    assert launched == [False]
    assert not Path(made.folder, "asset.json").exists()


def secrets_of(options: dict[str, Any]) -> set[str]:
    """The names of all options that are kept secret, at any depth."""
    own = {name for name, option in options.items() if option.get("no_log")}
    return own.union(*(secrets_of(option["options"]) for option in options.values() if "options" in option))


@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "redis", "openldap", "files", "sqlite", "application"])
def test_what_is_taken_out_of_an_asset_is_all_that_its_source_keeps_secret(kind: str) -> None:
    source = importlib.import_module(f"ansible_collections.sopwrap.backup.plugins.module_utils.{kind}").SOURCE
    assert secrets_of(source) <= {"password"}


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
