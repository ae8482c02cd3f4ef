from __future__ import annotations

from datetime import timedelta

import pytest

from sopwrap.words import count, size, span


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "-"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (12_900_000, "12.3 MiB"),
        (1023 * 1024, "1023 KiB"),
    ],
)
def test_sizes_have_three_digits_and_a_binary_unit(number: int | None, text: str) -> None:
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
