"""A procedure as a flow chart for the terminal: lanes as columns, boxes, diamonds and capsules, arrows and loops.

Pure: an SOP and a width in, lines of text out. The way from a row to the next goes down; every other way leaves
its symbol to the right, into a track beside the lanes, and comes back from above its target. A terminal that is
too narrow for the lanes gets the same as a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import wrap
from types import MappingProxyType

from sopwrap.indonesian import standard_time
from sopwrap.sop import Edge, Procedure, Sop, Step
from sopwrap.terminal_canvas import Canvas

NARROW = 60
NUMBER, LEAST_TEXT, MOST_TEXT, LEAST_LANE, MOST_LANE = 5, 16, 48, 9, 19
SYMBOL = 3  # lines
SHAPES = {"box": ("┌┐", "││", "└┘"), "capsule": ("╭╮", "││", "╰╯"), "diamond": ("╱╲", "‹›", "╲╱")}
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class _Way:
    """A way that does not lead to the next row: from row to row (indices), its track beside the lanes, its label.

    ``line`` is where it leaves its symbol, counted from the symbol's top.
    """

    source: int
    target: int
    track: int
    label: str
    line: int = 1


@dataclass(frozen=True)
class _Block:
    """A step and where its lines are: the top of its symbol, and the first line below the whole block."""

    step: Step
    lines: list[str]
    enter: int
    top: int
    end: int

    @property
    def middle(self) -> int:
        """The line of the symbol's sides."""
        return self.top + 1


@dataclass(frozen=True)
class _Plan:
    """The columns: width of the text, of a lane, room for labels beside the lanes."""

    text: int
    lane: int
    labels: int

    def centre(self, lane: int) -> int:
        """The column in the middle of a lane."""
        return NUMBER + self.text + 1 + lane * self.lane + self.lane // 2

    def beside(self, lanes: int) -> int:
        """The first column to the right of the lanes."""
        return NUMBER + self.text + 1 + lanes * self.lane


def draw(
    sop: Sop, procedure: Procedure, width: int, marks: Mapping[str, str] = NOTHING, *, ascii_only: bool = False
) -> list[str]:
    """Return the procedure as lines of at most ``width`` characters.

    ``marks`` is step id → a short sign put beside the step's number (done, current, late). ``ascii_only`` is for
    a terminal that cannot show box drawing signs.
    """
    steps = [step for step in procedure.steps if step.kind != "gap"]
    ways = _ways(procedure, steps)
    plan = _plan(procedure, ways, width)
    if plan is None:
        listed = _as_list(sop, procedure, width, marks)
        return [line.replace("→", "->").replace(" · ", " - ") for line in listed] if ascii_only else listed
    canvas = Canvas(width)
    top = _head(canvas, sop, procedure, plan)
    blocks = _blocks(procedure, steps, ways, plan, top)
    for index, block in enumerate(blocks):
        _draw_step(canvas, procedure, plan, block, marks.get(block.step.id, ""))
        if index + 1 < len(blocks):
            _draw_down(canvas, procedure, plan, block, blocks[index + 1])
    for way in ways:
        _draw_way(canvas, procedure, plan, blocks, way)
    return canvas.rows(ascii_only=ascii_only)


def _next_row(steps: list[Step], index: int, edge: Edge) -> bool:
    return index + 1 < len(steps) and steps[index + 1].id == edge.to


def _ways(procedure: Procedure, steps: list[Step]) -> list[_Way]:
    """The ways that need a track, the short ones innermost; two that do not meet share a track."""
    rows = {step.id: index for index, step in enumerate(steps)}
    wanted = [
        (index, rows[edge.to], edge.when or "")
        for index, step in enumerate(steps)
        for edge in step.next
        if edge.to in rows and not _next_row(steps, index, edge)
    ]
    tracks: list[list[tuple[int, int]]] = []
    found = []
    for source, target, label in sorted(wanted, key=lambda one: (abs(one[0] - one[1]), one)):
        low, high = min(source, target), max(source, target)
        free = (n for n, taken in enumerate(tracks) if all(high < one[0] or one[1] < low for one in taken))
        track = next(free, len(tracks))
        if track == len(tracks):
            tracks.append([])
        tracks[track].append((low, high))
        found.append(_Way(source, target, track, label))
    return [way for index, step in enumerate(steps) for way in _leave(procedure, step, index, found)]


def _leave(procedure: Procedure, step: Step, index: int, ways: list[_Way]) -> list[_Way]:
    """Give each way out of a step its line: the first the symbol's side where that is free, the others below it."""
    lanes = _lanes(procedure, step)
    lines = ([1] if lanes[-1] == max(lanes) else []) + list(range(SYMBOL, SYMBOL + len(ways)))
    return [replace(way, line=line) for way, line in zip([w for w in ways if w.source == index], lines, strict=False)]


def _plan(procedure: Procedure, ways: list[_Way], width: int) -> _Plan | None:
    """Share the width out; None where it does not suffice for lanes and text."""
    lanes = len(procedure.lanes)
    labels = min(max((len(way.label) for way in ways), default=0), 16) + 2
    room = width - NUMBER - 1 - (labels + 2 * (1 + max((way.track for way in ways), default=-1)) if ways else 0)
    lane = min(MOST_LANE, max(LEAST_LANE, (room - min(MOST_TEXT, room // 3)) // lanes))
    text = min(MOST_TEXT, room - lanes * lane)
    if width < NARROW or text < LEAST_TEXT:
        return None
    return _Plan(text, lane, labels if ways else 0)


def _head(canvas: Canvas, sop: Sop, procedure: Procedure, plan: _Plan) -> int:
    """Write the lanes' names; return the first line below them."""
    names = [_broken(sop.actor(lane).label, plan.lane - 1) for lane in procedure.lanes]
    height = max(len(lines) for lines in names)
    canvas.text(height - 1, 0, "No")
    canvas.text(height - 1, NUMBER, sop.labels.get("step", "Kegiatan"))
    for lane, lines in enumerate(names):
        for offset, line in enumerate(lines):
            canvas.text(height - len(lines) + offset, plan.centre(lane) - len(line) // 2, line)
    canvas.level(height, 0, plan.beside(len(procedure.lanes)) - 1)
    return height + 1


def _broken(name: str, width: int) -> list[str]:
    """A lane's name in lines; it may be broken after a slash, too."""
    return [line.replace("/ ", "/") for line in wrap(name.replace("/", "/ "), width)] or [""]


def _blocks(procedure: Procedure, steps: list[Step], ways: list[_Way], plan: _Plan, top: int) -> list[_Block]:
    """Give every step its lines: one to enter by where ways come in from aside, the symbol, those it is left on."""
    found = []
    for index, step in enumerate(steps):
        entered = any(way.target == index for way in ways)
        enter, top = top, top + (2 if entered else 1 if index == 0 else 0)
        below = 1 + _leaving(procedure, steps, ways, index)
        time = _time(procedure, step)
        lines = wrap(step.text or "", plan.text - 1) + (wrap(f"[{time}]", plan.text - 1) if time else [])
        height = max(SYMBOL + below, len(lines) + 1)
        found.append(_Block(step, lines, enter, top, top + height))
        top += height
    return found


def _leaving(procedure: Procedure, steps: list[Step], ways: list[_Way], index: int) -> int:
    """How many lines below its symbol a step needs: for ways aside that its side has no room for, a label, a bend."""
    step = steps[index]
    aside = max([0, *(way.line - SYMBOL + 1 for way in ways if way.source == index)])
    for edge in step.next:
        if _next_row(steps, index, edge):
            bends = _lanes(procedure, step)[-1] != _lanes(procedure, steps[index + 1])[0]
            return aside + int(bool(edge.when)) + int(bends)
    return aside


def _lanes(procedure: Procedure, step: Step) -> list[int]:
    return [procedure.lanes.index(actor) for actor in step.actors] or [0]


def _time(procedure: Procedure, step: Step) -> str:
    """The standard time; where several rows share one, the last of them tells it."""
    merged = next((one for one in procedure.merged_times if one.steps[-1] == step.id), None)
    if merged is None:
        return standard_time(step.time, step.time_text)
    numbers = [procedure.step(one).number for one in merged.steps]
    return f"{numbers[0]}–{numbers[-1]}: {standard_time(merged.time, merged.time_text)}"


def _draw_step(canvas: Canvas, procedure: Procedure, plan: _Plan, block: _Block, mark: str) -> None:
    """A step's number, text and symbols; the symbols of a joint step are linked in the order of its lanes."""
    step, lanes = block.step, _lanes(procedure, block.step)
    number = "" if step.number is None else str(step.number)
    canvas.text(block.middle, 0, number.rjust(2))
    canvas.text(block.middle, 3, mark[:1])
    first = block.top + (1 if len(block.lines) == 1 else 0)
    for offset, line in enumerate(block.lines):
        canvas.text(first + offset, NUMBER, line)
    half = (plan.lane - 4) // 2
    for before, lane in pairwise(lanes):
        start, end = plan.centre(before), plan.centre(lane)
        canvas.level(block.middle, start, end)
        canvas.text(block.middle, end - half - 1 if start < end else end + half + 1, "►" if start < end else "◄")
    for lane in lanes:
        _symbol(canvas, procedure.symbol(step), (block.top, plan.centre(lane)), half, f"{mark}{number}"[: 2 * half - 1])


def _symbol(canvas: Canvas, shape: str, place: tuple[int, int], half: int, text: str) -> None:
    """A box, capsule or diamond of three lines around ``place`` (its top line, its middle column)."""
    top, centre = place
    side = 2 * half - 1
    for offset, (edges, inside) in enumerate(
        zip(SHAPES[shape], ("─" * side, text.center(side), "─" * side), strict=True)
    ):
        canvas.text(top + offset, centre - half, edges[0] + inside + edges[1])


def _draw_down(canvas: Canvas, procedure: Procedure, plan: _Plan, block: _Block, below: _Block) -> None:
    """The way to the next row, if there is one: down, across to its lane below the label, and into it."""
    edge = next((edge for edge in block.step.next if edge.to == below.step.id), None)
    if edge is None:
        return
    start = plan.centre(_lanes(procedure, block.step)[-1])
    end = plan.centre(_lanes(procedure, below.step)[0])
    bend = below.enter - (1 if below.enter == below.top else 0) - 1
    if start == end:
        bend = below.top - 1
    canvas.plumb(start, block.top + SYMBOL - 1, bend)
    canvas.level(bend, start, end)
    canvas.plumb(end, bend, below.top - 1)
    canvas.text(below.top - 1, end, "▼")
    if edge.when:
        line = bend - 1 if start != end else block.end - 2
        room = plan.beside(len(procedure.lanes)) + plan.labels - start - 2
        canvas.text(line, start + 2, _shortened(edge.when, room))


def _draw_way(canvas: Canvas, procedure: Procedure, plan: _Plan, blocks: list[_Block], way: _Way) -> None:
    """A way beside the lanes: out of its symbol, along its track, back in above the symbol it leads to."""
    source, target = blocks[way.source], blocks[way.target]
    beside = plan.beside(len(procedure.lanes))
    track = beside + plan.labels + 2 * way.track + 1
    start, end = plan.centre(_lanes(procedure, source.step)[-1]), plan.centre(_lanes(procedure, target.step)[0])
    line = way.line
    if line >= SYMBOL:
        canvas.plumb(start, source.top + SYMBOL - 1, source.top + line)
    canvas.level(source.top + line, start, track)
    if way.label:
        canvas.text(source.top + line, beside, f" {_shortened(way.label, plan.labels - 2)} ")
    canvas.plumb(track, source.top + line, target.enter)
    canvas.level(target.enter, track, end)
    canvas.plumb(end, target.enter, target.top - 1)
    canvas.text(target.top - 1, end, "▼")


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _as_list(sop: Sop, procedure: Procedure, width: int, marks: Mapping[str, str]) -> list[str]:
    """The same without lanes: every step with whose it is, how long it may take and where it leads."""
    found = []
    for step in procedure.steps:
        if step.kind == "gap":
            continue
        head = f"{marks.get(step.id, ''):1} {'' if step.number is None else step.number}"
        who = " → ".join(sop.actor(actor).label for actor in step.actors)
        facts = [one for one in (who, _time(procedure, step)) if one]
        ways = [
            f"{edge.when}: {_named(procedure, edge)}" if edge.when else _named(procedure, edge) for edge in step.next
        ]
        lines = [step.text or "", " · ".join(facts), f"→ {'; '.join(ways)}" if ways else ""]
        body = [part for line in lines if line for part in wrap(line, max(width - NUMBER, 20))]
        found += [f"{head if not index else '':<{NUMBER}}{line}".rstrip() for index, line in enumerate(body)]
    return found


def _named(procedure: Procedure, edge: Edge) -> str:
    """The printed number of the step an edge leads to, else its text."""
    step = procedure.step(edge.to)
    return str(step.number) if step.number is not None else step.text or step.id
