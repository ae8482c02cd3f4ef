"""What stood in the way: failed machine steps, missing media, waiting, and papers sent back; for the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sopwrap.case import Case, Round, StepView
from sopwrap.indonesian import counted, span
from sopwrap.papers.dense import MANY
from sopwrap.papers.people import actors
from sopwrap.papers.results import medium_checks

CHOICES = {"retry": "diulangi", "continue": "dilanjutkan dengan catatan", "stop": "dihentikan"}


@dataclass(frozen=True)
class Obstacle:
    """One hindrance: when, at which step, what in words, the machine's own message (English), and what was done."""

    at: datetime
    step: StepView
    text: str
    message: str
    answer: str


def obstacles(case: Case) -> list[Obstacle]:
    """Every hindrance of the case in the order of time."""
    found = []
    for view in case.steps:
        for one in view.rounds:
            found += _holds(case, view, one)
            found += _refused(view, one)
            found += _sent_back(case, view, one)
            found += _alone(view, one)
        if view.step.kind == "wait" and view.rounds:
            found.append(_waited(case, view))
    return sorted(found, key=lambda one: one.at)


def _holds(case: Case, view: StepView, one: Round) -> list[Obstacle]:
    returned = {each.asset for each in one.evidence if each.restore and each.restore.returned}
    found = []
    for hold in one.holds:
        assets = [case.asset(each) for each in hold.assets]
        named = ", ".join(each.title or each.id for each in assets if each)
        if len(assets) >= MANY:
            named = f"{counted(len(assets))} data/aset"
        text = "Pekerjaan sistem tertahan" + (f" pada {named}" if named else "")
        if returned & set(hold.assets):
            text += "; data semula telah dikembalikan ke tempatnya"
        if hold.choice is None:
            answer = "menunggu keputusan"
        else:
            by = f" oleh {hold.by.name}" if hold.by else ""
            reason = f": {hold.reason}" if hold.reason else ""
            answer = f"{CHOICES[hold.choice]}{by}{reason}"
        found.append(Obstacle(hold.at, view, text, hold.message, answer))
    return found


def _refused(view: StepView, one: Round) -> list[Obstacle]:
    """Media that were not there, not the labelled ones, or too full, as the machine found them before a decision."""
    answer = "menunggu keputusan"
    if one.choice:
        answer = f"diputuskan: {one.choice}" + (f" ({one.reason})" if one.reason else "")
    return [
        Obstacle(
            check.record.finished_at,
            view,
            f"Media {check.record.medium or check.record.store} belum dapat dipakai",
            check.record.message,
            answer,
        )
        for check in medium_checks(one.evidence)
        if check.record.outcome in ("failed", "refused")
    ]


def _sent_back(case: Case, view: StepView, one: Round) -> list[Obstacle]:
    """A decision that leads back to an earlier step: the paper or result had to be corrected."""
    if one.choice is None or one.finished_at is None:
        return []
    order = [step.id for step in case.procedure.steps]
    edge = next((each for each in view.step.next if each.when == one.choice), None)
    if edge is None or order.index(edge.to) >= order.index(view.step.id):
        return []
    target = case.procedure.step(edge.to)
    by = f" oleh {one.actor.name}" if one.actor else ""
    text = f"Keputusan “{one.choice}”{by}" + (f": {one.reason}" if one.reason else "")
    number = "" if target.number is None else f" {target.number}"
    return [Obstacle(one.finished_at, view, text, "", f"langkah{number} diulang (putaran ke-{one.number + 1})")]


def _alone(view: StepView, one: Round) -> list[Obstacle]:
    """One person had two parts that are two people's, by a recorded exception."""
    acts = [(each.at, each.actor, each.exception) for each in one.handovers]
    if one.finished_at is not None:
        acts.append((one.finished_at, one.actor, one.exception))
    return [
        Obstacle(at, view, "Peran rangkap" + (f" oleh {actor.name}" if actor else ""), "", f"pengecualian: {why}")
        for at, actor, why in acts
        if why
    ]


def _waited(case: Case, view: StepView) -> Obstacle:
    first, last = view.rounds[0], view.rounds[-1]
    if last.finished_at is None:
        return Obstacle(first.due_at, view, f"Menunggu {actors(case, view.step)}", "", "masih menunggu")
    waited = sum((one.finished_at - one.due_at).total_seconds() for one in view.rounds if one.finished_at)
    note = f": {last.note}" if last.note else ""
    return Obstacle(
        first.due_at, view, f"Menunggu {actors(case, view.step)} selama {span(waited)}", "", f"selesai{note}"
    )
