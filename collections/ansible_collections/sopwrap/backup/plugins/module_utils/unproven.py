# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restores into fresh places, noted on the host while they are at work: one that was killed leaves its note there.

What such a restore has left looks like data that came back, and nobody has proven it. The next restore on the host
tells of it, once; it removes nothing, since somebody may have looked into it. Notes are root's, as all that hosts keep.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import printable


def words(target: dict[str, Any]) -> str:
    """Name the place a restore goes to."""
    return ", ".join(f"{key} {value}" for key, value in sorted(target.items()))


@contextmanager
def noted(point: str, target: dict[str, Any]) -> Iterator[None]:
    """Keep a note that a point is on its way to a place while the block lasts, however it ends but by being killed.

    Its lock goes with the process. Who may not keep notes, and where there is no room for one, restores without.
    """
    with ExitStack() as stack:
        with suppress(OSError):
            os.makedirs(_folder(), mode=0o700, exist_ok=True)
            path = os.path.join(_folder(), secrets.token_hex(8))
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            note = stack.enter_context(open(descriptor, "w", encoding="ascii"))
            stack.callback(os.unlink, path)
            fcntl.flock(note, fcntl.LOCK_EX)
            json.dump({"point": point, "target": target, "began": utc_stamp()}, note)
            note.flush()
        yield


def killed() -> dict[str, str]:
    """The notes nobody holds any more: where each is, and a sentence of it; none of a folder that is gone since."""
    found = {}
    for name in sorted(os.listdir(_folder())) if os.path.isdir(_folder()) and os.geteuid() == 0 else []:
        path = os.path.join(_folder(), name)
        note = _left(path)
        if note and os.path.lexists(note["target"].get("path") or "/"):
            place = printable(words(note["target"]))
            found[path] = (
                f"A restore of {note['point']} into {place} that began at {note['began']} was killed before it was"
                " proven: what it left there is not to be used. Remove it."
            )
    return found


def forget(notes: dict[str, str]) -> None:
    """Remove notes that were told; another restore may have told them at the same moment."""
    for path in notes:
        with suppress(FileNotFoundError):
            os.unlink(path)


def _left(path: str) -> dict[str, Any] | None:
    """Read a note, unless its restore is at work, has just ended or has just begun."""
    try:
        with open(path, encoding="ascii") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            note: dict[str, Any] = json.load(stream)
            return note
    except (OSError, ValueError):
        return None


def _folder() -> str:
    return os.path.join(permit_register.STATE, "unproven")
