from __future__ import annotations

import re
from typing import Literal

import pytest

from sopwrap.papers import chart_symbols
from sopwrap.papers.chart_routes import Link, Node, Routed


@pytest.mark.parametrize(("shape", "corners"), [("diamond", 4), ("pentagon", 5)])
def test_angular_symbols_have_their_corners(shape: Literal["diamond", "pentagon"], corners: int) -> None:
    drawn = chart_symbols.symbol(Node("a", shape, 10, 10, 8, 6, 0, 0, 16, "3"))
    found = re.search(r'points="([^"]+)"', drawn)
    assert found and len(found[1].split()) == corners
    assert (">3<" in drawn) == (shape == "pentagon")


def test_a_capsule_is_round_and_a_box_is_not() -> None:
    assert 'rx="3"' in chart_symbols.symbol(Node("a", "capsule", 10, 10, 12, 6, 0, 0, 16))
    assert 'rx="0"' in chart_symbols.symbol(Node("a", "box", 10, 10, 12, 6, 0, 0, 16))


def test_an_arrow_ends_in_a_head_at_its_last_corner() -> None:
    drawn = chart_symbols.arrow([(0.0, 0.0), (10.0, 0.0), (10.0, 20.0)])
    assert 'points="10,20 ' in drawn
    assert "L10 18.3" in drawn  # the line ends where the head begins


def test_branch_labels_stand_on_white_beside_the_symbols_and_each_other() -> None:
    node = Node("a", "diamond", 20, 10, 10, 8, 0, 0, 16)
    out = [
        Routed(Link("a", "b", "sesuai"), [(25.0, 10.0), (40.0, 10.0), (40.0, 30.0)], "right"),
        Routed(Link("a", "c", "tidak tersedia"), [(20.0, 14.0), (20.0, 30.0)], "bottom"),
    ]
    drawn = chart_symbols.labels(out, [node], (0, 0, 60, 60))
    boxes = [
        tuple(map(float, one))
        for one in re.findall(r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawn)
    ]
    assert len(boxes) == 2
    assert drawn.count('fill="#fff"') == 2
    solid = [(node.left, node.upper, node.width, node.height), *boxes]
    for index, (x, y, width, height) in enumerate(solid):
        for ox, oy, owidth, oheight in solid[index + 1 :]:
            assert x + width <= ox or ox + owidth <= x or y + height <= oy or oy + oheight <= y


def test_signs_of_markup_stay_text() -> None:
    assert "&lt;a&gt; &amp;" in chart_symbols.text(0, 0, "<a> &", 8)
