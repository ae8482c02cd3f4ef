"""Rows become steps: who does each, of what kind it is, where it leads. What is not said is asked or left open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sopwrap.imports.branches import Branch, negative, opposite, read_branches
from sopwrap.imports.columns import Table
from sopwrap.imports.grid import compact
from sopwrap.imports.rows import Row
from sopwrap.imports.times import column_unit, read_time

ROUNDS = 3
END = "selesai"


@dataclass(frozen=True)
class Question:
    """What only a person can tell of a row; ``choices`` are the answers there are, an empty answer leaves it open."""

    row: str
    text: str
    choices: tuple[str, ...]


Ask = Callable[[Question], str]


@dataclass
class Steps:
    """A procedure's steps in the making: plain data, notes by step id, and merged times."""

    table: Table
    rows: list[Row]
    lanes: dict[str, str]
    ask: Ask
    ids: list[str] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    merged: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)

    def note(self, index: int, text: str) -> None:
        """Mark a row for the person who mends the file."""
        self.notes.setdefault(self.ids[index], []).append(text)


def make_steps(table: Table, rows: list[Row], lanes: dict[str, str], ask: Ask) -> Steps:
    """Return the steps of a table's rows. ``lanes`` is lane id → label, in the order of the columns."""
    kept = [row for row in rows if not (row.is_start and row.number is None)]
    kept = [row for row in kept if not (row.is_end and row.number is None)] or kept
    made = Steps(table, kept, lanes, ask)
    made.ids = _ids(kept)
    for index, row in enumerate(kept):
        made.data.append(_step(made, index, row))
    for index in range(len(kept)):
        if made.data[index]["kind"] != "gap":
            _lead_on(made, index)
    made.data += made.extra.values()
    _merge_times(made)
    return made


def _ids(rows: list[Row]) -> list[str]:
    """Ids after the printed numbers (l3); after the row's place where there is none, told apart by a letter."""
    found: list[str] = []
    for place, row in enumerate(rows, 1):
        wanted = f"l{place if row.number is None else row.number}"
        letters = iter(("", *(f"-{number}" for number in range(2, len(rows) + 2))))
        found.append(next(name for letter in letters if (name := wanted + letter) not in found))
    return found


def _step(made: Steps, index: int, row: Row) -> dict[str, Any]:
    """The step's own data; where it leads comes later."""
    number = row.number
    for text in row.notes:
        made.note(index, text)
    if number is None:
        number = index + 1 if all(one.number is None for one in made.rows) else None
        made.note(index, "no number is printed" + (", it is counted" if number else ""))
    if row.blank:
        return {"id": made.ids[index], "number": number, "kind": "gap"}
    actors, lane = _actors(made, index, row)
    data: dict[str, Any] = {"id": made.ids[index], "number": number, "kind": "process", "actors": actors}
    data |= {"text": row.text, "requirements": list(row.requirements), **_time(made, index, row)}
    data |= {"outputs": list(row.output), "remarks": list(row.remarks)}
    unclear = row.merged or any(note.startswith("time:") for note in made.notes.get(made.ids[index], []))
    origin = ({"lane": lane} if lane else {}) | ({"quality": "ambiguous"} if unclear else {})
    return data | {"provenance": origin}


def _time(made: Steps, index: int, row: Row) -> dict[str, Any]:
    if not row.time:
        return {}
    read = read_time(row.time, column_unit(made.table.headings.get("time", "")))
    if read.doubt:
        made.note(index, f"time: {read.doubt}")
    text = row.time
    if text.isdigit() and (unit := column_unit(made.table.headings.get("time", ""))):
        text = f"{text} {unit}"
    return {"time": read.time, "time_text": text}


def _actors(made: Steps, index: int, row: Row) -> tuple[list[str], str]:
    """The lanes of a row, and how far they can be trusted (empty: as printed)."""
    ids = {label: lane for lane, label in made.lanes.items()}
    if "actors" in made.table.columns and row.named:
        return [ids[label] for label in named_lanes(row.named, list(ids)) if label in ids], ""
    marks = [(column, mark) for column, mark in sorted(row.marks.items())]
    sure = [(column, mark) for column, mark in marks if mark.sure]
    found = sure or [(column, mark) for column, mark in marks if mark.odd] or marks
    orders = [mark.order for _, mark in found]
    if len(found) > 1 and None not in orders and len(set(orders)) == len(orders):
        found.sort(key=lambda one: one[1].order or 0)
    actors = [ids[made.table.lanes[column]] for column, _ in found]
    if sure:
        return actors, ""
    if found:
        made.note(index, "the lane is read from " + ("a line" if found[0][1].line else "words") + " in its cell")
        return actors, "ambiguous"
    return _told_by_text(made, index, row)


def _told_by_text(made: Steps, index: int, row: Row) -> tuple[list[str], str]:
    """Without a mark: the lane the activity begins with, else whom the person names, else nobody."""
    said = compact(row.text)
    begins = [
        lane for lane, label in made.lanes.items() if label and said.startswith(compact(label)) and compact(label)
    ]
    if begins:
        made.note(index, "no lane is marked; the activity's first words name one")
        return [max(begins, key=lambda lane: len(made.lanes[lane]))], "inferred"
    if row.is_end:
        return [], "inferred"
    labels = tuple(made.lanes.values())
    answer = made.ask(Question(_name(row), "No lane is marked in this row. Whose is it?", labels))
    if answer in labels:
        return [lane for lane, label in made.lanes.items() if label == answer], "inferred"
    made.note(index, "no lane is marked: write its id into `actors`")
    return [], "ambiguous"


def named_lanes(text: str, known: list[str]) -> list[str]:
    """The labels a cell of a column Pelaksana names, one a line, or parted by commas, arrows, "dan", "&"."""
    if text in known:
        return [text]
    parts = [" ".join(part.split()) for part in re.split(r"\n|,|;|→|->|\bdan\b|\s&\s|\s/\s", text)]
    return list(dict.fromkeys(part for part in parts if part))


def _lead_on(made: Steps, index: int) -> None:
    """Give a step its kind and its ways on."""
    row, data = made.rows[index], made.data[index]
    marks = [mark for mark in row.marks.values() if mark.sure]
    following = next(
        (made.ids[one] for one in range(index + 1, len(made.rows)) if made.data[one]["kind"] != "gap"), None
    )
    said = "\n".join([row.text, *row.remarks])
    branches = [_marked(label, to) for mark in marks for label, to in mark.ways]
    branches = branches or read_branches(said, tuple(label for mark in marks for label in mark.branches))
    diamond = any(mark.diamond for mark in marks)
    if not diamond and len(branches) == 1 and not branches[0].label:
        target = _target(made, index, branches[0], following)
        data["next"] = [{"to": target or following}] if target or following else []
        return
    known = [one for one in branches if one.to is not None or negative(one.label)]
    if diamond or known or len(branches) > 1:
        data["kind"] = "decision"
        data["next"] = _ways(made, index, branches, following)
    elif row.is_end or following is None or any(mark.end for mark in marks):
        data["kind"] = "end"
        if row.is_end:
            data["mode"] = "none"
    else:
        data["next"] = [{"to": following}]
    if re.search(r"\bmenunggu\b", row.text, re.IGNORECASE) and data["kind"] == "process":
        made.note(index, "the activity waits for something: if it may take days, its kind is `wait`")
    if branches and data["kind"] != "decision":
        made.note(index, f"a condition stands in the row (“{branches[0].label}”): is it a decision?")


def _marked(label: str, to: str) -> Branch:
    return Branch(label, int(to)) if to.isdigit() else Branch(label, ends=True, sure=True)


def _ways(made: Steps, index: int, branches: list[Branch], following: str | None) -> list[dict[str, Any]]:
    """The labelled ways on from a decision; a way whose end nobody knows is left out and noted."""
    ways: list[dict[str, Any]] = []
    for branch in branches:
        target = _target(made, index, branch, following)
        if target and branch.label not in [one.get("when") for one in ways]:
            ways.append(_way(made, index, target, branch.label) if branch.label else {"to": target})
    if not branches:
        ways += _unlabelled(made, index)
    if ways and all("when" not in one for one in ways):
        return ways[:1]
    if not any(not negative(one.get("when", "")) for one in ways):
        label = opposite(next((one.label for one in branches if negative(one.label)), "tidak"))
        if ways or branches:
            made.note(index, f"the label “{label}” of the way on is not printed")
            ways.insert(0, {"to": following or _end(made), "when": label})
        else:
            made.note(index, "drawn as a decision, and no branch is named: add the labels and where a no leads")
            ways.insert(0, {"to": following or _end(made)})
    return ways


def _way(made: Steps, index: int, target: str, label: str) -> dict[str, Any]:
    way: dict[str, Any] = {"to": target, "when": label}
    if target in made.ids[: index + 1]:
        made.note(index, f"the paper does not say how often “{label}” may happen: {ROUNDS} times are assumed")
        way["max_rounds"] = ROUNDS
    return way


def _target(made: Steps, index: int, branch: Branch, following: str | None) -> str | None:
    """Where a branch leads: the number printed, the end, the next row for a yes, or where a person says."""
    if branch.sure:
        return _end(made, branch.label)
    if branch.to is not None:
        if found := _by_number(made).get(str(branch.to)):
            return found
        made.note(index, f"“{branch.label}” leads to row {branch.to}, which is not in the table")
        return None
    if not negative(branch.label):
        made.note(index, f"where “{branch.label}” leads is not printed: the next row is taken")
        return following or _end(made)
    answer = _answer(made, index, f"Where does “{branch.label}” lead?")
    if answer is None and branch.ends:
        made.note(index, f"“{branch.label}” is taken for an end")
        return _end(made, branch.label)
    if answer is None:
        made.note(index, f"where “{branch.label}” leads is not printed: add it to `next`")
    return answer


def _unlabelled(made: Steps, index: int) -> list[dict[str, Any]]:
    target = _answer(made, index, "It is drawn as a decision. Where does a no lead?")
    return [_way(made, index, target, "tidak")] if target else []


def _answer(made: Steps, index: int, text: str) -> str | None:
    numbers = _by_number(made)
    said = made.ask(Question(_name(made.rows[index]), text, (*numbers, END)))
    return _end(made) if said == END else numbers.get(said)


def _by_number(made: Steps) -> dict[str, str]:
    """Printed (or counted) number → step id; of a number that stands twice the first."""
    return {str(one["number"]): one["id"] for one in reversed(made.data) if one["number"] is not None}


def _end(made: Steps, text: str = "Selesai") -> str:
    """The id of an end that has no row on paper, made when it is first needed."""
    name = "ditolak" if text != "Selesai" else END
    actors: list[str] = next((one["actors"] for one in made.data if one.get("actors")), [])
    made.extra.setdefault(
        name,
        {"id": name, "number": None, "kind": "end", "actors": actors[:1], "text": text, "mode": "none"}
        | {"provenance": {"text": "inferred", "lane": "inferred", "quality": "inferred"}},
    )
    made.notes.setdefault(name, ["an end without a row of its own on paper"])
    return name


def _merge_times(made: Steps) -> None:
    """Rows whose time cell is one with the row's above share that row's time."""
    groups: list[list[int]] = []
    for index, row in enumerate(made.rows):
        if row.merged and not row.time and index and made.data[index]["kind"] != "gap":
            if groups and groups[-1][-1] == index - 1:
                groups[-1].append(index)
            else:
                groups.append([index - 1, index])
    for group in groups:
        first = made.data[group[0]]
        if first.get("time") is None:
            continue
        merged = {"steps": [made.ids[one] for one in group], "time": first.pop("time")}
        made.merged.append(merged | {"time_text": first.pop("time_text")})


def _name(row: Row) -> str:
    number = f"Row {row.number}" if row.number is not None else f"Line {row.line}"
    return f"{number}: {row.text[:90]}"
