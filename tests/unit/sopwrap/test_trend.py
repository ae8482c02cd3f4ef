from __future__ import annotations

import re

from sopwrap.board.trend import HEIGHT, SHOWN, trend


def heights(drawn: str) -> list[float]:
    points = re.search(r'points="([^"]+)"', drawn)
    assert points
    return [float(point.split(",")[1]) for point in points[1].split()]


def test_half_is_drawn_half_as_high() -> None:
    full, half = (HEIGHT - 2 - one for one in heights(trend([10, 5], "Ukuran")))
    assert full == 2 * half


def test_one_number_is_no_trend_and_zeros_are_a_flat_line() -> None:
    assert trend([5], "") == "" and trend([], "") == ""
    assert set(heights(trend([0, 0, 0], ""))) == {HEIGHT - 2.0}


def test_only_the_last_numbers_are_drawn_and_the_drawing_says_what_it_shows() -> None:
    drawn = trend(list(range(500)), 'dari "1" <b>')
    assert len(heights(drawn)) == SHOWN
    assert 'aria-label="dari &#34;1&#34; &lt;b&gt;"' in drawn
