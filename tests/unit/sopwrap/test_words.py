from __future__ import annotations

from datetime import timedelta

import pytest

from sopwrap.words import count, gathered, size, span


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "-"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1536, "1.54 kB"),
        (12_900_000, "12.9 MB"),
        (999_600, "1 MB"),
        (999_400, "999 kB"),
        (1234 * 10**15, "1234 PB"),
    ],
)
def test_sizes_have_three_digits_and_the_units_of_the_papers(number: int | None, text: str) -> None:
    assert size(number) == text


def test_one_thing_is_not_several() -> None:
    assert [count(0, "asset"), count(1, "asset"), count(2, "asset")] == ["0 assets", "1 asset", "2 assets"]
    assert [count(1, "copy", "copies"), count(3, "copy", "copies")] == ["1 copy", "3 copies"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (59.6, "1 min"),
        (12, "12 s"),
        (310, "5 min 10 s"),
        (3600, "1 h"),
        (273_600, "3 d 4 h"),
        (86_401, "1 d"),
    ],
)
def test_spans_have_their_two_largest_units(seconds: float, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text


def test_what_is_told_of_many_is_told_once() -> None:
    told = {"web-1": "srv-a is down", "web-2": "srv-a is down", "db": "no point of db", "mail": "no point of mail"}
    assert gathered(told) == ["web-1 and 1 more: srv-a is down", "db and 1 more: no point of db"]


def test_of_many_different_things_the_first_are_told_and_the_rest_is_counted() -> None:
    told = {f"web-{number:03}": f"reason {number}" for number in range(100)}
    assert gathered(told, most=2) == ["web-000: reason 0", "web-001: reason 1", "98 more for other reasons"]
    assert gathered({}) == []
