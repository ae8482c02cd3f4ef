# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep an application from writing for a moment, and let it go on in every case.

The asset's `source.quiesce` says how: a file whose presence the application takes for its maintenance mode, or
commands. Without it the asset's `services` are stopped. A backup is watched by the same guard as a restore: when it is
killed, the application goes on all the same.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import guard, services
from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line, run
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle

PAUSE = 1.0
"""Seconds for those who looked for the file, or asked, just before it was there, and have not begun to work yet."""

PATIENCE = 15.0
"""Seconds that work which has begun is given to end."""


def require(asset: Asset) -> None:
    """Refuse an asset that names no way to keep it from writing, or one that cannot work; change nothing."""
    way = _way(asset)
    if not way and not services.of(asset):
        raise Problem(
            f"{asset['id']} does not say what keeps it from writing while it is taken.",
            "Add quiesce to its source, or services to the asset.",
            refused=True,
        )
    if way.get("begin") and not way.get("end"):
        raise Problem(f"quiesce of {asset['id']} begins with a command and has none to end.", "Add end.", refused=True)
    path = file_of(asset)
    if path is not None and not (os.path.isabs(path) and os.path.isdir(os.path.dirname(path))):
        raise Problem(f"The file {path} of quiesce cannot be made.", "Name one in a folder that exists.", refused=True)
    if os.geteuid() != 0:
        raise Problem("Only root keeps an application from writing.", "Set become for the play.", refused=True)
    services.require(asset)


def file_of(asset: Asset) -> str | None:
    """The file that puts the application into its maintenance mode, where that is the way."""
    path = _way(asset).get("file")
    return None if path is None else str(path)


def begin(asset: Asset) -> None:
    """Put the application to rest, if `quiesce` says how; done again it does nothing more.

    An application whose folder is lost needs no file to keep it from writing.
    """
    way, path = _way(asset), file_of(asset)
    if way.get("begin"):
        _command(asset, way["begin"])
    if path is not None:
        with suppress(FileExistsError, FileNotFoundError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                os.fchmod(descriptor, 0o644)
                stream.write(way.get("text") or "")


def end(asset: Asset) -> list[str]:
    """Let the application go on; return sentences about what could not be ended."""
    way, path, trouble = _way(asset), file_of(asset), []
    if path is not None:
        with suppress(FileNotFoundError):
            os.unlink(path)
    if way.get("end"):
        try:
            _command(asset, way["end"])
        except Problem as problem:
            trouble.append(problem.message.rstrip("."))
    return trouble


@contextmanager
def resting(asset: Asset, kind: Replaceable) -> Iterator[None]:
    """Hold the application at rest while the block lasts; nobody writes once it has begun.

    What a killed backup or restore has left of the asset is settled before.
    """
    with journals.alone(asset["id"]):
        _settle_what_broke_off(asset, kind)
        _require_nobody_elses(asset)
        stopped = [] if _way(asset) else services.require(asset)
        journal = journals.begin(asset["id"], kind.name, services=stopped)
        with journal.held():
            journal.reach(journals.LOADING)
            try:
                guard.set_up(journal, kind, asset)
                journal.reach(journals.STOPPING)
                kind.pause(asset)
                services.stop(stopped)
                if _way(asset):
                    time.sleep(PAUSE)
                _await(lambda: kind.require_rest(asset))
                yield
            finally:
                settle(journal, kind, asset)


def _await(check: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            check()
            return
        except Problem:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _settle_what_broke_off(asset: Asset, kind: Replaceable) -> None:
    for journal in journals.of_asset(asset["id"]):
        if journal.state in journals.UNFINISHED:
            with journal.held(wait=PATIENCE) as free:
                if free:
                    settle(journals.load(journal.folder), kind, asset)


def _require_nobody_elses(asset: Asset) -> None:
    path = file_of(asset)
    if path is not None and os.path.lexists(path):
        raise Problem(
            f"{asset['id']} is in maintenance already: there is a file {path}.",
            "Wait until whoever made it has done, or remove it.",
            refused=True,
        )


def _command(asset: Asset, words: list[str]) -> None:
    def explain(status: int, complaints: str) -> Problem:
        return Problem(f"The command {words[0]} of quiesce failed: {last_line(complaints)}.", "Try it by hand.")

    run([str(word) for word in words], explain, user=_way(asset).get("os_user"))


def _way(asset: Asset) -> dict[str, Any]:
    return {key: value for key, value in (asset["source"].get("quiesce") or {}).items() if value}
