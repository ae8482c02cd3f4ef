"""Who may do what in a case as it stands, and what stands for it: the checks behind every act of a person."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sopwrap import signatures
from sopwrap.case import Acting, Actor, Case, StepView
from sopwrap.errors import RefusedError, UsageError
from sopwrap.flow import machine_move, spent, way_on
from sopwrap.intake import paper
from sopwrap.keys import registered_key, wrong_key
from sopwrap.ledger import Draft
from sopwrap.office import Office
from sopwrap.persons import Person, Standing
from sopwrap.separation import exception

ENDS = ("step.done", "decision", "handover")
"""Kinds of lines with which somebody ends a step, so that who may not have two parts is asked."""


@dataclass(frozen=True)
class Vouch:
    """Who does an act and what stands for it: the person's own ``key``, or the word of the operator ``stated_by``.

    ``letter`` is the number of the letter the person signed on paper, where there is one, and ``scan`` a file of it;
    ``at`` the moment of the act, which an order to stand in has to cover.
    """

    person: str
    stated_by: str
    letter: str | None = None
    key: Path | None = None
    scan: Path | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


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


def is_theirs(office: Office, case: Case, view: StepView, vouch: Vouch) -> None:
    """Raise RefusedError when the step is not the person's to do: said before anything else about what they enter."""
    if not view.step.actors:
        raise RefusedError(f"The SOP gives step {view.step.id} to nobody.", "Stop the case and mend the SOP.")
    office.in_lane(case.sop, view.due_lanes, vouch.person, max(vouch.at, case.changed_at))


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


def vouched(office: Office, case: Case, vouch: Vouch, draft: Draft) -> Draft:
    """The act with the person and what stands for it; signed where a key is given, and then checked at once.

    Raise RefusedError when the step is not this person's (an act of no step: when the person is in no lane at all),
    when they have a part in the case that is another's (sopwrap.separation), or when somebody with a registered key is
    stated without a letter: their own signature could be had.
    """
    step = case.procedure.step(draft.step) if draft.step else None
    lanes = case.step(step.id).due_lanes if step else case.procedure.lanes
    if not lanes:
        raise RefusedError(f"The SOP gives step {draft.step} to nobody.", "Stop the case and mend the SOP.")
    at = max(vouch.at, case.changed_at)  # a clock set back does not bring an old order back
    standing = office.in_lane(case.sop, lanes, vouch.person, at)
    _stands(standing.person, vouch)
    data: dict[str, Any] = {
        **draft.data,
        "method": "stated" if vouch.key is None else "signed",
        "actor": actor_of(office, standing).model_dump(
            mode="json", exclude={"acting"} if standing.order is None else None
        ),
        "stated_by": vouch.stated_by if vouch.key is None else None,
        "letter": vouch.letter,
    }
    if vouch.scan is not None:
        data["scan"] = paper(vouch.scan)
    if step and draft.kind in ENDS and (why := exception(office, case, case.step(step.id), standing, at)):
        data["exception"] = why
    if vouch.key is not None:
        key = registered_key(standing.person, office.day_of(case.sop, at))
        message = signatures.payload(case.id, draft.step, draft.kind, case.digest, data)
        signature = signatures.sign(message, vouch.key)
        if (used := signatures.used_key(signature)) != key:
            raise wrong_key(office, standing.person, used)
        signatures.verify(message, signature, standing.person.id, key)
        data |= {"signature": signature, "key": key}
    return Draft(draft.kind, data, draft.step)


def _stands(person: Person, vouch: Vouch) -> None:
    """Raise an error when what is given does not stand for the person's word."""
    if vouch.key is None and person.key and not vouch.letter:
        raise RefusedError(
            f"{person.name} has a key in office.yml and signs with it.",
            "Give --key FILE, or --letter NUMBER of the letter signed on paper.",
        )
    if vouch.scan is not None and not vouch.letter:
        raise UsageError("A scan is of a letter, and no letter is named.", "Give its number with --letter.")


def actor_of(office: Office, standing: Standing) -> Actor:
    """The person as they are now; a substitute under the official's post, with the order that allows it."""
    person, order = standing.person, standing.order
    if order is None:
        post, acting = person.post, None
    else:
        official = office.person(order.official)
        post = f"{order.capacity}. {official.post}"
        acting = Acting(
            capacity=order.capacity,
            official=official.id,
            name=official.name,
            own_post=person.post,
            since=order.since,
            until=order.until,
            letter=order.letter,
        )
    return Actor(
        id=person.id,
        name=person.name,
        nip=person.nip,
        rank=person.rank,
        post=post,
        address=person.address,
        lane=standing.lane.partition(".")[0],
        acting=acting,
    )


def person_as_actor(person: Person) -> Actor:
    """The person as they are now, in no lane: who acts in something that belongs to no case."""
    return Actor(**{key: getattr(person, key) for key in ("id", "name", "nip", "rank", "post", "address")})


def _how_done(view: StepView) -> str:
    last = view.rounds[-1]
    who = f"by {last.actor.name}" if last.actor else "by the machine"
    return f"step {view.step.id} was done {who} on {last.finished_at:%Y-%m-%d %H:%M} UTC."
