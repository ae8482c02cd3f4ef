from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sopwrap.errors import LockedError, SopError, UsageError
from sopwrap.ledger import Draft, Ledger, open_ledger
from tests.unit.sopwrap.ledgers import ZONE, filled


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET data = '{}' WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 8",
        "INSERT OR REPLACE INTO ledger SELECT seq, case_id, at, kind, step, '{}', previous, previous_in_case, digest"
        " FROM ledger WHERE seq = 8",
        "INSERT INTO ledger SELECT 20, case_id, at, kind, step, data, 'x', 'y', 'z' FROM ledger WHERE seq = 8",
        # a fork: a second line after line 7
        "INSERT INTO ledger SELECT 9, case_id, at, kind, step, data, previous, 'y', 'z' FROM ledger WHERE seq = 8",
        "INSERT INTO ledger SELECT 9, case_id, at, kind, step, data, 'x', previous_in_case, 'z' FROM ledger"
        " WHERE seq = 7",
    ],
)
def test_the_database_itself_refuses_to_change_remove_or_fork_lines(tmp_path: Path, statement: str) -> None:
    ledger = filled(tmp_path)
    with (
        closing(sqlite3.connect(tmp_path / "ledger.db")) as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"append-only|follow the last|UNIQUE"),
    ):
        connection.execute(statement)
    assert ledger.verify().lines == 8
    assert ledger.verify().fault is None


def test_a_file_that_is_no_ledger_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(SopError, match=r"The ledger .*ledger\.db cannot be used: file is not a database"):
        open_ledger(tmp_path).cases()


def test_a_folder_that_is_not_there_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SopError, match=r"folder of the ledger .* is not there"):
        open_ledger(tmp_path / "nowhere").cases()


@pytest.mark.parametrize("url", ["mysql://someone:hunter2@host/db", "no url at all", "sqlite3:///x:hunter2"])
def test_a_url_that_is_no_ledger_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as error:
        open_ledger(tmp_path, url)
    assert "hunter2" not in str(error.value)


def test_a_relative_file_is_relative_to_the_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = tmp_path / "office"
    office.mkdir()
    monkeypatch.chdir(tmp_path)
    open_ledger(office, "sqlite:///other.db").cases()
    assert (office / "other.db").is_file()


def test_only_one_run_works_at_a_time(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.working():
        with pytest.raises(LockedError, match="Another run is at work"), open_ledger(tmp_path).working():
            pass
        ledger.open_case({}, ZONE)  # people may still act
    with open_ledger(tmp_path).working():
        pass


def _write_fifty(folder: Path, case: str, go: Any) -> None:
    ledger = open_ledger(folder)
    go.wait()
    for number in range(50):
        ledger.append(case, [Draft("number", {"number": number})])
    ledger.open_case({}, ZONE)


def test_two_processes_writing_at_once_make_one_chain(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    case = open_ledger(tmp_path).open_case({}, ZONE).case
    go = context.Barrier(2)
    writers = [context.Process(target=_write_fifty, args=(tmp_path, case, go)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)

    assert [writer.exitcode for writer in writers] == [0, 0]
    verdict = open_ledger(tmp_path).verify()
    assert (verdict.lines, verdict.cases, verdict.fault) == (103, 3, None)
    assert [one.partition("-")[2] for one in open_ledger(tmp_path).cases()] == ["0001", "0002", "0003"]


def _open_new(folder: Path, go: Any) -> None:
    ledger = open_ledger(folder)
    go.wait()
    ledger.open_case({}, ZONE)


def test_four_processes_making_the_ledger_at_once_make_one(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    go = context.Barrier(4)
    writers = [context.Process(target=_open_new, args=(tmp_path, go)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)

    assert [writer.exitcode for writer in writers] == [0] * 4
    assert len(open_ledger(tmp_path).cases()) == 4
    assert open_ledger(tmp_path).verify().fault is None
