from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sopwrap.chain import START, canonical
from sopwrap.errors import LockedError, RefusedError, SopError, UsageError
from sopwrap.ledger import Draft, Ledger, open_ledger

ZONE = "Asia/Pontianak"
COLUMNS = ["seq", "case_id", "at", "kind", "step", "data", "previous", "previous_in_case", "digest"]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


def filled(folder: Path) -> Ledger:
    ledger = open_ledger(folder)
    case = ledger.open_case({"a": 1}, ZONE).case
    other = ledger.open_case({"a": 2}, ZONE).case
    ledger.append(case, [Draft("step.done", {"note": "baik – ✓"}, "l1"), Draft("attached", {"size": 3}, "l2")])
    ledger.append(None, [Draft("evidence", {"record": {}})])
    ledger.append(other, [Draft("case.closed", {"outcome": "done", "reason": ""})])
    ledger.append(case, [Draft("decision", {"choice": "sesuai"}, "l3")])
    ledger.append(None, [Draft("evidence", {"record": {"x": 1}})])
    return ledger


def by_hand(folder: Path, statement: str, *values: Any) -> None:
    """Change the file as somebody would who has the rights to it: without the triggers."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)


def test_every_line_follows_the_last_of_the_ledger_and_of_its_case(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    first, second = ledger.entries("2026-0001" if "2026-0001" in ledger.cases() else ledger.cases()[0])[:2]

    assert first.previous == first.previous_in_case == START
    assert second.previous_in_case == first.digest
    assert second.previous != first.digest  # the other case was opened in between
    verdict = ledger.verify()
    assert (verdict.lines, verdict.cases, verdict.fault) == (8, 2, None)


def test_case_numbers_count_within_the_year_of_the_offices_zone(tmp_path: Path) -> None:
    times = iter([datetime(2026, 12, 31, 16, 59, tzinfo=UTC), datetime(2026, 12, 31, 17, 1, tzinfo=UTC)] * 3)
    now = next(times)
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: now)

    assert [ledger.open_case({}, ZONE).case for _ in range(2)] == ["2026-0001", "2026-0002"]
    now = next(times)
    assert [ledger.open_case({}, ZONE).case for _ in range(2)] == ["2027-0001", "2027-0002"]


def test_a_clock_set_back_leaves_the_time_standing_and_its_own_reading_noted(tmp_path: Path) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: now)
    case = ledger.open_case({}, ZONE).case
    now -= timedelta(hours=1)
    late = ledger.append(case, [Draft("number", {"number": "1"})])[0]
    now += timedelta(hours=2)
    after = ledger.append(case, [Draft("number", {"number": "2"})])[0]

    assert late.at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert late.data == {"number": "1", "clock": "2026-03-01T11:00:00.000000Z"}
    assert after.at == datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert "clock" not in after.data
    assert ledger.verify().fault is None


def test_lines_of_one_append_are_written_together_or_not_at_all(ledger: Ledger) -> None:
    case = ledger.open_case({}, ZONE).case
    with pytest.raises(UsageError, match="not UTF-8"):
        ledger.append(case, [Draft("number", {"number": "1"}), Draft("number", {"number": "\udcff"})])
    assert ledger.verify().lines == 1


def test_what_was_decided_on_an_older_view_of_the_case_is_refused(ledger: Ledger) -> None:
    opened = ledger.open_case({}, ZONE)
    ledger.append(opened.case, [Draft("number")], head=opened.digest)
    with pytest.raises(RefusedError, match="has changed while this was being done"):
        ledger.append(opened.case, [Draft("number")], head=opened.digest)
    assert ledger.verify().lines == 2


def test_an_unknown_case_takes_no_line(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="There is no case 2026-0009"):
        ledger.append("2026-0009", [Draft("number")])
    with pytest.raises(UsageError, match="There is no case 2026-0009"):
        ledger.entries("2026-0009")


def test_open_cases_are_those_without_an_end(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    assert len(ledger.cases()) == 2
    assert ledger.cases(open_only=True) == ledger.cases()[:1]


def test_lines_are_found_by_kind_and_text_with_its_signs_and_case(ledger: Ledger) -> None:
    ledger.append(
        None, [Draft("evidence", {"x": "100%_\\A"}), Draft("evidence", {"x": "100%_\\a"}), Draft("other", {})]
    )
    assert [entry.data["x"] for entry in ledger.of_kind("evidence", canonical({"x": "100%_\\A"}))] == ["100%_\\A"]
    assert len(ledger.of_kind("evidence")) == 2


def test_a_digest_printed_on_a_paper_is_found_again(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    entry = ledger.entries(ledger.cases()[0])[-1]
    assert ledger.holding(entry.digest) == entry
    assert ledger.holding("f" * 64) is None


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


def _changed(column: str, value: Any) -> Any:
    """The value with one byte changed."""
    if isinstance(value, int):
        return value ^ 1 if value > 1 else value + 100
    if value is None:
        return "x"
    spot = {"at": 18, "data": 1}.get(column, len(value) // 2)
    return value[:spot] + ("0" if value[spot] != "0" else "1") + value[spot + 1 :]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("seq", range(1, 9))
def test_one_changed_byte_in_any_column_of_any_line_is_found(tmp_path: Path, column: str, seq: int) -> None:
    ledger = filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        (value,) = connection.execute(f"SELECT {column} FROM ledger WHERE seq = ?", (seq,)).fetchone()
    if column == "seq":
        by_hand(tmp_path, "UPDATE ledger SET seq = ? WHERE seq = ?", value + 100, seq)
    else:
        by_hand(tmp_path, f"UPDATE ledger SET {column} = ? WHERE seq = ?", _changed(column, value), seq)

    fault = ledger.verify().fault

    assert fault is not None
    assert fault.seq in (seq, seq + 1, seq + 100)
    assert fault.what


def test_a_line_changed_together_with_its_own_digest_breaks_the_line_after_it(tmp_path: Path) -> None:
    from sopwrap.chain import digest_of

    ledger = filled(tmp_path)
    entry = ledger.entries(ledger.cases()[0])[1]
    data = {"note": "forged"}
    at = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    forged = digest_of(entry.case, at, entry.kind, entry.step, data, entry.previous, entry.previous_in_case)
    by_hand(tmp_path, "UPDATE ledger SET data = ?, digest = ? WHERE seq = ?", canonical(data), forged, entry.seq)

    fault = ledger.verify().fault

    assert fault is not None
    assert fault.seq == entry.seq + 1
    assert "does not follow the line above" in fault.what


@pytest.mark.parametrize("seq", [1, 4])
def test_a_line_taken_out_is_found(tmp_path: Path, seq: int) -> None:
    ledger = filled(tmp_path)
    by_hand(tmp_path, "DELETE FROM ledger WHERE seq = ?", seq)
    fault = ledger.verify().fault
    assert fault is not None
    assert "a line is missing" in fault.what


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
