"""The table a flow chart stands in: columns, row heights and which rows go on which page."""

from __future__ import annotations

from dataclasses import dataclass

from sopwrap.indonesian import standard_time
from sopwrap.papers.chart_symbols import line_height
from sopwrap.papers.textwidth import text_width, wrap
from sopwrap.sop import Procedure, Sop, Step

PAD = 1.2  # inside a cell
SYMBOL_ROW = 16.0  # the least height that holds a symbol, its arrow and the join above it
STRIP = 9.5  # a strip for off-page connectors
LANE_POINTS = 7.0  # the type below which the name of a lane should not be set
BLANK = 0.075  # the part of the sheet for a column in which the SOP says nothing
QUALITY = {
    "requirements": ("Kelengkapan", 0.165),
    "time": ("Waktu", 0.085),
    "output": ("Output", 0.18),
    "remarks": ("Keterangan", 0.1),
}


@dataclass(frozen=True)
class Column:
    """A column: what it holds (number, step, lane:ID, requirements…), its heading, and where it is (mm)."""

    kind: str
    heading: str
    left: float
    width: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Its middle."""
        return self.left + self.width / 2


@dataclass(frozen=True)
class Row:
    """A step as a row, with the lines of each text column already broken."""

    step: Step
    texts: dict[str, list[str]]
    height: float


def columns(sop: Sop, procedure: Procedure, width: float) -> list[Column]:
    """The columns in the order the SOP prints them; the lanes take what they need, the step's text the rest."""
    lane = _lane_width(sop, procedure, width)
    plan = [("number", "No", 8.0), ("step", sop.labels.get("step", "Kegiatan"), 0.0)]
    plan += [(f"lane:{one}", sop.actor(one).label, lane) for one in procedure.lanes]
    for quality in sop.quality_columns:
        heading, share = QUALITY[quality]
        said = any(_cell(procedure, step, quality) for step in procedure.steps)
        plan.append((quality, sop.labels.get(quality, heading), width * (share if said else BLANK)))
    rest = max(width - sum(each[2] for each in plan), width * 0.15)
    scale = width / (sum(each[2] for each in plan) + rest)
    found, left = [], 0.0
    for kind, heading, wanted in plan:
        size = (wanted or rest) * scale
        found.append(Column(kind, heading, left, size))
        left += size
    return found


def _lane_width(sop: Sop, procedure: Procedure, width: float) -> float:
    """What a lane needs: room for its symbol and for the longest word above it, within half the sheet for all."""
    words = [word for one in procedure.lanes for word in sop.actor(one).label.replace("/", "/ ").split()]
    longest = max(text_width(word, LANE_POINTS, bold=True) for word in words) + 1.5
    share = width / len(procedure.lanes)
    return min(max(share * 0.36, 15.0, min(longest, share * 0.5)), 26.0)


def rows(procedure: Procedure, table: list[Column], points: float) -> list[Row]:
    """Every printed step as a row; gaps of the numbering and ends the paper does not print have none."""
    found = []
    for step in procedure.steps:
        if step.kind == "gap" or beside(step):
            continue
        texts = {}
        for column in table:
            cell = _cell(procedure, step, column.kind)
            texts[column.kind] = [line for item in cell for line in wrap(item, column.width - 2 * PAD, points)]
        tallest = max(len(lines) for lines in texts.values())
        found.append(Row(step, texts, max(SYMBOL_ROW, tallest * line_height(points) + 2 * PAD)))
    return found


def beside(step: Step) -> bool:
    """An end the paper does not number: drawn beside the decision that leads to it, never as a row of its own."""
    return step.kind == "end" and step.number is None


def _cell(procedure: Procedure, step: Step, kind: str) -> list[str]:
    if kind == "number":
        return [] if step.number is None else [str(step.number)]
    if kind == "time":
        merged = any(step.id in one.steps for one in procedure.merged_times)
        return [] if merged else [standard_time(step.time, step.time_text)]
    return {
        "step": [step.text or ""],
        "requirements": step.requirements,
        "output": step.outputs,
        "remarks": step.remarks,
    }.get(kind, [])


def paginate(table_rows: list[Row], first: float, following: float) -> list[list[Row]]:
    """The rows cut into pages whose rows may be ``first`` and then ``following`` mm high together."""
    pages: list[list[Row]] = [[]]
    room = first
    for row in table_rows:
        if pages[-1] and row.height > room:
            pages.append([])
            room = following
        pages[-1].append(row)
        room -= row.height
    return pages


def heading_lines(column: Column, points: float) -> tuple[list[str], float]:
    """A column's heading in lines, set smaller where its longest word would not fit otherwise (never below 5 pt)."""
    longest = max(column.heading.replace("/", "/ ").split(), key=len, default="")
    while points > 5 and text_width(longest, points, bold=True) > column.width - 1.2:
        points -= 0.25
    return wrap(column.heading, column.width - 1.2, points, bold=True), points
