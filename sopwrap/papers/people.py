"""Who signs a paper, and on whose word each statement in it stands.

Which lane signs follows from the procedure alone: the steps that list a document and do not decide make it,
the decision steps that list it check it. A paper no step lists is made by whoever carries out the machine's
step and checked by whoever gave the order.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from sopwrap.case import Actor, Case, Round, StepView
from sopwrap.indonesian import date_time
from sopwrap.papers.timing import zone_of
from sopwrap.partial import Handover
from sopwrap.sop import Step


@dataclass(frozen=True)
class Signatory:
    """One signature block: the lane's name on the paper, the person where known, and what stands for it so far.

    ``person`` is the id in office.yml of whoever the block names.
    """

    lane: str
    post: str
    name: str | None = None
    nip: str | None = None
    rank: str | None = None
    address: str | None = None
    vouched: str | None = None
    person: str | None = None


def making_steps(case: Case, document: str) -> list[StepView]:
    """The steps that produce a document, in the order of the procedure."""
    listing = [view for view in case.steps if document in view.step.documents]
    return [view for view in listing if not _checks(case, view.step, document)]


def checking_steps(case: Case, document: str) -> list[StepView]:
    """The steps in which a person accepts a document or sends it back: decisions, and the end of who receives it."""
    listing = [view for view in case.steps if document in view.step.documents]
    return [view for view in listing if _checks(case, view.step, document)]


def _checks(case: Case, step: Step, document: str) -> bool:
    """A decision that rests on a machine's finding (a medium, a result) is about that instead; and nobody receives
    a paper from oneself."""
    if not case.procedure.judges(step, document) or (step.kind == "decision" and step.actions):
        return False
    makers = [one for one in case.procedure.steps if document in one.documents and one.kind in ("process", "wait")]
    return step.kind != "end" or (step.actors[:1], step.duty) not in [(one.actors[:1], one.duty) for one in makers]


def maker(case: Case, document: str) -> Signatory:
    """Who made the paper: the last step of those the case came to that makes it, else who did the machine's work."""
    views = [view for view in making_steps(case, document) if view.step.kind != "wait"]
    views = [view for view in views if view.rounds] or [view for view in views if view.step.kind != "end"] or views
    if not views:
        return executor(case)
    view = _refusing(case, views[-1]) or views[-1]
    return signatory(case, view, on_paper=view.step.kind != "decision")


def _refusing(case: Case, view: StepView) -> StepView | None:
    """Who tells of an end the paper does not number: the decision that led to it, not the lane it is drawn in."""
    if view.step.kind != "end" or view.step.number is not None:
        return None
    return next((one for one in case.steps if any(edge.to == view.step.id for edge in one.step.next)), None)


def hands(case: Case, document: str) -> list[Signatory]:
    """Everybody a paper went through where several lanes make it one after the other; else nobody."""
    views = [view for view in making_steps(case, document) if len(view.step.actors) > 1 and view.step.kind == "process"]
    if not views:
        return []
    view = views[-1]
    passed = view.rounds[-1].handovers if view.rounds else ()
    found = []
    for number, lane in enumerate(view.step.actors[:-1]):
        label, handed = case.sop.actor(lane).label, passed[number] if number < len(passed) else None
        if handed is None:
            found.append(_block(label, _acted(case, lane, view.step) or _bound(case, lane, view.step)))
        else:
            stands = f"{vouched(case, handed)}, {date_time(handed.at, zone_of(case))}"
            found.append(_block(label, handed.actor, stands))
    return [*found, signatory(case, view, on_paper=True)]


def _block(label: str, actor: Actor | None, stands: str | None = None) -> Signatory:
    if actor is None:
        return Signatory(label, "")
    return Signatory(label, actor.post, actor.name, actor.nip, actor.rank, actor.address, stands, actor.id)


def checker(case: Case, document: str) -> Signatory:
    """Who answers for the paper: the lane that checks it, else the lane that ordered the case."""
    views = checking_steps(case, document)
    return signatory(case, views[-1], on_paper=True) if views else signatory(case, answering_step(case))


def waiting(case: Case, document: str) -> Signatory | None:
    """Who the paper asks something of: the lane of the waiting step that lists it."""
    views = [view for view in making_steps(case, document) if view.step.kind == "wait"]
    return signatory(case, views[-1], on_paper=True) if views else None


def executor(case: Case) -> Signatory:
    """Who carries out the machine's work, or answers for it."""
    return signatory(case, executing_step(case))


def executing_step(case: Case) -> StepView:
    """The first step in which the machine does the procedure's work (not a mere check before a decision)."""
    for view in case.steps:
        if view.step.actions and view.step.kind != "decision":
            return view
    return case.steps[0]


def ordering_step(case: Case) -> StepView:
    """The step the case begins with: the order, the schedule's confirmation, or the request."""
    return next(view for view in case.steps if view.step.id == case.procedure.first.id)


def answering_step(case: Case) -> StepView:
    """The step of whoever answers for the case: who ordered it; where somebody asked for it, who decided about that or
    passed it on; else the last other lane. Never the lane that carries the work out, where another has a step."""
    lane = executing_step(case).step.actors[:1]
    others = [view for view in case.steps if view.step.actors and view.step.actors[:1] != lane]
    first = ordering_step(case)
    if case.procedure.trigger.kind != "request" and first in others:
        return first
    decided = [view for view in others if view.step.kind == "decision"]
    ordered = [view for view in others if "order" in view.step.documents]
    return next(iter([*decided[-1:], *ordered[-1:], *others[-1:]]), first)


def from_files(one: Round) -> int:
    """How many of a round's records came from a file an operator gave instead of a run of this case."""
    return sum(len(run.evidence) for run in one.runs if run.origin == "file")


def last_done(view: StepView) -> Round | None:
    """The round that stands: the last one, once it is finished (a step that is due again has none)."""
    return view.rounds[-1] if view.state == "done" else None


def signatory(case: Case, view: StepView, *, on_paper: bool = False) -> Signatory:
    """The block of a step's lane. ``on_paper``: the step is about this very paper, so what ended it may be cited
    in the block; an order or another paper's signature never vouches for this one."""
    done = last_done(view)
    lane = _lane(case, view, done)
    label = _label(case, view.step, lane)
    found = done.actor if done and done.actor else _acted(case, lane, view.step) or _bound(case, lane, view.step)
    stands = f"{_choice(done)}{vouched(case, done)}, {_when(case, done)}" if done and done.actor and on_paper else None
    return _block(label, found, stands)


def _lane(case: Case, view: StepView, done: Round | None) -> str:
    """The lane that answers for a step: of several that hand it on, who ended it; the last while it is open."""
    if done and done.actor and done.actor.lane in view.step.actors:
        return done.actor.lane
    if view.step.kind == "end" or not view.step.actors:
        return (view.step.actors or case.procedure.lanes)[0]
    return view.step.actors[-1]


def _label(case: Case, step: Step, lane: str) -> str:
    """The lane's name on the paper; the duty's where the step is given to one duty of the lane."""
    actor = case.sop.actor(lane)
    return next((one.label for one in actor.duties if one.id == step.duty), actor.label)


def _choice(one: Round) -> str:
    return f"“{one.choice}” " if one.choice else ""


def _when(case: Case, one: Round) -> str:
    return date_time(one.finished_at, zone_of(case)) if one.finished_at else ""


def _acted(case: Case, lane: str, step: Step) -> Actor | None:
    """The person who last acted in the case for this lane, in the step's duty where it is one of several."""
    own = [one for view in case.steps if view.step.duty == step.duty for one in view.rounds]
    rounds = [one for one in own if one.finished_at and one.actor and one.actor.lane == lane]
    return max(rounds, key=lambda one: str(one.finished_at)).actor if rounds else None


def _bound(case: Case, lane: str, step: Step) -> Actor | None:
    """The person the office binds to the lane (or the duty), when it binds exactly one; none of several is guessed."""
    bound = case.office.get("bindings", {}).get(case.sop.id, {})
    ids = bound.get(f"{lane}.{step.duty}") or bound.get(lane, [])
    found = person(case, ids[0]) if len(ids) == 1 else None
    return (
        Actor(**{key: value for key, value in found.items() if key in Actor.model_fields}, lane=lane) if found else None
    )


def person(case: Case, person_id: str) -> dict[str, Any] | None:
    """The office's entry of a person as it was when the case was opened."""
    return next((one for one in case.office.get("people", []) if one.get("id") == person_id), None)


def actors(case: Case, step: Step) -> str:
    """The lanes of a step in words."""
    return " dan ".join(case.sop.actor(one).label for one in step.actors)


def vouched(case: Case, one: Round | Handover, *, brief: bool = False) -> str:
    """On whose word a hand-over or the end of a round stands; ``brief`` cuts the key's fingerprint."""
    if one.method == "machine" or one.actor is None:
        return "dikerjakan dan diukur sistem"
    letter = f", surat nomor {one.letter}" if one.letter else ""
    if isinstance(one, Round) and one.scan:
        letter += f" (pindaian SHA-256 {one.scan.sha256[:12]}…)"
    if one.actor.acting:
        order = one.actor.acting
        letter += f", selaku {order.capacity}. berdasarkan {order.letter}"
    if one.method == "signed":
        mark = fingerprint((person(case, one.actor.id) or {}).get("key"))
        named = (f"{mark[:17]}…" if brief else mark) if mark else "pribadi"
        return f"ditandatangani dengan kunci {named}{letter}"
    entered = person(case, one.stated_by or "")
    by = entered["name"] if entered else one.stated_by
    own = by == one.actor.name or not by
    return f"dinyatakan oleh {one.actor.name}{'' if own else f', dicatat oleh {by}'}{letter}"


def fingerprint(key: str | None) -> str | None:
    """The SHA-256 fingerprint of an OpenSSH public key as ``ssh-keygen -l`` prints it; None where it cannot be read."""
    parts = (key or "").split()
    blob = next((part for part in parts if part.startswith("AAAA")), "")
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError):
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=") if raw else None


def ticked_by(case: Case, document: str) -> list[Round]:
    """The finished rounds in which a person ticked assets on this document; what the machine did never counts."""
    rounds = [one for view in case.steps if document in view.step.documents for one in view.rounds]
    return [
        one for one in rounds if one.finished_at and one.checked and one.actor and one.method in ("signed", "stated")
    ]


def ticks(case: Case, document: str) -> frozenset[str]:
    """The assets a person ticked, as the last round that ticked any of them left it."""
    rounds = ticked_by(case, document)
    return frozenset(max(rounds, key=lambda one: str(one.finished_at)).checked) if rounds else frozenset()
