# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An SQLite database in the place of the living one: two file names are exchanged."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import exchange
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target

SUFFIXES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; a log that is left there would be replayed into another database."""


class SqliteLive(Replaceable):
    """The other database lies in the same folder under a hidden name."""

    def place(self, asset: Asset) -> dict[str, str]:
        """The file."""
        return {"path": _path(asset)}

    def alive(self, asset: Asset) -> bool:
        """Whether the file is there."""
        return os.path.lexists(_path(asset))

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is the living file."""
        return os.path.realpath(str(target.get("path") or "/")) == _path(asset)

    def beside(self, asset: Asset, mark: str) -> Target:
        """A file next to the living one."""
        folder, name = os.path.split(_path(asset))
        return {"path": os.path.join(folder, f".sopwrap-{mark}-{name}")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as the stored database."""
        exchange.require_exchangeable(_path(asset))
        return Room(sum(part["size_bytes"] for part in manifest["parts"]), exchange.free_bytes(_path(asset)))

    def require_idle(self, asset: Asset) -> None:
        """Refuse while any process has the database open; then take what its log holds into the file itself."""
        path = _path(asset)
        users = exchange.users_of([path, *(path + end for end in SUFFIXES)])
        if users:
            raise Problem(
                f"Processes have the database {path} open: {', '.join(users[:5])}.",
                "Name the services they belong to in services of the asset, or end them.",
                refused=True,
            )
        if os.path.lexists(path):
            _empty_log(path)

    def note(self, pair: Pair) -> dict[str, Any]:
        """What both names stand for at present."""
        live, beside = self._names(pair)
        return {"live": exchange.identity(live), "beside": exchange.identity(beside)}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange the names unless the right file lives already. No log is left that belongs to the other one."""
        live, beside = self._names(pair)
        if exchange.identity(live) != pair.notes["live" if back else "beside"]:
            if os.path.lexists(live):
                _empty_log(live)
            exchange.exchange(live, beside)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove the file and what SQLite left beside it."""
        for end in ("", *SUFFIXES):
            exchange.remove(str(target["path"]) + end)

    def _names(self, pair: Pair) -> tuple[str, str]:
        return _path(pair.asset), str(self.beside(pair.asset, pair.mark)["path"])


def _empty_log(path: str) -> None:
    """Have SQLite take everything into the file and remove the log; refuse when one is left."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=30)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)" if mode == "wal" else "BEGIN IMMEDIATE").fetchall()
    left = [path + end for end in ("-wal", "-journal") if _holds(path + end)]
    if left:
        raise Problem(
            f"The database {path} cannot be closed: {', '.join(left)} is left.",
            "Open and close it once with the sqlite3 program, as the user its program runs as.",
        )
    for end in SUFFIXES:
        exchange.remove(path + end)


def _holds(path: str) -> bool:
    return os.path.lexists(path) and os.path.getsize(path) > 0


def _path(asset: Asset) -> str:
    path = str(asset["source"].get("path") or "")
    if not os.path.isabs(path):
        raise Problem("The asset's source names no absolute path.", "Add the database's path to it.", refused=True)
    return os.path.realpath(path)
