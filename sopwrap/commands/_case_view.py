"""A case in words for the terminal, and as plain JSON types."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from sopwrap.case import Case, Round, StepView
from sopwrap.commands._show import table
from sopwrap.indonesian import standard_time
from sopwrap.papers.timing import late, limit, merged_time
from sopwrap.records import Evidence, stamp

HIDDEN = ("sop", "procedure", "office", "steps")
"""Fields of a case that are told shorter, or elsewhere."""

LISTED = 20
"""So many assets of a case are named on the terminal; `--json` has them all."""


def plain(value: Any) -> Any:
    """The value in JSON types: times as everywhere inside, records as they travel."""
    if isinstance(value, Evidence):
        return value.as_dict()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, tuple | list) else value


def as_dict(case: Case, now: datetime) -> dict[str, Any]:
    """The whole case for `case show --json`; the SOP and the office by their names only."""
    over = {view.step.id: stamp(last) for view, last in late(case, now)}
    rest = {one.name: plain(getattr(case, one.name)) for one in fields(case) if one.name not in HIDDEN}
    steps = [
        {"id": view.step.id, "number": view.step.number, "text": view.step.text, "state": view.state}
        | {"late_since": over.get(view.step.id)}
        | {"rounds": [plain(one) for one in view.rounds]}
        for view in case.steps
    ]
    names = {"sop": case.sop.id, "procedure": case.procedure.id, "office": case.office["name"]}
    return {**rest, **names, "steps": steps, "current": case.current.step.id if case.current else None}


def summary(case: Case, now: datetime) -> dict[str, Any]:
    """A case in one row of `case list --json`; ``due_by`` is the last moment of its step's standard time."""
    view = case.current
    due_by = limit(case, view) if view and case.closed_at is None else None
    return {
        "case": case.id,
        "procedure": f"{case.sop.id}/{case.procedure.id}",
        "state": case.state,
        "step": view.step.id if view and case.closed_at is None else None,
        "lanes": [case.sop.actor(lane).label for lane in view.due_lanes] if view and case.closed_at is None else [],
        "due_by": stamp(due_by) if due_by else None,
        "late": due_by is not None and due_by < now,
        "late_steps": [each.step.id for each, _ in late(case, now)],
        "opened_at": stamp(case.opened_at),
        "changed_at": stamp(case.changed_at),
        "closed_at": stamp(case.closed_at) if case.closed_at else None,
        "assets": [asset.id for asset in case.assets],
        "demo": case.demo,
    }


def overview(cases: list[Case], now: datetime) -> str:
    """The table of `case list`."""
    rows = []
    for case in cases:
        told = summary(case, now)
        who = " or ".join(told["lanes"])
        state = f"{case.state}, late" if told["late"] else case.state
        rows.append([case.id, told["procedure"], state, told["step"] or "", moment(case, case.changed_at), who])
    return table(["CASE", "PROCEDURE", "STATE", "STEP", "SINCE", "FOR"], rows, "No case is open.")


def marks(case: Case, now: datetime, ascii_only: bool = False) -> dict[str, str]:
    """What stands beside the steps of a drawn procedure: ✓ done, ▶ where the case stands, ! late."""
    tick, here = ("v", ">") if ascii_only else ("✓", "▶")
    done = {view.step.id: tick for view in case.steps if view.state == "done"}
    now_at = {case.current.step.id: here} if case.current and case.closed_at is None else {}
    found = done | now_at
    return found | {view.step.id: f"{found.get(view.step.id, '')}!" for view, _ in late(case, now)}


def text(case: Case, now: datetime) -> str:
    """The whole case for `case show`."""
    assets = ", ".join(asset.id for asset in case.assets[:LISTED])
    more = f", and {len(case.assets) - LISTED} more" if case.assets[LISTED:] else ""
    head = [
        f"Case {case.id}: {case.sop.identity.title} ({case.sop.id}/{case.procedure.id}, {case.operation})",
        f"State: {case.state}{f' ({case.closed_reason})' if case.closed_reason else ''}",
        f"Opened: {moment(case, case.opened_at)} by {case.opened_by}",
        f"Assets: {assets}{more}",
    ]
    head += [f"Number of {one.document}: {one.number}{_dated(one.dated)}" for one in case.numbers.values()]
    head += [
        f"Attached: {one.name}, {one.size} bytes, SHA-256 {one.sha256[:16]}… {one.note}" for one in case.attachments
    ]
    head += [_late(case, view, last) for view, last in late(case, now)]
    rows = [row for view in case.steps for row in _rows(case, view)]
    return "\n".join(
        [*head, "", table(["STEP", "STATE", "ENDED", "HOW", "WHAT"], rows, ""), "", f"Digest: {case.digest}"]
    )


def moment(case: Case, at: datetime) -> str:
    """A time on the office's clock, to the minute."""
    zone = ZoneInfo(case.office.get("timezone") or case.sop.timezone)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _late(case: Case, view: StepView, last: datetime) -> str:
    group = merged_time(case, view)
    standard = (
        standard_time(group.time, group.time_text) if group else standard_time(view.step.time, view.step.time_text)
    )
    how = "is late since" if view.state != "done" else "was late after"
    return f"Late: step {view.step.id} {how} {moment(case, last)} (standard: {standard})"


def _dated(day: str | None) -> str:
    return f" of {day}" if day else ""


def _rows(case: Case, view: StepView) -> list[list[object]]:
    """The rounds of a step; a step that was never reached is one row."""
    what = view.step.text or view.step.kind
    if not view.rounds:
        return [[view.step.id, "", "", "", what]]
    rows: list[list[object]] = []
    for one in view.rounds:
        number = f"{view.step.id}{f' ({one.number})' if one.number > 1 else ''}"
        last = one is view.rounds[-1]
        state = view.state if last else "done"
        ended = moment(case, one.finished_at) if one.finished_at else ""
        rows.append([number, state, ended, _how(one), _what(one, what)])
    return rows


def _how(one: Round) -> str:
    if one.actor is None:
        return one.method or ""
    return f"{one.method} by {one.actor.id}" if one.method == "signed" else f"{one.actor.id}, stated by {one.stated_by}"


def _what(one: Round, what: str) -> str:
    """The step's text and what came of it in this round."""
    parts = [what]
    if one.choice:
        parts.append(f"→ {one.choice}: {one.reason}")
    if one.note:
        parts.append(f"({one.note})")
    parts += [f"[handed over by {each.actor.id}]" for each in one.handovers if each.actor]
    parts += [f"[{each.text}]" for each in one.findings]
    if one.evidence:
        good = sum(1 for record in one.evidence if record.succeeded)
        parts.append(f"[{good} of {len(one.evidence)} records good]")
    parts += [f"[held: {hold.message}{f' → {hold.choice}' if hold.choice else ''}]" for hold in one.holds]
    parts += [f"[{one.exception}]"] if one.exception else []
    return " ".join(parts)
