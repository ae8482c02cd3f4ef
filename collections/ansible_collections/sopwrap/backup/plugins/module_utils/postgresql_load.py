# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored dump into pg_restore: as the stream it is, or, for several processes at once, from a file of this host.

Only a file can be read at many places. It has no name (open(2), O_TMPFILE), so that nothing is left of it however the
restore ends.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.account import account
from ansible_collections.sopwrap.backup.plugins.module_utils.job import human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Handed, pump

SCRATCH = "/var/tmp"
"""Where large files are for a while (hier(7)); /tmp is memory on many hosts."""

_MOST = 64


def jobs(asset: Asset, target: dict[str, Any]) -> int:
    """How many processes load: as the target says, or the asset's source; one without either."""
    given = target.get("jobs") or asset["source"].get("jobs") or 1
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _MOST:
        raise Problem(f"jobs is not a number from 1 to {_MOST}.", "Write it as jobs: 4.", refused=True)
    return given


def require_room(stored: StoredPoint, part: str, wanted: int) -> None:
    """Refuse to load with several processes where the dump has no room on this host."""
    size = next(int(one["size_bytes"]) for one in stored.manifest["parts"] if one["name"] == part)
    status = os.statvfs(SCRATCH)
    free = status.f_bavail * status.f_frsize
    if wanted > 1 and free < size:
        raise Problem(
            f"{human(size)} are needed in {SCRATCH} to load with {wanted} processes, and {human(free)} are free.",
            "Make room there, or leave jobs out: one process needs none.",
            refused=True,
        )


def load(client: Client, stored: StoredPoint, part: str, words: list[str], wanted: int, *handed: Handed) -> None:
    """Have pg_restore load a part with these words more, and as many processes as are wanted."""
    argv = ["pg_restore", "--no-password", "--exit-on-error", *words]
    if wanted == 1:
        with stored.open(part) as stream:
            feed(client, argv, stream, *handed)
        return
    with _landed(client) as (file, sink):
        with stored.open(part) as stream:
            pump(stream, sink, lambda piece: None)
        with client.child([*argv, f"--jobs={wanted}", file.path], "be restored", *handed, file) as child:
            child.finish()


def feed(client: Client, argv: list[str], stream: BinaryIO, *handed: Handed) -> None:
    """Pump a stored dump into a pg_restore."""
    with client.child(argv, "be restored", *handed) as child:
        pump(stream, child.stdin, lambda piece: None)
        child.finish()


class _Landed:
    """A file without a name that the client programs can open."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    @property
    def path(self) -> str:
        """Its name for a program that was given it."""
        return f"/dev/fd/{self.fd}"

    def close(self) -> None:
        """It goes with the block it was made for."""


@contextmanager
def _landed(client: Client) -> Iterator[tuple[_Landed, BinaryIO]]:
    with tempfile.TemporaryFile(dir=SCRATCH) as sink:
        user = client.setting["user"]
        if user is not None and os.geteuid() == 0:
            os.fchown(sink.fileno(), account(user).pw_uid, -1)
        yield _Landed(sink.fileno()), sink
