"""What is told, in the office's language, made from a case or from an overview. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sopwrap.case import Case
from sopwrap.next import Next
from sopwrap.overview import AssetView

EVENTS = {"done": "done", "waiting": "waiting", "held": "failed", "stopped": "failed", "open": "failed"}
"""State of a case → event; a run that was interrupted leaves the case open."""

_HEADS = {
    "started": "mulai dikerjakan",
    "done": "selesai",
    "waiting": "menunggu",
    "held": "tertahan",
    "stopped": "dihentikan",
    "open": "terputus, akan dilanjutkan",
}


@dataclass(frozen=True)
class Message:
    """One message. ``data`` is for programs; ``case`` null where it is about no single case."""

    event: str
    title: str
    text: str
    case: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


def of_case(case: Case, what: Next, office: str, started: bool = False) -> Message:
    """What became of a case, or that the machine begins to work on it."""
    event = "started" if started else EVENTS[case.state]
    head = f"Kasus {case.id} {_HEADS['started' if started else case.state]}"
    where = f" di langkah {what.step}" if what.step and not started else ""
    lines = [f"{case.sop.identity.title} ({case.sop.id}/{case.procedure.id})", f"{head}{where}."]
    if what.step and not started:
        who = ", ".join(what.people or what.lanes) or "sistem"
        lines += ["", f"Untuk: {who}", f"Perihal: {what.text}", "", *(f"    {one}" for one in what.commands)]
    data = {"procedure": f"{case.sop.id}/{case.procedure.id}", "state": case.state, "next": what.as_dict()}
    return Message(event, f"{office}: {head}{where}", "\n".join(lines) + "\n", case.id, data)


def of_missed(late: Sequence[AssetView], overdue: Sequence[str], office: str) -> Message:
    """What should have been done and was not: assets past their RPO, and schedules that were not opened in time."""
    lines = [f"{view.asset.id}: {_age(view)}" for view in late] + [f"jadwal {one}" for one in overdue]
    title = f"{office}: {len(lines)} cadangan tidak terlaksana pada waktunya"
    data = {"late": [view.standing.as_dict() for view in late], "overdue": list(overdue)}
    return Message("missed", title, "\n".join([title, "", *lines]) + "\n", None, data)


def _age(view: AssetView) -> str:
    from sopwrap.indonesian import period, span

    if view.standing.age is None:
        return "belum pernah dicadangkan"
    age, allowed = span(view.standing.age.total_seconds()), period(view.asset.rpo)
    return f"cadangan terakhir {age} yang lalu, paling lama {allowed}"
