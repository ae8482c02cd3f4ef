"""A manifest is stored when it is given, and nothing comes of one that is not, at whatever moment that turns out."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.ahead import Abandoned, Ahead
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic, Stored

from tests.unit.collection.toy import PASSWORD, Shelf

CONTENT = Content.of([{"name": "a", "count": 1, "digest": "x"}])


@pytest.fixture
def restic(shelf: Shelf, tmp_path: Path) -> Iterator[Restic]:
    config = shelf.config(tmp_path, "internal")
    with contextlib.closing(Restic("internal", config["repository"], PASSWORD, config["cache"])) as one:
        yield one


def begun(restic: Restic, content: Beside) -> tuple[Ahead, threading.Event]:
    """Begin to store one; the event says that restic is being started."""
    started = threading.Event()

    def store(known: Content, source: Any) -> Stored:
        started.set()
        return restic.store("/manifest.json", ["sopwrap", f"content:{known.digest}"], "srv", source)

    return Ahead(content, store), started


def test_what_is_given_is_stored_under_the_digest_of_the_content(restic: Restic) -> None:
    ahead, _started = begun(restic, Beside(lambda: CONTENT))
    stored = ahead.give(b"{}")
    (snapshot,) = restic.snapshots("sopwrap", f"content:{CONTENT.digest}")
    assert snapshot["id"].startswith(stored.snapshot) and stored.size == 2


@pytest.mark.parametrize("wait", [True, False])
def test_of_one_that_is_abandoned_nothing_is_left_and_no_program_runs_on(restic: Restic, wait: bool) -> None:
    ahead, started = begun(restic, Beside(lambda: CONTENT))
    if wait:
        started.wait(10)
    ahead.abandon()
    with pytest.raises((Abandoned, Problem)):
        ahead._storing.result()
    assert restic.snapshots("sopwrap") == []


def test_one_without_content_is_never_begun_and_is_not_waited_for(restic: Restic) -> None:
    counted = threading.Event()
    ahead, started = begun(restic, Beside(lambda: counted.wait(30) and CONTENT))
    ahead.abandon()
    counted.set()
    with pytest.raises(Abandoned):
        ahead._storing.result()
    assert not started.is_set()


def test_what_restic_complains_of_is_told_to_who_gives_the_manifest(restic: Restic, tmp_path: Path) -> None:
    (next((tmp_path / "internal" / "keys").iterdir())).unlink()
    ahead, _started = begun(restic, Beside(lambda: CONTENT))
    with pytest.raises(Problem, match="does not open it"):
        ahead.give(b"{}")
    ahead.abandon()


def test_one_that_met_the_lock_of_a_restic_that_had_just_ended_is_stored_all_the_same(restic: Restic) -> None:
    locks = Path(restic.repository, "locks")
    (locks / ("ab" * 32)).symlink_to("/nowhere")  # listed, and gone when it is read

    def store(known: Content, source: Any) -> Stored:
        try:
            return restic.store("/manifest.json", ["sopwrap"], "srv", source)
        finally:
            (locks / ("ab" * 32)).unlink(missing_ok=True)

    ahead = Ahead(Beside(lambda: CONTENT), store)
    assert ahead.give(b"{}").size == 2
    assert len(restic.snapshots("sopwrap")) == 1
