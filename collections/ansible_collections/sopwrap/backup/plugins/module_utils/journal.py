# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of one replacing restore: how far it has come, on the host's own disk, written before each step.

A power cut or a killed process leaves it; the guard, or the next restore of the asset, brings everything in order
from it. It holds no secret.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register, restart
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable

LOADING, STOPPING, SWAPPING, SWAPPED = "loading", "stopping", "swapping", "swapped"
DONE, UNDONE, BACK = "done", "undone", "back"
"""The states in their order. `done`: the restored data lives, the former is kept beside until `undo_until`. `undone`:
it was taken back, and the restored data is kept as long. `back`: the restore failed, and the former data lives."""

UNFINISHED = (LOADING, STOPPING, SWAPPING, SWAPPED)


@dataclass
class Journal:
    """One restore. `services` are the units that ran before and have to run again.

    `keep` says that a way back must leave what is beside: it is the former data of a restore that is taken back.
    `answered` says whether the page of the former data answered: no more is asked of it when it lives again.
    """

    mark: str
    asset: str
    kind: str
    state: str = LOADING
    point: str = ""
    permit: str = ""
    place: dict[str, str] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    safety: str | None = None
    undo_until: str = ""
    keep: bool = False
    answered: bool = True
    said: str = ""
    times: dict[str, str] = field(default_factory=dict)
    folder: str = ""

    def reach(self, state: str, **known: Any) -> None:
        """Note a state and what is known from now on; it is on the disk before this returns."""
        for key, value in known.items():
            setattr(self, key, value)
        self.state = state
        self.times[state] = utc_stamp()
        permit_register.write_whole(os.path.join(self.folder, "journal.json"), asdict(self))
        if state not in UNFINISHED:
            restart.disarm(self.mark)

    @contextmanager
    def held(self, wait: float = 0.0) -> Iterator[bool]:
        """Hold the journal; give False when another living process still does after `wait` seconds."""
        with open(os.path.join(self.folder, "lock"), "w", encoding="ascii") as lock:
            yield _lock(lock.fileno(), wait)

    def drop(self) -> None:
        """Remove the journal: nothing of this restore is left on the host."""
        shutil.rmtree(self.folder, ignore_errors=True)


def begin(asset: str, kind: str, **known: Any) -> Journal:
    """Make the folder of a new journal; nothing is written until it reaches its first state."""
    mark = secrets.token_hex(4)
    journal = Journal(mark, asset, kind, folder=os.path.join(_home(), mark), **known)
    os.makedirs(journal.folder, mode=0o700)
    return journal


def load(folder: str) -> Journal:
    """Read a journal from its folder."""
    try:
        with open(os.path.join(folder, "journal.json"), encoding="utf-8") as stream:
            return Journal(**json.load(stream))
    except (OSError, ValueError, TypeError) as error:
        raise Problem(
            f"The journal of a former restore in {folder} cannot be read.", "Look into it, then remove that folder."
        ) from error


def of_asset(asset: str) -> list[Journal]:
    """The journals of an asset, the oldest first; a folder whose first line was never written is removed."""
    found = []
    for name in os.listdir(_home()):
        folder = os.path.join(_home(), name)
        if os.path.isdir(folder) and not os.path.exists(os.path.join(folder, "journal.json")):
            shutil.rmtree(folder, ignore_errors=True)
        elif os.path.isdir(folder):
            found.append(load(folder))
    own = [journal for journal in found if journal.asset == asset]
    return sorted(own, key=lambda journal: journal.times.get(LOADING, ""))


@contextmanager
def alone(asset: str) -> Iterator[None]:
    """Keep any second restore of this asset on this host away while the block lasts; refuse an id that is a path."""
    if "/" in asset:
        raise Problem(f"{printable(asset)} is no id of an asset.", "Correct the id in the inventory.", refused=True)
    with open(os.path.join(_home(), f"{asset}.lock"), "w", encoding="ascii") as lock:
        if not _lock(lock.fileno(), 0.0):
            raise Problem(f"Another restore of {asset} is running on this host.", "Wait for it to end.", refused=True)
        yield


def _lock(descriptor: int, wait: float) -> bool:
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.1)


def _home() -> str:
    if os.geteuid() != 0:
        raise Problem("Only root replaces living data.", "Set become for the play.", refused=True)
    folder = os.path.join(permit_register.STATE, "restores")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder
