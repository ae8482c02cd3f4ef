"""Copies of SQLite databases that others write: consistent, and nobody waits for long."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite_client
from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite_copy as module
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_copy import copying

ROWS = 20_000

WRITER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
print(flush=True)
while True:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE t SET v = v + 1 WHERE id = 1")
    connection.execute("UPDATE t SET v = v - 1 WHERE id = 20000")
    connection.execute("COMMIT")
    time.sleep(float(sys.argv[2]))
"""
"""Another process that moves one from the last row to the first, each in a page of its own: the sum stays."""


@pytest.fixture(params=["delete", "truncate", "wal"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A database of 6 MB, open in its application."""
    path = tmp_path / "sibuk.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {request.param}")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v, filler)")
        connection.executemany("INSERT INTO t VALUES (?, 0, ?)", [(n, "x" * 250) for n in range(1, ROWS + 1)])
        connection.commit()
        yield path


@contextlib.contextmanager
def written(path: Path, pause: float = 0.0) -> Iterator[None]:
    """Have another process write without rest, or with a pause (seconds) after each time."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(pause)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        try:
            yield
        finally:
            writer.kill()


def sums(copy: str) -> tuple[int, int, str]:
    """Rows, their sum, and whether SQLite finds a fault."""
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        count, total = connection.execute("SELECT count(*), sum(v) FROM t").fetchone()
        return count, total, connection.execute("PRAGMA integrity_check").fetchone()[0]


@pytest.mark.parametrize("piece", [64 * 1024, 64 * 1024 * 1024], ids=["in pieces", "at once"])
def test_whatever_others_write_meanwhile_a_copy_is_of_one_moment(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(module, "_PIECE", piece)
    with written(database, pause=0.003):
        for number in range(12):
            with copying(str(database), str(tmp_path / f"salinan-{number}")) as copied:
                assert sums(copied()) == (ROWS, 0, "ok")


def test_what_was_written_last_is_in_the_copy_a_log_holding_it_or_not(database: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE t SET v = 5 WHERE id = 3")
        connection.commit()
        with copying(str(database), str(tmp_path / "salinan")) as copied:
            assert sums(copied()) == (ROWS, 5, "ok")


def test_a_copy_has_the_very_bytes_of_a_database_that_rests(tmp_path: Path) -> None:
    path = tmp_path / "tenang.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 7")
        connection.execute("CREATE TABLE t (v)")
    with path.open("ab") as file:
        file.write(b"what follows the last page belongs to no database")
    size = path.stat().st_size // 4096 * 4096
    with copying(str(path), str(tmp_path / "salinan")) as copied:
        assert Path(copied()).read_bytes() == path.read_bytes()[:size]
    assert (tmp_path / "salinan").stat().st_mode & 0o777 == 0o600


def test_writers_get_their_turn_between_two_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PIECE", 4096)
    path, quiet, turns = tmp_path / "sibuk.db", module._quiet, []
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (v)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 2000,) for _ in range(10)])

    def after_a_writer(origin: sqlite3.Connection) -> contextlib.AbstractContextManager[tuple[int, int]]:
        with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            turns.append(1)
        return quiet(origin)

    monkeypatch.setattr(module, "_quiet", after_a_writer)
    with copying(str(path), str(tmp_path / "salinan")) as copied:
        copied()
    assert len(turns) == path.stat().st_size // 4096 > 5


def test_no_lock_outlives_the_copy(database: Path, tmp_path: Path) -> None:
    with copying(str(database), str(tmp_path / "salinan")) as copied:
        copied()
    with contextlib.closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert writer.in_transaction


def test_a_file_that_is_shorter_than_its_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pendek.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (v)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 2000,) for _ in range(100)])
    os.truncate(path, 40_960)
    with pytest.raises(Problem, match=r"shorter|malformed"), copying(str(path), str(tmp_path / "salinan")) as copied:
        copied()


def test_writers_that_never_rest_cannot_keep_a_copy_from_ending(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every write makes a copy in pieces begin again; after some times it is made in one go."""
    monkeypatch.setattr(module, "_PIECE", 4096)
    monkeypatch.setattr(module, "_moved", lambda *more, moved=module._moved: (time.sleep(0.001), moved(*more))[1])
    with written(database), copying(str(database), str(tmp_path / "salinan")) as copied:
        assert sums(copied()) == (ROWS, 0, "ok")


def test_a_database_that_stays_locked_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_client, "PATIENCE", 0.2)
    path = tmp_path / "terkunci.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE t (v)")
        holder.execute("BEGIN EXCLUSIVE")
        with (
            copying(str(path), str(tmp_path / "salinan")) as copied,
            pytest.raises(Problem, match="locked") as caught,
        ):
            copied()
    assert "Wait" in str(caught.value.hint)


def test_a_copy_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    path, unwanted = tmp_path / "tenang.db", threading.Event()
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (v)")
    unwanted.set()
    with pytest.raises(module._Unwanted):
        module._copy(str(path), str(tmp_path / "salinan"), unwanted)
