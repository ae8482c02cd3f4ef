# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite databases, copied page by page through SQLite's own online backup while others read and write them.

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
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite_content
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, chosen
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_live import SqliteLive

_PART = "database.sqlite"
_PATIENCE = 60.0
"""Seconds to wait for a writer that holds the database."""

_STEP = 4096
"""Pages per step when writers would otherwise be kept waiting."""

_RESTARTS = 3
"""How often a writer may make such a copy begin again before it is made in one go."""

_MAPPED = 1 << 40
"""Bytes of a file nobody else uses that are read as memory; SQLite itself takes at most 2 GiB."""

_SUFFIXES = ("-wal", "-shm", "-journal")


class _Restless(Exception):
    """Writers have made the copy begin anew too often."""


class _Unwanted(Exception):
    """Nobody waits for the copy any more."""


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
        with _open(path) as connection, _explained(path):
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
            _copying(path, os.path.join(folder, _PART), in_one_go=facts["journal_mode"] == "wal") as copied,
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
def _open(path: str, alone: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a database that exists, for reading only; one that nobody else uses (`alone`) without files beside it."""
    with _explained(path):
        address = f"file:{quote(path)}?mode=ro{'&immutable=1' if alone else ''}"
        connection = sqlite3.connect(
            address, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
    with closing(connection):
        if alone:  # nobody cuts such a file short, which is what reading it as memory would not survive
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        yield connection


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn what SQLite complains of into the operator's sentence."""
    try:
        yield
    except sqlite3.Error as error:
        hint = "Correct path in the asset's source, or repair the database with the sqlite3 program."
        if "locked" in str(error) or "busy" in str(error):
            hint = "Wait for the program that holds it, then run again."
        elif "disk is full" in str(error):
            hint = "Make room for a copy, or name another folder as scratch in the asset's source."
        elif "unable to open" in str(error) or "readonly" in str(error):
            hint = "Set become for the play, or open it once with its own program so that it can recover."
        raise Problem(f"The database {path} cannot be read: {error}.", hint) from error


@contextmanager
def _copying(path: str, copy: str, in_one_go: bool) -> Iterator[Callable[[], str]]:
    """Copy a database in a thread of its own; give what waits for the copy, and returns its path or raises a `Problem`.

    The copy is ended with the block, but for one in one go, which SQLite does not let be stopped.
    """
    unwanted = threading.Event()
    copying = Beside(_copy, path, copy, in_one_go, unwanted)
    try:
        yield copying.result
    finally:
        unwanted.set()
        with suppress(Exception):  # whoever waited for it has been told
            copying.result()


@contextmanager
def _opened(copied: Callable[[], str]) -> Iterator[BinaryIO]:
    with open(copied(), "rb", buffering=0) as stream:
        yield cast(BinaryIO, stream)


def _copy(path: str, copy: str, in_one_go: bool, unwanted: threading.Event) -> str:
    """Make a consistent copy of a database that others use, and return where it is.

    Readers of a database in WAL mode stop nobody, so it is copied in one go. Otherwise writers would have to wait: the
    copy goes in steps, begins again when one of them has written, and after some times is made in one go all the same.
    """
    with _explained(path), _open(path) as origin:
        for pages in (-1,) if in_one_go else (_STEP, -1):
            try:
                os.close(os.open(copy, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
                with closing(sqlite3.connect(copy)) as destination:
                    destination.execute("PRAGMA synchronous = OFF")  # a copy that a crash leaves is of no use anyway
                    origin.backup(destination, pages=pages, progress=_impatient(unwanted), sleep=0.05)
                break
            except _Restless:
                continue
    return copy


def _impatient(unwanted: threading.Event) -> Callable[[int, int, int], None]:
    """Follow a copy: give it up when nothing moves for too long, when it begins again too often, or when asked to."""
    state = {"remaining": -1, "restarts": 0, "moved": time.monotonic()}

    def progress(status: int, remaining: int, total: int) -> None:
        if unwanted.is_set():
            raise _Unwanted
        if remaining != state["remaining"]:
            state["restarts"] += 0 <= state["remaining"] < remaining
            state.update(remaining=remaining, moved=time.monotonic())
        if state["restarts"] > _RESTARTS:
            raise _Restless
        if time.monotonic() - state["moved"] > _PATIENCE:
            raise sqlite3.OperationalError(f"database is locked for more than {_PATIENCE:.0f} seconds")

    return progress


def _examined(copy: str, called: str, examination: str = "integrity_check") -> Content:
    """Let SQLite look for damage in a file nobody else uses, then take its fingerprint.

    `quick_check` is the same without comparing indexes with their tables.
    """
    with _open(copy, alone=True) as connection, _explained(called):
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
