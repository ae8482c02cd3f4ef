# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A consistent copy of an SQLite database that other programs use.

While somebody holds a read lock on a database that keeps a rollback journal, nobody writes into its file, and the file
is the database (https://www.sqlite.org/lockingv3.html). So it is copied as a file, by the kernel: SQLite's own online
backup takes four times as long page by page, and writers wait for as long as it reads. In WAL mode the file is not the
database, and readers stop nobody: there the online backup makes the copy, in one go.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_client import explained, opened

_PIECE = 64 * 1024 * 1024
"""Bytes that are copied at a time; writers have their turn in between."""

_RESTARTS = 3
"""How often a writer may make such a copy begin again before it is made in one go."""


class _Restless(Exception):
    """A writer has been there since the last piece."""


class _Logged(Exception):
    """The database keeps a write-ahead log."""


class _Unwanted(Exception):
    """Nobody waits for the copy any more."""


@contextmanager
def copying(path: str, copy: str) -> Iterator[Callable[[], str]]:
    """Copy a database in a thread of its own; give what waits for the copy, and returns its path or raises a `Problem`.

    The copy is ended with the block, but for one in one go, which SQLite does not let be stopped.
    """
    unwanted = threading.Event()
    made = Beside(_copy, path, copy, unwanted)
    try:
        yield made.result
    finally:
        unwanted.set()
        with suppress(Exception):  # whoever waited for it has been told
            made.result()


def _copy(path: str, copy: str, unwanted: threading.Event) -> str:
    """Make the copy, and return where it is; it begins again when a writer came between two pieces.

    The file itself is opened first and closed last: to close it lets go of every lock this process has on it, SQLite's
    too (fcntl_locking(2), https://www.sqlite.org/howtocorrupt.html).
    """
    with explained(path), open(path, "rb", buffering=0) as file, opened(path) as origin:
        if not os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
            raise sqlite3.OperationalError("another file took its place; it may be busy")
        for piece in (*[_PIECE] * _RESTARTS, None):
            try:
                _as_file(origin, file.fileno(), _emptied(copy), piece, unwanted)
                break
            except _Restless:
                continue
            except _Logged:
                with closing(sqlite3.connect(copy)) as destination:
                    destination.execute("PRAGMA synchronous = OFF")  # a copy that a crash leaves is of no use anyway
                    origin.backup(destination)
                break
    return copy


def _emptied(copy: str) -> int:
    return os.open(copy, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)


def _as_file(origin: sqlite3.Connection, file: int, sink: int, piece: int | None, unwanted: threading.Event) -> None:
    """Copy the file that a connection reads piece by piece (in one: None) and close the copy."""
    known, done, size = None, 0, None
    try:
        while done != size:
            if unwanted.is_set():
                raise _Unwanted
            with _quiet(origin) as (state, size):
                if known not in (None, state):
                    raise _Restless
                known, until = state, size if piece is None else min(size, done + piece)
                while done < until:
                    done += _moved(file, sink, done, until - done)
    finally:
        os.close(sink)


@contextmanager
def _quiet(origin: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Keep writers out of the database; give a number that every write of another changes, and its size in bytes."""
    origin.execute("BEGIN")
    try:
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        told = [origin.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "page_count", "page_size")]
        if told[0] == "wal":
            raise _Logged
        yield origin.execute("PRAGMA data_version").fetchone()[0], told[1] * told[2]
    finally:
        if origin.in_transaction:
            origin.execute("ROLLBACK")


def _moved(file: int, sink: int, start: int, count: int) -> int:
    """Have the kernel copy bytes; return how many. What goes wrong is told as SQLite tells it."""
    try:
        moved = os.sendfile(sink, file, start, count)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise sqlite3.OperationalError("database or disk is full") from error
        raise sqlite3.OperationalError(f"disk I/O error: {error.strerror}") from error
    if not moved:
        raise sqlite3.DatabaseError("the file is shorter than its header says")
    return moved
