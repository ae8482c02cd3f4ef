"""The procedure as a flow chart: one SVG a page, table and arrows together, drawn from the procedure alone.

Five symbols, as the rules for SOPs of the administration allow: capsule (start, end), box, diamond, arrow,
and a pentagon where the flow goes on on another page. Lanes are columns, steps are rows, symbols stay empty
as on paper; branch labels stand at the arrows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sopwrap.papers import chart_cells as cells
from sopwrap.papers import chart_symbols as svg
from sopwrap.papers.chart_routes import Board, Link, Node
from sopwrap.papers.chart_table import STRIP, Column, Row, beside, columns, paginate, rows
from sopwrap.sop import Procedure, Sop, Step


@dataclass(frozen=True)
class Sheet:
    """The room for the chart in mm: width, height on the first page and on those after it; type size in points."""

    width: float
    first: float
    following: float
    points: float = 8.0


@dataclass(frozen=True)
class _Page:
    """One page in the making: its rows, and the connectors of its upper and lower strip as (label, node id, lane)."""

    rows: list[Row]
    upper: list[tuple[str, str, int]]
    lower: list[tuple[str, str, int]]


def draw(sop: Sop, procedure: Procedure, sheet: Sheet) -> list[str]:
    """Return the chart as SVG texts, one a page, each no larger than the sheet."""
    table = columns(sop, procedure, sheet.width)
    head = cells.head_height(table, sheet.points)
    all_rows = rows(procedure, table, sheet.points)
    strips = 0
    while True:
        room = head + 2 * STRIP * strips
        split = paginate(all_rows, sheet.first - room, sheet.following - room)
        pages, links = _connect(procedure, split)
        lanes = len(procedure.lanes)
        needed = max((-(-len(one) // lanes) for page in pages for one in (page.upper, page.lower)), default=0)
        if needed <= strips:
            return [_draw_page(procedure, table, page, links[index], head, sheet) for index, page in enumerate(pages)]
        strips = needed


def _edges(procedure: Procedure) -> list[Link]:
    """Every arrow between drawn steps; a joint step's symbols are linked in the order of its lanes."""
    drawn = [step for step in procedure.steps if step.kind != "gap"]
    links = []
    for step in drawn:
        count = max(len(step.actors), 1)
        links += [Link(_symbol(step, index), _symbol(step, index + 1)) for index in range(count - 1)]
        links += [Link(_symbol(step, count - 1), _symbol(procedure.step(e.to), 0), e.when or "") for e in step.next]
    return links


def _symbol(step: Step, index: int) -> str:
    return f"{step.id}/{index}"


def _connect(procedure: Procedure, split: list[list[Row]]) -> tuple[list[_Page], list[list[Link]]]:
    """Spread the arrows over the pages; one that leaves its page goes into a pentagon and out of its twin."""
    lane_of = {lane: index for index, lane in enumerate(procedure.lanes)}
    page_of, home = {}, {}
    for number, page in enumerate(split):
        for row in page:
            page_of[row.step.id] = number
    for step in procedure.steps:
        home[step.id] = lane_of[step.actors[0]] if step.actors else 0
        for edge in step.next:
            if beside(procedure.step(edge.to)) and step.id in page_of:
                page_of.setdefault(edge.to, page_of[step.id])
    pages = [_Page(page, [], []) for page in split]
    links: list[list[Link]] = [[] for _ in split]
    label = 0
    for link in _edges(procedure):
        source, target = link.source.split("/")[0], link.target.split("/")[0]
        if source not in page_of or target not in page_of:
            continue
        here, there = page_of[source], page_of[target]
        if here == there:
            links[here].append(link)
            continue
        label += 1
        pages[here].lower.append((str(label), f">{label}", home[source]))
        pages[there].upper.append((str(label), f"<{label}", home[target]))
        links[here].append(Link(link.source, f">{label}", link.label))
        links[there].append(Link(f"<{label}", link.target))
    return pages, links


def _draw_page(
    procedure: Procedure, table: list[Column], page: _Page, links: list[Link], head: float, sheet: Sheet
) -> str:
    lanes = [(one.left, one.right) for one in table if one.kind.startswith("lane:")]
    strip = {name: STRIP * -(-len(each) // len(lanes)) for name, each in (("upper", page.upper), ("lower", page.lower))}
    body = head + strip["upper"]
    bottom = body + sum(row.height for row in page.rows)
    height = bottom + strip["lower"]
    nodes = {}
    offset = -(-len(page.upper) // len(lanes))
    top = body
    for index, row in enumerate(page.rows):
        nodes.update(_row_nodes(procedure, row, offset + index, top, lanes))
        top += row.height
    nodes.update(_strip_nodes(page.upper, 0, head, lanes))
    nodes.update(_strip_nodes(page.lower, offset + len(page.rows), bottom, lanes))
    routed = Board(nodes, lanes).route(links)
    limits = (lanes[0][0], head, lanes[-1][1], height)
    drawing = (
        cells.head(table, head, sheet.width, sheet.points)
        + cells.body(procedure, table, page.rows, body, sheet.points)
        + cells.frame(procedure, table, page.rows, (head, body, height))
        + "".join(svg.arrow(one.way) for one in routed)
        + svg.labels(routed, nodes.values(), limits)
        + "".join(svg.symbol(node) for node in nodes.values())
    )
    size = f'width="{sheet.width + 0.4:.2f}mm" height="{height + 0.4:.2f}mm"'
    view = f'viewBox="-.2 -.2 {sheet.width + 0.4:.2f} {height + 0.4:.2f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img">{drawing}</svg>'


def _row_nodes(
    procedure: Procedure, row: Row, index: int, top: float, lanes: list[tuple[float, float]]
) -> dict[str, Node]:
    """The symbols of one row: one for each lane of the step, and an unprinted end beside its decision."""
    step, bottom = row.step, top + row.height
    middle = top + (row.height + 2.0) / 2
    taken = [procedure.lanes.index(lane) for lane in step.actors] or [0]
    nodes = {}
    for number, lane in enumerate(taken):
        left, right = lanes[lane]
        width, height = _size(step, procedure, right - left)
        shape = procedure.symbol(step)
        place = ((left + right) / 2, middle, width, height, index, top, bottom)
        nodes[_symbol(step, number)] = Node(_symbol(step, number), shape, *place)
    for end in (procedure.step(edge.to) for edge in step.next):
        if beside(end):
            wanted = procedure.lanes.index(end.actors[0]) if end.actors else 0
            free = [lane for lane in range(len(lanes)) if lane not in taken] or [wanted]
            lane = wanted if wanted in free else min(free, key=lambda one: abs(one - taken[0]))
            taken.append(lane)
            left, right = lanes[lane]
            place = ((left + right) / 2, middle, right - left - 9.0, 6.0, index, top, bottom)
            nodes[_symbol(end, 0)] = Node(_symbol(end, 0), "capsule", *place)
    return nodes


def _size(step: Step, procedure: Procedure, lane: float) -> tuple[float, float]:
    """A symbol leaves two tracks free on both sides of its lane where the lane is wide enough."""
    width = max(min(lane - 10.0, 16.0), lane * 0.45)
    return width, {"diamond": 9.0, "capsule": 6.5, "box": 7.0}[procedure.symbol(step)]


def _strip_nodes(
    connectors: list[tuple[str, str, int]], row: int, top: float, lanes: list[tuple[float, float]]
) -> dict[str, Node]:
    """The pentagons of a strip, each in its own lane where that is free, else in the nearest free one."""
    nodes: dict[str, Node] = {}
    for start in range(0, len(connectors), len(lanes)):
        free = list(range(len(lanes)))
        edge = top + STRIP * (start // len(lanes))
        for label, name, wanted in connectors[start : start + len(lanes)]:
            lane = min(free, key=lambda one: (abs(one - wanted), one))
            free.remove(lane)
            middle = (lanes[lane][0] + lanes[lane][1]) / 2
            place = (middle, edge + STRIP / 2 + 0.6, 7.0, 6.4, row + start // len(lanes), edge, edge + STRIP)
            nodes[name] = Node(name, "pentagon", *place, label)
    return nodes
