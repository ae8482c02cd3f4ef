"""Who may do what in a case as it stands, and what stands for it: the checks behind every act of a person."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sopwrap import signatures
from sopwrap.case import Actor, Case, StepView
from sopwrap.errors import RefusedError, UsageError
from sopwrap.flow import machine_move, spent, way_on
from sopwrap.ledger import Draft
from sopwrap.office import Office, Person


@dataclass(frozen=True)
class Vouch:
    """Who does an act and what stands for it: the person's own ``key``, or the word of the operator ``stated_by``.

    ``letter`` is the number of the letter the person signed on paper, where there is one.
    """

    person: str
    stated_by: str
    letter: str | None = None
    key: Path | None = None


def is_open(case: Case) -> None:
    """Raise RefusedError when the case is closed: nobody acts in it any more."""
    if case.closed_at is not None:
        raise RefusedError(
            f"Case {case.id} was closed on {case.closed_at:%Y-%m-%d} ({case.state}).",
            "A number or a scan can still be entered; for anything else open a new one with `sopwrap run`.",
        )


def standing(case: Case, step_id: str | None) -> StepView:
    """The step the case stands at; raise RefusedError when it is not the one that was meant."""
    is_open(case)
    view = case.current
    if view is None:
        raise RefusedError(f"Case {case.id} has no step left.", f"Run `sopwrap case resume {case.id}`.")
    if step_id is None or step_id == view.step.id:
        return view
    meant = case.step(step_id)
    now = f"Case {case.id} stands at step {view.step.id} ({view.step.text or view.step.kind})"
    if meant.state == "done":
        raise RefusedError(f"{now}; {_how_done(meant)}", f"See `sopwrap case next {case.id}`.")
    raise RefusedError(f"{now}, and has not come to {step_id}.", f"See `sopwrap case next {case.id}`.")


def is_persons_turn(case: Case, view: StepView) -> None:
    """Raise RefusedError when the machine has the next move (or a failure of it has to be decided first)."""
    if machine_move(case) is not None:
        raise RefusedError(
            f"Step {view.step.id} of case {case.id} is the machine's to do first.",
            f"Run `sopwrap case resume {case.id}`.",
        )


def held(case: Case, view: StepView) -> RefusedError:
    """What to say to somebody who wants to sign a held step."""
    return RefusedError(
        f"Step {view.step.id} of case {case.id} is held: {view.rounds[-1].holds[-1].message}",
        f"Decide with `sopwrap case decide {case.id} {view.step.id} retry|continue|stop`.",
    )


def has_reason(reason: str) -> None:
    """Raise UsageError when a decision is given no reason: it is printed on the papers."""
    if not reason.strip():
        raise UsageError("A decision needs a reason.", "Give it with --reason; it is printed on the papers.")


def within_rounds(view: StepView, choice: str | None) -> None:
    """Raise RefusedError when the way on has been taken as often as the SOP allows."""
    edge = way_on(view.step, choice)
    if edge is not None and (used_up := spent(view, edge)):
        others = [shlex.quote(one) for one in view.step.choices if one != choice]
        ways = f"Decide otherwise ({', '.join(others)}) or stop the case" if others else "Stop the case"
        raise RefusedError(f"{used_up}.", f"{ways} with `sopwrap case stop`.")


def ticked(case: Case, checked: Sequence[str]) -> list[str]:
    """The assets a person ticks, in the order of the register; raise UsageError for one that is not of this case."""
    known = [asset.id for asset in case.assets]
    if "all" in checked:
        return known
    if strange := [one for one in checked if one not in known]:
        raise UsageError(f"{strange[0]} is not an asset of case {case.id}.", f"Its assets: {', '.join(known)}.")
    return [one for one in known if one in checked]


def judges_own_work(office: Office, case: Case, view: StepView, person_id: str) -> str:
    """Why this person may judge a step done by the same person, or empty when it is not so; else raise RefusedError.

    The rule is pemeriksa ≠ pelaksana (sop-documents 2.2, no. 10). What is judged is the process step the case came
    from. It gives way only where nobody else is bound to the lane, and then the decision says so.
    """
    came_from = view.rounds[-1].came_from
    judged = case.step(came_from) if came_from else None
    if judged is None or judged.step.kind != "process":
        return ""
    doer = judged.rounds[-1].actor
    if doer is None or doer.id != person_id:
        return ""
    others = {p.id for lane in view.step.actors for p in office.bound(case.sop, lane)} - {person_id}
    if others:
        raise RefusedError(
            f"{doer.name} did step {judged.step.id} and may not judge it at {view.step.id}.",
            f"Somebody else of the lane has to: {', '.join(sorted(others))}.",
        )
    return f"{doer.name} also did step {judged.step.id}; nobody else is bound to the lane"


def vouched(office: Office, case: Case, vouch: Vouch, draft: Draft) -> Draft:
    """The act with the person and what stands for it; signed where a key is given, and then checked at once.

    Raise RefusedError when the step is not this person's (an act of no step: when the person is in no lane at all),
    or when somebody with a registered key is stated without a letter: their own signature could be had.
    """
    step = case.procedure.step(draft.step) if draft.step else None
    lanes = step.actors if step else case.procedure.lanes
    if not lanes:
        raise RefusedError(f"The SOP gives step {draft.step} to nobody.", "Stop the case and mend the SOP.")
    person, lane = office.in_lane(case.sop, lanes, vouch.person)
    if vouch.key is None and person.key and not vouch.letter:
        raise RefusedError(
            f"{person.name} has a key in office.yml and signs with it.",
            "Give --key FILE, or --letter NUMBER of the letter signed on paper.",
        )
    data: dict[str, Any] = {
        **draft.data,
        "method": "stated" if vouch.key is None else "signed",
        "actor": _actor(person, lane).model_dump(mode="json"),
        "stated_by": vouch.stated_by if vouch.key is None else None,
        "letter": vouch.letter,
    }
    if vouch.key is not None:
        key = signatures.registered_key(person)
        message = signatures.payload(case.id, draft.step, draft.kind, case.digest, data)
        signature = signatures.sign(message, vouch.key)
        signatures.verify(message, signature, person.id, key)
        data |= {"signature": signature, "key": key}
    return Draft(draft.kind, data, draft.step)


def _actor(person: Person, lane: str) -> Actor:
    return Actor(
        id=person.id,
        name=person.name,
        nip=person.nip,
        rank=person.rank,
        post=person.post,
        address=person.address,
        lane=lane,
    )


def _how_done(view: StepView) -> str:
    last = view.rounds[-1]
    who = f"by {last.actor.name}" if last.actor else "by the machine"
    return f"step {view.step.id} was done {who} on {last.finished_at:%Y-%m-%d %H:%M} UTC."
