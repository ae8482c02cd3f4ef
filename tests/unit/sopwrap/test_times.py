from __future__ import annotations

from datetime import timedelta

import pytest

from sopwrap.imports.times import column_unit, read_time

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("15 menit", 15 * MINUTE),
        ("10 mnt", 10 * MINUTE),
        ("5’", 5 * MINUTE),
        ("15'", 15 * MINUTE),
        ("1 (Satu) Hari", DAY),
        ("1 (satu) jam 15 (lima belas) menit", 75 * MINUTE),
        ("2 jam 30 menit", 150 * MINUTE),
        ("1 hari, 4 jam", 28 * HOUR),
        ("1 hari kerja", DAY),
        ("1 hr", DAY),
        ("1/2 hari", 12 * HOUR),
        ("½ jam", 30 * MINUTE),
        ("1 1/2 jam", 90 * MINUTE),
        ("1,5 jam", 90 * MINUTE),
        ("setengah hari", 12 * HOUR),
        ("sehari", DAY),
        ("dua hari", 2 * DAY),
        ("tiga puluh menit", 30 * MINUTE),
        ("lima belas menit", 15 * MINUTE),
        ("3x24 jam", 3 * DAY),
        ("10 Menit.", 10 * MINUTE),
    ],
)
def test_a_duration_is_read_as_offices_write_it(text: str, time: timedelta) -> None:
    read = read_time(text)
    assert (read.time, read.doubt) == (time, "")


@pytest.mark.parametrize(
    ("text", "time", "doubt"),
    [
        ("± 2 hari", 2 * DAY, "no exact time"),
        ("maks. 3 hari", 3 * DAY, "no exact time"),
        ("15 menit s.d. 1 jam", HOUR, "upper bound"),
        ("10-15 menit", 15 * MINUTE, "upper bound"),
        ("15 s/d 30 menit", 30 * MINUTE, "upper bound"),
        ("antara 1 dan 2 jam", 2 * HOUR, "upper bound"),
        ("1 minggu", 7 * DAY, "counted as 7 days"),
        ("15 menit/berkas", 15 * MINUTE, "/berkas"),
    ],
)
def test_what_is_not_exact_is_read_and_said_so(text: str, time: timedelta, doubt: str) -> None:
    read = read_time(text)
    assert read.time == time
    assert doubt in read.doubt


@pytest.mark.parametrize("text", ["segera", "08.00 - 10.00 WIB", "kondisional", "9" * 400 + " hari", "15"])
def test_what_is_no_duration_has_no_time_and_says_so(text: str) -> None:
    assert read_time(text).time is None
    assert read_time(text).doubt


@pytest.mark.parametrize("text", ["", "-", " – ", "…."[:0]])
def test_a_blank_is_a_blank(text: str) -> None:
    assert read_time(text).time is None
    assert not read_time(text).doubt


def test_a_bare_number_counts_in_the_unit_of_its_column() -> None:
    assert column_unit("Waktu (Menit)") == "menit"
    assert read_time("15", column_unit("Waktu (Menit)")).time == 15 * MINUTE
    assert column_unit("Waktu") == ""
