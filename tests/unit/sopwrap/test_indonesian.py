from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from sopwrap import indonesian

MOMENT = datetime(2026, 5, 8, 7, 5, tzinfo=UTC)
VALUES = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
FIXED = {"nol": 0, "sepuluh": 10, "sebelas": 11, "seratus": 100}
SCALES = {"seribu": 1000, "ribu": 1000, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read(words: str) -> int:
    """Read a number in words back, by rules of its own."""
    total = group = 0
    for word in words.split():
        if word in VALUES:
            group += VALUES[word]
        elif word in FIXED:
            group += FIXED[word]
        elif word == "belas":
            group += 10
        elif word in ("puluh", "ratus"):
            last = group % 10
            group += last * ({"puluh": 10, "ratus": 100}[word] - 1)
        else:
            total += (1 if word == "seribu" else group) * SCALES[word]
            group = 0
    return total + group


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (100, "seratus"),
        (121, "seratus dua puluh satu"),
        (1000, "seribu"),
        (1900, "seribu sembilan ratus"),
        (2026, "dua ribu dua puluh enam"),
        (1_001_000, "satu juta seribu"),
        (5_000_000_000, "lima miliar"),
        (-8, "minus delapan"),
    ],
)
def test_numbers_are_spelt_as_a_clerk_spells_them(number: int, words: str) -> None:
    assert indonesian.terbilang(number) == words


def test_every_number_spelt_reads_back_as_itself() -> None:
    some = random.Random(45)
    for number in [*range(3000), *(some.randrange(10 ** some.randint(4, 12)) for _ in range(3000))]:
        assert read(indonesian.terbilang(number)) == number


def test_days_have_no_leading_zero() -> None:
    assert indonesian.long_date(date(2026, 5, 8)) == "8 Mei 2026"
    assert indonesian.long_date(date(2026, 11, 30)) == "30 November 2026"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Pontianak", "14.05 WIB"),
        ("Asia/Jakarta", "14.05 WIB"),
        ("Asia/Makassar", "15.05 WITA"),
        ("Asia/Jayapura", "16.05 WIT"),
    ],
)
def test_time_is_the_offices_with_a_dot_and_the_zones_own_name(zone: str, said: str) -> None:
    assert indonesian.clock(MOMENT, zone) == said


def test_the_calendar_day_is_that_of_the_zone_and_not_of_utc() -> None:
    evening = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert indonesian.date_time(evening, "Asia/Jayapura") == "1 Januari 2027 pukul 05.00 WIT"
    assert indonesian.short_date_time(evening, "Asia/Jakarta") == "01-01-2027 03.00"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1,00 kB"),
        (1_460_000, "1,46 MB"),
        (999_999, "1,00 MB"),
        (12_345_678_901, "12,35 GB"),
        (3 * 10**15, "3.000,00 TB"),
    ],
)
def test_sizes_use_the_decimal_comma_and_thousands_dot(count: int | None, said: str) -> None:
    assert indonesian.size(count) == said


def test_numbers_use_the_dot_for_thousands_and_the_comma_for_decimals() -> None:
    assert indonesian.number(1234.56, 2) == "1.234,56"
    assert indonesian.number(1234567) == "1.234.567"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "kurang dari 1 detik"),
        (0.99, "kurang dari 1 detik"),
        (59.6, "1 menit"),
        (200, "3 menit 20 detik"),
        (3600, "1 jam"),
        (187_200, "2 hari 4 jam"),
        (86_401, "1 hari"),
    ],
)
def test_measured_durations_say_their_two_largest_units(seconds: float, said: str) -> None:
    assert indonesian.span(seconds) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P1D", "1 hari"),
        ("PT4H", "4 jam"),
        ("P1DT4H", "1 hari 4 jam"),
        ("P30D", "30 hari"),
        ("P", "P"),
        ("x", "x"),
        (None, "–"),
    ],
)
def test_iso_durations_are_said_in_words_and_what_is_none_stands_as_it_is(text: str | None, said: str) -> None:
    assert indonesian.period(text) == said


def test_a_standard_time_is_the_papers_own_words_and_empty_where_it_states_none() -> None:
    assert indonesian.standard_time(timedelta(days=1), "1 (Satu) Hari") == "1 (Satu) Hari"
    assert indonesian.standard_time(timedelta(minutes=15), None) == "15 menit"
    assert indonesian.standard_time(None, None) == ""


def test_the_opening_of_a_berita_acara_spells_date_and_year() -> None:
    assert indonesian.opening(MOMENT, "Asia/Pontianak", "Pontianak") == (
        "Pada hari ini, Jumat, tanggal Delapan bulan Mei tahun Dua Ribu Dua Puluh Enam (08-05-2026), pukul 14.05 WIB, "
        "bertempat di Pontianak, kami yang bertanda tangan di bawah ini:"
    )


def test_the_opening_leaves_the_time_blank_on_a_day_a_person_gave() -> None:
    said = indonesian.opening(MOMENT, "Asia/Pontianak", "Pontianak", "2026-05-11")
    assert "Senin, tanggal Sebelas bulan Mei" in said
    assert "pukul ………… WIB" in said


def test_a_date_that_is_none_stands_as_the_person_wrote_it() -> None:
    assert indonesian.entered_date("2026-05-08") == "8 Mei 2026"
    assert indonesian.entered_date("awal Mei") == "awal Mei"
