# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite databases, copied while others read and write them (see `sqlite_copy`).

Why this is the one kind that lands on a disk first: SQLite has no dump stream that keeps everything. SQL text loses
page size, `user_version`, `application_id` and the inner tables of virtual ones, and a plain copy of the file loses
what still is in the write-ahead log. So the consistent copy is made in a folder only its owner can enter, streamed to
the store from there, and removed in every case.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite_content
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, chosen
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_client import explained, opened
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_copy import copying
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_live import SqliteLive

_PART = "database.sqlite"
_SUFFIXES = ("-wal", "-shm", "-journal")


SOURCE = {
    "path": {"type": "path", "required": True},
    "scratch": {"type": "path", "default": "/var/tmp"},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Sqlite(SqliteLive):
    """The kind `sqlite`; `source` has `path`, and may have `scratch`, a folder with room for a copy (/var/tmp)."""

    name = "sqlite"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Open the database and look at its header."""
        path, scratch = _source(asset)
        status = os.stat(path)
        size = status.st_size + sum(os.path.getsize(path + end) for end in _SUFFIXES[:1] if os.path.exists(path + end))
        if shutil.disk_usage(scratch).free < size:
            raise Problem(
                f"The folder {scratch} has no room for a copy of {path} ({size} bytes).",
                "Make room, or name another folder as scratch in the asset's source.",
            )
        with opened(path) as connection, explained(path):
            facts = sqlite_content.header(connection)
        return {
            "path": path,
            "mode": f"{status.st_mode & 0o7777:04o}",
            "owner": f"{status.st_uid}:{status.st_gid}",
            "size_bytes": size,
            **facts,
        }

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Copy the database to a private folder, and take the fingerprint from the copy while it is stored.

        It is copied while restic opens the store, and whoever asks for what it holds waits for the copy.
        """
        facts = self.preflight(asset)
        path, scratch = _source(asset)
        with (
            tempfile.TemporaryDirectory(prefix="sopwrap-", dir=scratch) as folder,
            copying(path, os.path.join(folder, _PART)) as copied,
        ):
            yield Capture(
                parts=[Stream(_PART, lambda: _opened(copied))],
                content=lambda: _examined(copied(), path, "quick_check"),
                facts=facts,
                tools={"sqlite": sqlite3.sqlite_version},
                settle=copied,
            )

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let SQLite check a copy of the stored database, and compare its rows with those of the backup."""
        _path, scratch = _source(asset, live=False)
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=scratch) as folder:
            copy = os.path.join(folder, _PART)
            with open(copy, "xb") as sink:
                shutil.copyfileobj(stream, sink, 1024 * 1024)
            found = _examined(copy, f"The stored database of {stored.id}")
        difference = stored.content().difference(found)
        if difference:
            raise Problem(f"The stored database is not what was backed up: {difference}.", "Use another point.")
        return f"SQLite found no fault, and {found.count} tables have all their rows"

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Write the database to a new file, with its former permissions, and let SQLite check it first."""
        path = _fresh(target)
        descriptor, beside = tempfile.mkstemp(prefix=".sopwrap-", dir=os.path.dirname(path))
        try:
            with stored.open(_PART) as stream, open(descriptor, "wb") as sink:
                shutil.copyfileobj(stream, sink, 1024 * 1024)
                sink.flush()
                os.fsync(sink.fileno())
            _examined(beside, path)
            _like(beside, stored.manifest["source"])
            _fresh(target)
            os.rename(beside, path)
        finally:
            if os.path.lexists(beside):
                os.unlink(beside)

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """The file is the database."""
        return [
            chosen("/srv/pulih.sqlite", "berkas tujuan yang baru"),
            Step("Salin basis data; berikan kepada akun aplikasinya (chown).", (f'cp --no-clobber {_PART} "$TUJUAN"',)),
            Step("Periksa; jawabannya harus ok.", ("sqlite3 \"$TUJUAN\" 'PRAGMA integrity_check'",)),
        ]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of the restored file."""
        path = str(target["path"])
        return _examined(path, path)


def _source(asset: Asset, live: bool = True) -> tuple[str, str]:
    """Return the paths of the database (which must be a file when `live`) and of the folder for copies."""
    source = asset.get("source") or {}
    path, scratch = str(source.get("path") or ""), str(source.get("scratch") or "/var/tmp")
    if not os.path.isabs(path):
        raise Problem("The asset's source names no absolute path.", "Add the database's path to it.", refused=True)
    if not os.path.isdir(scratch):
        raise Problem(f"The folder {scratch} for copies does not exist.", "Make it, or name another as scratch.")
    if live and not os.path.isfile(path):
        raise Problem(f"There is no database file {path} on this host.", "Correct path in the asset's source.")
    return os.path.realpath(path), scratch


@contextmanager
def _opened(copied: Callable[[], str]) -> Iterator[BinaryIO]:
    with open(copied(), "rb", buffering=0) as stream:
        yield cast(BinaryIO, stream)


def _examined(copy: str, called: str, examination: str = "integrity_check") -> Content:
    """Let SQLite look for damage in a file nobody else uses, then take its fingerprint.

    `quick_check` is the same without comparing indexes with their tables.
    """
    with opened(copy, alone=True) as connection, explained(called):
        if sqlite_content.lend_collations(connection):
            examination = "quick_check"
        faults = [row[0] for row in connection.execute(f"PRAGMA {examination}(3)")]
        if faults != ["ok"]:
            raise Problem(
                f"The database {called} is damaged: {str(faults[0])[:200]}.",
                "Repair it with the sqlite3 program, or restore an earlier point.",
            )
        return sqlite_content.take(connection)


def _fresh(target: dict[str, Any]) -> str:
    """Return the path of the new file; nothing may be there, nor a log that SQLite would replay into it."""
    path = str(target.get("path") or "")
    if not os.path.isabs(path) or not os.path.isdir(os.path.dirname(path)):
        raise Problem(
            f"The target {path or 'of the restore'} is no absolute path in a folder that exists.",
            "Give sopwrap_target: {path: /folder/new-file}.",
            refused=True,
        )
    for end in ("", *_SUFFIXES):
        if os.path.lexists(path + end):
            raise Problem(f"The target {path + end} exists already.", "Name a file that does not exist.", refused=True)
    return path


def _like(path: str, facts: dict[str, Any]) -> None:
    """Give a restored file the permissions of the original, and its owner where this user may."""
    if os.geteuid() == 0:
        user, group = facts["owner"].split(":")
        os.chown(path, int(user), int(group))
    os.chmod(path, int(facts["mode"], 8))
