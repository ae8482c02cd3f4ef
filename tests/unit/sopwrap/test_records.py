from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sopwrap.errors import UsageError
from sopwrap.records import evidence, read_lines, stamp


def travelled(**changes: Any) -> dict[str, Any]:
    """A record as the collection sends it."""
    record: dict[str, Any] = {
        "schema": "sopwrap.evidence/1",
        "action": "backup",
        "asset": "siakad-db",
        "kind": "postgresql",
        "host": "db1",
        "point": "siakad-db.20261121T021500Z.4f2a00",
        "case": None,
        "step": None,
        "started_at": "2026-11-21T02:15:00.000001Z",
        "finished_at": "2026-11-21T02:15:02.500001Z",
        "outcome": "ok",
        "tool": {"name": "pg_dump", "version": "15.18"},
        "store": "internal",
        "placement": "internal",
        "medium": None,
        "store_id": "ab12",
        "size_bytes": 10,
        "stored_bytes": 5,
        "sha256": None,
        "fingerprint": None,
        "items": 3,
        "rows": 1000,
        "free_bytes": None,
        "warnings": None,
        "verify": None,
        "retention_until": None,
        "restore": None,
        "message": "Backed up.",
        "hint": None,
    }
    return record | changes


def test_a_record_comes_back_out_as_it_came_in() -> None:
    assert evidence(travelled()).as_dict() == travelled()


def test_it_tells_how_long_it_took_and_whether_it_did_what_was_asked() -> None:
    assert evidence(travelled()).seconds == 2.5
    good = {outcome: evidence(travelled(outcome=outcome)).succeeded for outcome in ("ok", "unchanged")}
    bad = {outcome: evidence(travelled(outcome=outcome)).succeeded for outcome in ("failed", "refused", "planned")}
    assert (set(good.values()), set(bad.values())) == ({True}, {False})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"schema": "sopwrap.evidence/2"}, "not a record of the form sopwrap.evidence/1"),
        ({"outcome": "fine"}, "outcome: "),
        ({"size_bytes": "many"}, "size_bytes: "),
        ({"surprise": 1}, "surprise: "),
        ({"verify": {"method": "read"}}, r"verify\.ok: "),
    ],
)
def test_a_record_that_does_not_fit_is_refused_with_the_field(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        evidence(travelled(**changes))


def test_a_missing_field_is_refused_too() -> None:
    short = travelled()
    del short["host"]
    with pytest.raises(UsageError, match="host: "):
        evidence(short)


def test_a_file_is_read_line_by_line_and_the_wrong_line_is_named() -> None:
    line = json.dumps(travelled())
    assert len(read_lines(f"{line}\n\n{line}\n", "run.jsonl")) == 2
    with pytest.raises(UsageError, match=r"run\.jsonl:2: not JSON"):
        read_lines(f"{line}\n{{\n", "run.jsonl")
    with pytest.raises(UsageError, match=r"run\.jsonl:1: not a record"):
        read_lines("[]\n", "run.jsonl")


def test_times_are_written_in_utc_to_the_microsecond() -> None:
    assert stamp(datetime(2026, 11, 21, 2, 15, tzinfo=UTC)) == "2026-11-21T02:15:00.000000Z"
