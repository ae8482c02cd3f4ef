"""The kind `sqlite`: copies of databases others use, and what is refused."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite as module
from ansible_collections.sopwrap.backup.plugins.module_utils import sqlite_copy
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, Stream
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite import Sqlite


class Stored:
    """A point as the kind sees it."""

    id = "x.20260101T000000Z.abcdef"

    def __init__(self, data: bytes, facts: dict[str, Any], content: Content) -> None:
        self.data = data
        self.manifest = {"source": facts}
        self._content = content

    def content(self) -> Content:
        return self._content

    @contextlib.contextmanager
    def open(self, part: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self.data)


@pytest.fixture(params=["delete", "wal"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A database in both journal modes, open in its application."""
    path = tmp_path / "a b?.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {request.param}")
    connection.execute("CREATE TABLE t (v)")
    connection.executemany("INSERT INTO t VALUES (?)", [(number,) for number in range(20_000)])
    connection.commit()
    path.chmod(0o640)
    yield path
    connection.close()


def asset(path: Path, scratch: Path) -> dict[str, Any]:
    scratch.mkdir(exist_ok=True)
    return {"id": "x", "source": {"path": str(path), "scratch": str(scratch)}}


def backed_up(kind: Sqlite, what: dict[str, Any]) -> Stored:
    with kind.capture(what) as capture:
        part = capture.parts[0]
        assert isinstance(part, Stream)
        with part.open() as stream:
            return Stored(stream.read(), capture.facts, capture.content())


def test_the_copy_is_whole_private_and_gone_afterwards(database: Path, tmp_path: Path) -> None:
    what, scratch = asset(database, tmp_path / "s"), tmp_path / "s"
    with Sqlite().capture(what) as capture:
        folder = next(scratch.iterdir())
        assert folder.stat().st_mode & 0o777 == 0o700
        assert capture.content().items[-1]["count"] == 20_000
    assert not list(scratch.iterdir())


def test_the_copy_is_gone_even_when_storing_fails(database: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError), Sqlite().capture(asset(database, tmp_path / "s")):
        raise KeyError
    assert not list((tmp_path / "s").iterdir())


def test_a_point_is_checked_and_restored_with_its_rights(database: Path, tmp_path: Path) -> None:
    kind, what = Sqlite(), asset(database, tmp_path / "s")
    stored = backed_up(kind, what)
    assert "SQLite found no fault" in str(kind.check(what, stored, "database.sqlite", io.BytesIO(stored.data)))
    target = {"path": str(tmp_path / "baru.db")}
    kind.restore(what, stored, target)
    assert kind.content(what, target).difference(stored.content()) is None
    assert (tmp_path / "baru.db").stat().st_mode & 0o777 == 0o640
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".sopwrap", "baru.db-"))]


def test_a_database_sorted_in_a_way_only_its_own_program_knows_comes_back(tmp_path: Path) -> None:
    kind, path, target = Sqlite(), tmp_path / "own.db", {"path": str(tmp_path / "new.db")}
    with contextlib.closing(sqlite3.connect(path)) as own:
        own.create_collation(
            "LOCALIZED", lambda one, other: (one.lower() > other.lower()) - (one.lower() < other.lower())
        )
        own.execute("CREATE TABLE t (v TEXT COLLATE LOCALIZED UNIQUE)")
        own.executemany("INSERT INTO t VALUES (?)", [("b",), ("A",), ("c",), ("B2",)])
        own.commit()
    what = asset(path, tmp_path / "scratch")
    stored = backed_up(kind, what)
    assert kind.check(what, stored, "database.sqlite", io.BytesIO(stored.data))
    kind.restore(what, stored, target)
    assert kind.content(what, target).difference(stored.content()) is None


def test_a_stored_database_that_is_broken_or_another_one_is_found(database: Path, tmp_path: Path) -> None:
    kind, what = Sqlite(), asset(database, tmp_path / "s")
    stored = backed_up(kind, what)
    broken = bytearray(stored.data)
    broken[len(broken) // 2 : len(broken) // 2 + 4000] = b"\xff" * 4000
    with pytest.raises(Problem):
        kind.check(what, stored, "database.sqlite", io.BytesIO(bytes(broken)))
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE t SET v = -1 WHERE v = 7")
    connection.close()
    with pytest.raises(Problem, match="different: t"):
        kind.check(what, stored, "database.sqlite", io.BytesIO(backed_up(kind, what).data))


def test_a_failed_restore_leaves_nothing(database: Path, tmp_path: Path) -> None:
    kind, what = Sqlite(), asset(database, tmp_path / "s")
    stored = backed_up(kind, what)
    stored.data = stored.data[:5000]
    before = set(tmp_path.iterdir())
    with pytest.raises(Problem):
        kind.restore(what, stored, {"path": str(tmp_path / "baru.db")})
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("end", ["", "-wal", "-journal"])
def test_a_target_that_is_not_fresh_is_refused(database: Path, tmp_path: Path, end: str) -> None:
    kind, what = Sqlite(), asset(database, tmp_path / "s")
    stored = backed_up(kind, what)
    (tmp_path / f"baru.db{end}").write_text("milik orang", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        kind.restore(what, stored, {"path": str(tmp_path / "baru.db")})
    assert caught.value.refused
    assert (tmp_path / f"baru.db{end}").read_text(encoding="utf-8") == "milik orang"


def test_the_store_may_be_opened_while_the_copy_is_made(database: Path, tmp_path: Path) -> None:
    """Only what reads the copy waits for it, and what is written after it has settled is not in it."""
    begin, copy = threading.Event(), sqlite_copy._copy

    def held(*arguments: Any) -> str:
        assert begin.wait(10)
        return copy(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_copy, "_copy", held)
        with Sqlite().capture(asset(database, tmp_path / "s")) as capture:
            part = capture.parts[0]
            assert isinstance(part, Stream)
            source = part.open()
            begin.set()
            capture.settle()
            with contextlib.closing(sqlite3.connect(database)) as connection, connection:
                connection.execute("DELETE FROM t")
            with source as stream:
                assert stream.read(6) == b"SQLite"
            assert capture.content().items[-1]["count"] == 20_000


def test_a_copy_that_cannot_be_made_is_told_to_all_who_wait_for_it(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlite_copy, "_quiet", full)
    with Sqlite().capture(asset(database, tmp_path / "s")) as capture:
        part = capture.parts[0]
        assert isinstance(part, Stream)
        for wait in (capture.settle, capture.content, part.open().__enter__):
            with pytest.raises(Problem, match=r"a b\?\.db cannot be read: database or disk is full") as told:
                wait()
            assert "scratch" in str(told.value.hint)
    assert not list((tmp_path / "s").iterdir())


def test_no_file_and_no_room_are_said_before_anything_is_copied(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problem, match="no database file"):
        Sqlite().preflight(asset(tmp_path / "tidak-ada.db", tmp_path / "s"))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
    with pytest.raises(Problem, match="no room"):
        Sqlite().preflight(asset(database, tmp_path / "s"))
