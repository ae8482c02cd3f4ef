from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sopwrap.capacity import proposed_start, room, work
from sopwrap.case import Asset
from sopwrap.points import points
from tests.unit.sopwrap.small_office import office, place, record

LAMAN = Asset(id="laman", kind="files", host="web1", stores=["internal", "external"])
BEGIN = datetime(2026, 11, 16, 1, tzinfo=UTC)


def backup(number: int, size: int, stored: int, seconds: int, **more: Any) -> Any:
    start = BEGIN + timedelta(days=number)
    times = {"started_at": start, "finished_at": start + timedelta(seconds=seconds)}
    return record("backup", "laman", point=f"laman-{number}", size_bytes=size, stored_bytes=stored, **times, **more)


def test_work_is_expected_to_take_the_most_the_last_three_backups_took() -> None:
    records = [backup(0, 9000, 900, 90), backup(1, 100, 10, 5), backup(2, 300, 5, 7), backup(3, 200, 20, 6)]
    expected = work(LAMAN, points(records))
    assert (expected.history, expected.size_bytes, expected.stored_bytes, expected.seconds) == (3, 300, 20, 7)


def test_without_history_nothing_is_expected() -> None:
    expected = work(LAMAN, [])
    assert (expected.history, expected.size_bytes, expected.seconds) == (0, None, None)
    assert room("internal", [], [expected]).enough is None


def asked(size: int, **more: Any) -> Any:
    return record("backup", "laman", outcome="planned", size_bytes=size, free_bytes=1000, **more)


def test_an_asset_without_history_is_as_large_as_its_source_was_at_the_last_dry_run() -> None:
    records = [asked(400), asked(500), record("copy", "laman", "external", outcome="planned", free_bytes=300)]
    expected = work(LAMAN, [], records)
    assert (expected.size_bytes, expected.basis, expected.history) == (500, "source", 0)
    assert expected.told_at == records[1].finished_at
    assert room("internal", records, [expected]).enough is True
    assert room("external", records, [expected]).enough is False


def test_the_newer_of_source_and_history_tells_the_size_and_what_the_source_has_grown_by_is_stored_too() -> None:
    known = [backup(0, 300, 20, 5)]
    late = BEGIN + timedelta(days=1)
    grown = work(LAMAN, points(known), [*known, asked(450, started_at=late, finished_at=late)])
    assert (grown.basis, grown.size_bytes, grown.stored_bytes) == ("source", 450, 170)
    early = BEGIN - timedelta(days=1)
    stale = work(LAMAN, points(known), [asked(450, started_at=early, finished_at=early), *known])
    assert (stale.basis, stale.size_bytes, stale.stored_bytes) == ("history", 300, 20)


def test_room_is_what_the_store_had_when_it_was_last_seen() -> None:
    records = [backup(0, 100, 50, 5, free_bytes=1000), backup(1, 100, 50, 5, free_bytes=55)]
    expected = work(LAMAN, points(records))
    found = room("internal", records, [expected])
    assert (found.free_bytes, found.expected_bytes, found.enough) == (55, 50, False), "a fifth more is asked for"
    assert room("external", records, [expected]).enough is None, "nobody has seen that store"


def test_a_store_that_holds_nothing_of_an_asset_yet_has_to_take_all_of_it() -> None:
    seen = record("check_media", None, "external", free_bytes=150)
    records = [backup(0, 200, 50, 5, free_bytes=150), backup(1, 200, 10, 5, free_bytes=150), seen]
    expected = work(LAMAN, points(records))
    assert expected.fresh == ("external",)
    assert room("internal", records, [expected]).enough is True
    found = room("external", records, [expected])
    assert (found.expected_bytes, found.enough) == (200, False)


@pytest.mark.parametrize(
    ("now", "hours_of_work", "start"),
    [
        ("2026-11-16T02:00", 1, "2026-11-16T09:00"),  # Monday 09.00 WIB → 16.00 WIB
        ("2026-11-16T12:00", 1, "2026-11-16T12:00"),  # the evening
        ("2026-11-15T02:00", 1, "2026-11-15T02:00"),  # Sunday
        ("2026-11-17T02:00", 1, "2026-11-17T02:00"),  # a holiday
        ("2026-11-15T22:00", 4, "2026-11-16T09:00"),  # Monday 05.00 WIB: it would not end before 07.30
        ("2026-11-18T02:00", 20, "2026-11-20T09:00"),  # longer than a night: the week's end
        ("2026-11-18T02:00", 999, "2026-11-18T09:00"),  # longer than any pause
    ],
)
def test_work_fits_between_the_working_hours(tmp_path: Path, now: str, hours_of_work: int, start: str) -> None:
    hours = {"working_hours": {"start": "07:30", "end": "16:00"}, "holidays": ["2026-11-17"]}
    people = type(office()).model_validate(office().model_dump(mode="json") | hours)
    case = place(tmp_path, people=people).case()
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert proposed_start(case, moment, hours_of_work * 3600) == datetime.fromisoformat(start).replace(tzinfo=UTC)
