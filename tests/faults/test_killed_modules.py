"""The program that does a backup on the host is killed (SIGKILL) at any moment: every point there is, is whole."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up

from tests.unit.collection.toy import Shelf, Toy, asset, make_job

TIMES = 50
BURIAL = 2.0
"""Seconds until init has taken leave of the dead: for restic the lock of a zombie is one of the living."""


def test_a_backup_killed_at_any_moment_leaves_a_whole_point_or_none_and_the_next_one_sweeps(tmp_path: Path) -> None:
    """Fifty kills spread over a backup; then each point that has a manifest gives it and its data back."""
    shelf = Shelf(tmp_path)
    config = shelf.config(tmp_path, "internal")
    seconds = _one(config, None)
    for number in range(TIMES):
        _one(config, seconds * 1.1 * number / TIMES)
    time.sleep(BURIAL)
    job = make_job([asset("a", "internal")], config)
    back_up(job, Toy({"a": b"isi"}))
    assert job.records[-1]["outcome"] == "unchanged", job.records[-1]["message"]
    store = job.store("internal")
    store.look()
    whole = [entry for entry in store.entries() if entry.manifest]
    for entry in whole:
        (part,) = store.manifest(entry)["parts"]
        with store.restic.dump(str((entry.part("text") or {})["id"]), part["path"]) as stream:
            assert stream.read() == b"isi"
    assert 2 <= len(whole) < TIMES, "some were killed before they were done, some were not"
    for draft in Path(str(config["repository"]), "locks").glob("*-tmp-*"):  # of a restic killed at just that moment
        os.utime(draft, (0, 0))
    back_up(make_job([asset("a", "internal")], config), Toy({"a": b"isi"}))
    assert len(shelf.snapshots(config)) == 2 * len(whole) + 2, "what the dead have left was swept"


def _one(config: dict[str, object], killed_after: float | None) -> float:
    """Back up in a process of its own; kill it after so many seconds; return how long it took."""
    begun = time.monotonic()
    child = os.fork()
    if not child:
        try:
            back_up(make_job([asset("a", "internal")], config), Toy({"a": b"isi"}))
        finally:
            os._exit(0)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - begun
