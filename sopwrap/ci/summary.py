"""The outcome as Markdown, for the page a CI shows of a run."""

from __future__ import annotations

from datetime import timedelta

from sopwrap.ci.outcome import Action, Outcome
from sopwrap.words import size, span

SHOWN = 200
"""Rows of good actions that are listed; what failed is always listed, and first."""

_MARKS = {"done": "✅", "waiting": "⏳", "held": "❌", "stopped": "⛔", "open": "⏸"}
_WORDS = {
    "done": "is done",
    "waiting": "waits for a person",
    "held": "is held",
    "stopped": "was stopped",
    "open": "goes on",
}


def summary(told: Outcome) -> str:
    """The text, ending with a line break."""
    good = told.assets - len(told.failed)
    lines = [
        f"### {_MARKS[told.state]} Case {told.case} {_WORDS[told.state]}",
        "",
        f"{_cell(told.title)} (`{told.procedure}`)",
        "",
    ]
    if told.actions:
        lines += [f"{good} of {told.assets} assets went well.", ""]
    if told.next.step:
        who = ", ".join(told.next.people or told.next.lanes) or "the machine"
        lines += [f"Next: step {told.next.step}, {_cell(who)}: {_cell(told.next.text)}", ""]
    lines += [f"    {command}" for command in told.next.commands]
    ordered = sorted(told.actions, key=lambda one: one.good)
    listed = ordered[: len([one for one in ordered if not one.good]) + SHOWN]
    if listed:
        lines += ["", "| | asset | action | size | stored | time | |", "|---|---|---|---:|---:|---:|---|"]
        lines += [_row(one) for one in listed]
    if left := len(ordered) - len(listed):
        lines += ["", f"… and {left} more that went well."]
    return "\n".join(lines) + "\n"


def _row(one: Action) -> str:
    place = f" in {one.store}" if one.store else ""
    said = "" if one.good else f"{one.message} {one.hint or ''}".strip()
    cells = (
        "✅" if one.good else "❌",
        f"`{_cell(one.asset)}`",
        f"{one.action}{place} {one.outcome}",
        size(one.size_bytes),
        size(one.stored_bytes),
        span(timedelta(seconds=one.seconds)),
        _cell(said),
    )
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Text that cannot end a cell or begin a tag."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
