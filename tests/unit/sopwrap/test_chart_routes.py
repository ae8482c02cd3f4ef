from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from sopwrap.papers.chart_routes import Board, Link, Node


def _random_board(seed: int) -> tuple[Board, list[Link]]:
    """A board of rows with a symbol or two each, linked on and back at random, as procedures are."""
    some = random.Random(seed)
    lanes = [(20.0 * index, 20.0 * (index + 1)) for index in range(some.randint(1, 6))]
    nodes, links = {}, []
    count = some.randint(3, 12)
    for row in range(count):
        (left, right), *others = some.sample(lanes, len(lanes))
        middle = row * 16 + 9.0
        shape: Any = some.choice(["box", "diamond"])
        nodes[f"{row}"] = Node(f"{row}", shape, (left + right) / 2, middle, 10, 8, row, row * 16.0, row * 16.0 + 16)
        for beside in others[: some.randint(0, 1)]:
            place = (sum(beside) / 2, middle, 10, 8, row, row * 16.0, row * 16.0 + 16)
            nodes[f"{row}/1"] = Node(f"{row}/1", "box", *place)
        if row:
            links.append(Link(f"{row - 1}", f"{row}", "ya"))
        if row > 1 and some.random() < 0.4:
            links.append(Link(f"{row}", f"{some.randrange(row)}", "tidak"))
        if row > 2 and some.random() < 0.3:
            links.append(Link(f"{some.randrange(row - 2)}", f"{row}", "langsung"))
    return Board(nodes, lanes), links


@pytest.mark.parametrize("seed", range(40))
def test_no_arrow_runs_through_a_symbol_and_every_part_is_level_or_plumb(seed: int) -> None:
    board, links = _random_board(seed)
    for one in board.route(links):
        source, target = board.nodes[one.link.source], board.nodes[one.link.target]
        assert one.way[-1] == (target.x, target.upper)
        assert one.way[0] in ((source.x, source.lower), (source.left, source.y), (source.right, source.y))
        for (ax, ay), (bx, by) in pairwise(one.way):
            assert ax == bx or ay == by
            for node in board.nodes.values():
                apart = (
                    max(ax, bx) <= node.left + 0.2
                    or min(ax, bx) >= node.right - 0.2
                    or max(ay, by) <= node.upper + 0.2
                    or min(ay, by) >= node.lower - 0.2
                )
                assert apart, f"{one.link} runs through {node.id}"
