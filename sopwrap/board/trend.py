"""A row of numbers as a small drawing inside the line of text (SVG, no script)."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT, EDGE = 96, 22, 2
SHOWN = 30
"""The last numbers that are drawn; more would be narrower than a pixel on a telephone."""


def trend(numbers: Sequence[float], says: str) -> Markup:
    """Draw the numbers from zero up, so that half is half as high; nothing with fewer than two. ``says`` names it."""
    shown = list(numbers)[-SHOWN:]
    if len(shown) < 2:
        return Markup("")
    highest, step = max([*shown, 1]), (WIDTH - 2 * EDGE) / (len(shown) - 1)
    spots = [
        (EDGE + place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * max(number, 0) / highest)
        for place, number in enumerate(shown)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    x, y = spots[-1]
    return Markup(
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(says)}"><title>{escape(says)}</title>'
        f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="1.8"/></svg>'
    )
