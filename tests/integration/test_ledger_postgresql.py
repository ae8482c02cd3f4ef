"""The ledger in PostgreSQL, as an office with several machines has it: the same promises as in SQLite."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sopwrap.errors import LockedError, SopError
from sopwrap.ledger import Draft, Ledger
from tests.office import Office
from tests.unit.sopwrap.small_office import place

DATABASE = "buku_besar"
ZONE = "Asia/Pontianak"


@pytest.fixture
def url(office: Office) -> Iterator[str]:
    server = office.postgresql
    server.sql(f"CREATE DATABASE {DATABASE};", "postgres")
    yield f"postgresql://postgres@/{DATABASE}?host={quote(server.host, safe='')}&port={server.port}"
    server.sql(f"DROP DATABASE {DATABASE} WITH (FORCE);", "postgres")


def _write_fifty(url: str, case: str, go: Any) -> None:
    ledger = Ledger(url)
    go.wait()
    for number in range(50):
        ledger.append(case, [Draft("number", {"number": number})])
    ledger.open_case({}, ZONE)


def test_two_processes_writing_at_once_make_one_chain(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    case, go = Ledger(url).open_case({}, ZONE).case, context.Barrier(2)
    writers = [context.Process(target=_write_fifty, args=(url, case, go)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)

    assert [writer.exitcode for writer in writers] == [0, 0]
    verdict = Ledger(url).verify()
    assert (verdict.lines, verdict.cases, verdict.fault) == (103, 3, None)


def _make_and_open(url: str, go: Any) -> None:
    go.wait()
    Ledger(url).open_case({}, ZONE)


def test_processes_making_the_table_at_once_make_one(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    go = context.Barrier(3)
    writers = [context.Process(target=_make_and_open, args=(url, go)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * 3
    assert len(Ledger(url).cases()) == 3


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger SET data = '{}' WHERE seq = 1", "DELETE FROM ledger WHERE seq = 1", "TRUNCATE ledger"],
)
def test_the_database_itself_refuses_to_change_or_remove_lines(office: Office, url: str, statement: str) -> None:
    ledger = Ledger(url)
    ledger.open_case({}, ZONE)
    with pytest.raises(Exception, match="append-only"):
        office.postgresql.sql(statement, DATABASE)
    assert ledger.verify().lines == 1


def test_a_line_changed_by_the_owner_of_the_table_is_found(office: Office, url: str) -> None:
    ledger = Ledger(url)
    case = ledger.open_case({"a": "é\\u0000'"}, ZONE).case
    ledger.append(case, [Draft("number", {"number": "1"})])
    assert ledger.verify().fault is None
    office.postgresql.sql(
        "ALTER TABLE ledger DISABLE TRIGGER ALL; UPDATE ledger SET data = replace(data, '1', '2') WHERE seq = 2;",
        DATABASE,
    )
    fault = ledger.verify().fault
    assert fault is not None
    assert fault.seq == 2


def test_a_whole_case_runs_in_it_and_one_run_at_a_time(url: str, tmp_path: Path) -> None:
    here = place(tmp_path, Ledger(url))
    with Ledger(url).working(), pytest.raises(LockedError, match="Another run"):
        here.resume()
    here.to("l11")
    assert here.sign("andi").state == "done"
    assert here.ledger.verify().fault is None
    assert not list(tmp_path.glob("ledger.db*"))


def test_a_server_that_is_not_there_gives_one_sentence_without_the_password(tmp_path: Path) -> None:
    address = f"postgresql://someone:hunter22@/x?host={quote(str(tmp_path), safe='')}&port=1"
    with pytest.raises(SopError, match="cannot be used") as error:
        Ledger(address).cases()
    assert "hunter22" not in str(error.value)
    assert "\n" not in error.value.message
