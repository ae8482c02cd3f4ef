"""SVG pieces of a flow chart: the five permitted symbols, arrows with heads, branch labels, cell text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from xml.sax.saxutils import escape

from sopwrap.papers.chart_routes import Node, Point, Routed, Way
from sopwrap.papers.textwidth import MM_PER_POINT, text_width, wrap
from sopwrap.papers.wording import spans

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
LINE = 1.2  # line height in type sizes
STROKE = 'fill="none" stroke="#000" stroke-width=".3"'
LABEL_POINTS = 6.5
LABEL_WIDTH = 15.0
HEAD = 1.7  # length of an arrow's head in mm
Box = tuple[float, float, float, float]


def line_height(points: float) -> float:
    """The distance between two lines in mm."""
    return points * MM_PER_POINT * LINE


def text(x: float, y: float, words: str, points: float, *, anchor: str = "start", bold: bool = False) -> str:
    """One line of text with its baseline at ``y``; foreign words in italics."""
    weight = ' font-weight="bold"' if bold else ""
    inner = "".join(
        f'<tspan font-style="italic">{escape(piece)}</tspan>' if italic else escape(piece)
        for piece, italic in spans(words)
    )
    size = f'font-family="{FONT}" font-size="{_n(points * MM_PER_POINT)}"'
    return f'<text x="{_n(x)}" y="{_n(y)}" {size} text-anchor="{anchor}"{weight} xml:space="preserve">{inner}</text>'


def lines(
    x: float, top: float, rows: Iterable[str], points: float, *, anchor: str = "start", bold: bool = False
) -> str:
    """Several lines of text below each other, the first one's upper edge at ``top``."""
    step = line_height(points)
    first = top + step * 0.78
    return "".join(
        text(x, first + step * index, row, points, anchor=anchor, bold=bold) for index, row in enumerate(rows)
    )


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line of the table."""
    return f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" {STROKE}/>'


def area(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A filled area without a border."""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"/>'


def symbol(node: Node) -> str:
    """The symbol of a node, white inside."""
    style = 'fill="#fff" stroke="#000" stroke-width=".35"'
    x, y, w, h = node.left, node.upper, node.width, node.height
    if node.shape == "diamond":
        corners = [(node.x, y), (node.right, node.y), (node.x, node.lower), (node.left, node.y)]
        return f'<polygon points="{_points(corners)}" {style}/>'
    if node.shape == "pentagon":
        middle = y + h * 0.58
        corners = [(x, y), (node.right, y), (node.right, middle), (node.x, node.lower), (x, middle)]
        shape = f'<polygon points="{_points(corners)}" {style}/>'
        return shape + text(node.x, y + h * 0.5, node.text, 7, anchor="middle", bold=True)
    radius = h / 2 if node.shape == "capsule" else 0
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" rx="{_n(radius)}" {style}/>'


def arrow(way: Way) -> str:
    """A way with its head."""
    (ax, ay), (bx, by) = way[-2], way[-1]
    length = max(abs(bx - ax), abs(by - ay)) or 1.0
    dx, dy = (bx - ax) / length, (by - ay) / length
    base = (bx - dx * HEAD, by - dy * HEAD)
    head = [
        (bx, by),
        (base[0] - dy * HEAD * 0.38, base[1] + dx * HEAD * 0.38),
        (base[0] + dy * HEAD * 0.38, base[1] - dx * HEAD * 0.38),
    ]
    path = "L".join(f"{_n(x)} {_n(y)}" for x, y in [*way[:-1], base])
    shaft = f'<path d="M{path}" fill="none" stroke="#000" stroke-width=".35"/>'
    return shaft + f'<polygon points="{_points(head)}" fill="#000"/>'


def labels(routed: list[Routed], nodes: Iterable[Node], limits: Box) -> str:
    """The branch labels, each on white in the freest spot beside the beginning of its arrow."""
    solid = [(node.left, node.upper, node.right, node.lower) for node in nodes]
    taken: list[Box] = []
    drawn = ""
    for one in routed:
        if not one.link.label:
            continue
        rows = wrap(one.link.label, LABEL_WIDTH, LABEL_POINTS) or [""]
        width = max(text_width(row, LABEL_POINTS) for row in rows) + 0.6
        height = line_height(LABEL_POINTS) * len(rows)
        others = [part for other in routed if other is not one for part in pairwise(other.way)]
        spot = min(
            _spots(one.way, width, height), key=lambda box: _label_cost(box, solid, taken, others, limits, one.way)
        )
        taken.append(spot)
        drawn += area(spot[0], spot[1], width, height, "#fff")
        drawn += lines((spot[0] + spot[2]) / 2, spot[1], rows, LABEL_POINTS, anchor="middle")
    return drawn


def _spots(way: Way, width: float, height: float) -> list[Box]:
    """Places beside the first parts of an arrow, nearest to its beginning first."""
    found = []
    for (ax, ay), (bx, by) in list(pairwise(way))[:3]:
        for share in (0.0, 0.25, 0.5, 0.75):
            x, y = ax + (bx - ax) * share, ay + (by - ay) * share
            if ay == by:
                start = x + 0.4 if bx > ax else x - width - 0.4
                found += [
                    (start, y - height - 0.3),
                    (start, y + 0.3),
                    (x - width / 2, y - height - 0.3),
                    (x - width / 2, y + 0.3),
                ]
            else:
                down = y + 0.3 if by > ay else y - height - 0.3
                found += [(x + 0.4, down), (x - width - 0.4, down), (x - width / 2, down + (1.2 if by > ay else -1.2))]
    return [(x, y, x + width, y + height) for x, y in found]


def _label_cost(
    box: Box, solid: list[Box], taken: list[Box], others: list[tuple[Point, Point]], limits: Box, way: Way
) -> float:
    cost = 100.0 * sum(_overlap(box, one) for one in [*solid, *taken])
    cost += 30.0 * sum(_overlap(box, _thin(part)) > 0 for part in others)
    cost += 4.0 * sum(_overlap(box, _thin(part)) > 0 for part in pairwise(way))
    cost += 500.0 * (box[0] < limits[0] or box[1] < limits[1] or box[2] > limits[2] or box[3] > limits[3])
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return cost + abs(middle[0] - way[0][0]) * 0.3 + abs(middle[1] - way[0][1]) * 0.3


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height + 0.01 if width > 0 and height > 0 else 0.0


def _thin(part: tuple[Point, Point]) -> Box:
    (ax, ay), (bx, by) = part
    return (min(ax, bx) - 0.1, min(ay, by) - 0.1, max(ax, bx) + 0.1, max(ay, by) + 0.1)


def _points(corners: list[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)


def _n(value: float) -> str:
    """A length as SVG text: at most two decimals, always the same way."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
