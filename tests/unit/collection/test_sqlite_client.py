"""SQLite databases are opened for reading only, and what goes wrong comes with what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_client import explained, opened


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "nilai?mode=rw#.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (v)")
    return path


@pytest.mark.parametrize("alone", [False, True])
def test_nothing_can_be_written_whatever_the_name_looks_like(database: Path, alone: bool) -> None:
    with opened(str(database), alone=alone) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO t VALUES (1)")


def test_a_file_nobody_else_uses_is_opened_without_files_beside_it(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
    before = set(database.parent.iterdir())
    with opened(str(database), alone=True) as connection:
        connection.execute("SELECT count(*) FROM t").fetchone()
        assert set(database.parent.iterdir()) == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"), opened(str(tmp_path / "tidak-ada.db")):
        pytest.fail("the block must not run")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("complaint", "hint"),
    [
        ("database is locked", "Wait"),
        ("database or disk is full", "scratch"),
        ("attempt to write a readonly database", "become"),
        ("file is not a database", "repair"),
    ],
)
def test_each_complaint_comes_with_what_to_do(complaint: str, hint: str) -> None:
    with pytest.raises(Problem, match=f"/x.db cannot be read: {complaint}") as told, explained("/x.db"):
        raise sqlite3.DatabaseError(complaint)
    assert hint in str(told.value.hint)
