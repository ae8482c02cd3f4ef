"""The arrows of a flow chart: each is the cheapest of the ways it could take round the symbols.

All lengths are mm, y grows downwards. A way is a list of corners; every part of it is level or plumb. Arrows
enter a symbol from above, so that loops join the line that is already there; they leave below or at the side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Point = tuple[float, float]
Way = list[Point]
Port = Literal["bottom", "left", "right"]
JOIN = 1.9  # below a row's upper edge: where arrows from elsewhere join the one from above
TRACK = 1.7  # between the tracks beside the symbols of a lane
CROSSING, BEND, SHARED_PORT, COVERED = 25.0, 3.0, 60.0, 1000.0


@dataclass(frozen=True)
class Node:
    """A symbol: its middle, size, row (0 = the page's first), and the row's upper and lower edge."""

    id: str
    shape: Literal["capsule", "box", "diamond", "pentagon"]
    x: float
    y: float
    width: float
    height: float
    row: int
    top: float
    bottom: float
    text: str = ""

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width / 2

    @property
    def upper(self) -> float:
        """Its upper edge."""
        return self.y - self.height / 2

    @property
    def lower(self) -> float:
        """Its lower edge."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Link:
    """An arrow to draw, with the label of its branch."""

    source: str
    target: str
    label: str = ""


@dataclass
class Routed:
    """An arrow with its way."""

    link: Link
    way: Way
    port: Port = "bottom"


@dataclass
class Board:
    """What is on a page so far. ``lanes`` are (left, right) of each lane, in the order of the columns."""

    nodes: dict[str, Node]
    lanes: list[tuple[float, float]]
    routed: list[Routed] = field(default_factory=list)

    def route(self, links: list[Link]) -> list[Routed]:
        """Give every link its way; short ones choose first, so that loops go round them."""
        order = sorted(links, key=lambda link: abs(self.nodes[link.target].row - self.nodes[link.source].row - 1))
        for link in order:
            ways = self._ways(link)
            best = min(ways, key=lambda item: (self._cost(link, *item), item[1]))
            self.routed.append(Routed(link, best[1], best[0]))
        return self.routed

    def _ways(self, link: Link) -> list[tuple[Port, Way]]:
        """The ways worth looking at: straight on, round one corner, or along a track beside the symbols."""
        source, target = self.nodes[link.source], self.nodes[link.target]
        if source.row == target.row:
            towards: Port = "right" if target.x > source.x else "left"
            edge = target.left if towards == "right" else target.right
            return [(towards, [_port(source, towards), (edge, target.y)])]
        end = (target.x, target.upper)
        join = target.top + JOIN
        ways: list[tuple[Port, Way]] = []
        if target.row == source.row + 1:
            ways += _near_ways(source, target, join, end)
        for port in ("left", "right"):
            out = _port(source, port)
            for x in self._tracks(source, port):
                ways.append((port, [out, (x, out[1]), (x, join), (target.x, join), end]))
        below = source.bottom - JOIN / 2
        for x in self._tracks(source, "bottom"):
            ways.append(
                ("bottom", [(source.x, source.lower), (source.x, below), (x, below), (x, join), (target.x, join), end])
            )
        return ways

    def _tracks(self, source: Node, port: Port) -> list[float]:
        """The x of every track between the symbols that can be reached from this port."""
        found = []
        for left, right in self.lanes:
            for step in (1, 2):
                found += [left + step * TRACK, right - step * TRACK]
        if port == "left":
            return [x for x in found if x < source.left]
        return [x for x in found if x > source.right] if port == "right" else found

    def _cost(self, link: Link, port: Port, way: Way) -> float:
        cost = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(way)) + BEND * (len(way) - 2)
        cost += sum(SHARED_PORT for one in self.routed if one.link.source == link.source and one.port == port)
        for part in pairwise(way):
            cost += sum(COVERED for node in self.nodes.values() if _hits(part, node))
        for other in self.routed:
            for mine in pairwise(way):
                for theirs in pairwise(other.way):
                    cost += _clash(mine, theirs, merge=other.link.target == link.target)
        return cost


def _near_ways(source: Node, target: Node, join: float, end: Point) -> list[tuple[Port, Way]]:
    """Ways to the next row: straight down, out at the side and down, or down and across."""
    if abs(source.x - target.x) < 0.01:
        return [("bottom", [(source.x, source.lower), end])]
    side: Port = "right" if target.x > source.x else "left"
    out = _port(source, side)
    beside = target.x > source.right or target.x < source.left
    ways: list[tuple[Port, Way]] = [(side, [out, (target.x, out[1]), end])] if beside else []
    return [*ways, ("bottom", [(source.x, source.lower), (source.x, join), (target.x, join), end])]


def _port(node: Node, port: Port) -> Point:
    return (node.left if port == "left" else node.right, node.y)


def _hits(part: tuple[Point, Point], node: Node) -> bool:
    """True where the part runs through the inside of the symbol."""
    (x1, y1), (x2, y2) = part
    inside = 0.2
    return (
        min(x1, x2) < node.right - inside and max(x1, x2) > node.left + inside
        and min(y1, y2) < node.lower - inside and max(y1, y2) > node.upper + inside
    )  # fmt: skip


def _clash(one: tuple[Point, Point], other: tuple[Point, Point], *, merge: bool) -> float:
    """What it costs that two parts cross or lie on each other; arrows to the same symbol may join."""
    level = one[0][1] == one[1][1], other[0][1] == other[1][1]
    if level[0] != level[1]:
        (y, xs), (x, ys) = _axes(one, other) if level[0] else _axes(other, one)
        crosses = xs[0] < x < xs[1] and ys[0] < y < ys[1]
        return CROSSING if crosses and not merge else 0.0
    axis = 1 if level[0] else 0
    if merge or abs(one[0][axis] - other[0][axis]) > 0.4:
        return 0.0
    mine = sorted((one[0][1 - axis], one[1][1 - axis]))
    theirs = sorted((other[0][1 - axis], other[1][1 - axis]))
    shared = min(mine[1], theirs[1]) - max(mine[0], theirs[0])
    return COVERED if shared > 0.1 else 0.0


def _axes(
    level: tuple[Point, Point], plumb: tuple[Point, Point]
) -> tuple[tuple[float, list[float]], tuple[float, list[float]]]:
    return (level[0][1], sorted((level[0][0], level[1][0]))), (plumb[0][0], sorted((plumb[0][1], plumb[1][1])))
