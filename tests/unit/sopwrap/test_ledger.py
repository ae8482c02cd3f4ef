from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sopwrap.chain import START, canonical
from sopwrap.errors import RefusedError, UsageError
from sopwrap.ledger import Draft, Ledger, open_ledger
from tests.unit.sopwrap.ledgers import ZONE, by_hand, filled

COLUMNS = ["seq", "case_id", "at", "kind", "step", "data", "previous", "previous_in_case", "digest"]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


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
