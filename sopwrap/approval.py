"""What in a case permits a restore onto living data: the letter it began with, and the decision that lets it go on.

Where the SOP has no decision, it is the disposition by which somebody in charge passed the letter to who restores.

Pure. Nothing here trusts a word that is not in the ledger; the permit is made from this and from the machine's plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sopwrap.case import Actor, Case, Round, StepView
from sopwrap.errors import RefusedError
from sopwrap.office import Office
from sopwrap.permits import OFFICE, Emergency, Letter, Permit, Signatory, new_number, stamp
from sopwrap.persons import Person
from sopwrap.records import Evidence
from sopwrap.sop import Step

DISPOSITION = "order"
"""The document a step is known by with which a letter is passed on to be done."""

RESTORE = "restore_point"
"""The playbook by which a step is known as the one that restores."""


@dataclass(frozen=True)
class Approval:
    """Who asked by which letter, who let it go on, and at which step it will be done."""

    letter: Letter
    requester: Actor
    approver: Actor
    signed: bool
    exception: str
    step: Step


@dataclass(frozen=True)
class Window:
    """When the restore may be done, and how long after that it may be taken back."""

    begin: datetime
    lasts: timedelta
    undo: timedelta


def approval(case: Case) -> Approval:
    """Return the approval of a case that stands before its restore; raise RefusedError when there is none."""
    ahead = _restore_ahead(case)
    decided = _decided(case)
    first = case.steps[0].rounds[-1] if case.steps and case.steps[0].rounds else None
    if ahead is None or not decided or first is None or first.actor is None:
        raise RefusedError(
            f"Case {case.id} holds no decision that lets a restore go on from where it stands.",
            f"See `sopwrap case next {case.id}`.",
        )
    decision = max(decided, key=lambda one: one[0])[1]
    assert decision.actor is not None
    return Approval(
        _letter(case, first), first.actor, decision.actor, decision.method == "signed", decision.exception, ahead
    )


def _decided(case: Case) -> list[tuple[int, Round]]:
    """The rounds that let a case go on, each with its line of the ledger."""
    decides = any(step.kind == "decision" for step in case.procedure.steps)
    return [
        (one.line or 0, one)
        for view in case.steps
        for one in view.rounds
        if one.actor and (one.choice if decides else one.finished_at and DISPOSITION in view.step.documents)
    ]


def planned(case: Case, asset: str, records: Sequence[Evidence]) -> Evidence:
    """The newest plan of a restore onto an asset's living data; raise RefusedError when there is none."""
    if case.asset(asset) is None:
        raise RefusedError(f"There is no plan of a restore of {asset}: it is not an asset of case {case.id}.")
    return newest_plan(asset, records)


def newest_plan(asset: str, records: Sequence[Evidence]) -> Evidence:
    """The newest plan of a restore onto an asset's living data, whoever made it; raise RefusedError without one."""
    found = [
        one
        for one in records
        if one.asset == asset and one.outcome == "planned" and one.restore and one.restore.mode == "replace"
    ]
    if not found:
        raise RefusedError(
            f"There is no plan of a restore of {asset}.", f"Make one with `sopwrap restore plan {asset}`."
        )
    return found[-1]


def permit(case: Case, office: Office, given: Approval, plan: Evidence, executor: str, window: Window) -> Permit:
    """The permit that follows from an approval and a plan, unsigned; raise RefusedError where people may not."""
    person = office.in_lane(case.sop, given.step.lanes, executor, window.begin).person
    if given.requester.id == given.approver.id and not given.exception:
        raise RefusedError(f"{given.approver.name} has approved what {given.approver.name} asked for.")
    has_key = bool(office.person(given.approver.id).key)
    return Permit(
        letter=given.letter,
        case=case.id,
        requester=_signatory(given.requester),
        approver=_signatory(given.approver),
        signer=given.approver.id if has_key else OFFICE,
        basis="the approver's own key" if has_key else "the approver's decision as stated in the ledger",
        exception=given.exception or None,
        **_deed(plan, person, window),
    )


def emergency(office: Office, plan: Evidence, people: Sequence[str], reason: str, window: Window) -> Emergency:
    """The emergency permit for a plan, unsigned: ``people`` are the two who stand for it and who does it, by id.

    Raise RefusedError where these two may not.
    """
    first, second, executor = (office.person(one) for one in people)
    if first.id == second.id:
        raise RefusedError("An emergency needs two people.", f"Somebody else than {first.id} has to sign, too.")
    for person in (first, second):
        if person.id not in office.emergency or not person.key:
            raise RefusedError(
                f"{person.name} may not permit a restore in an emergency.",
                "Those who may are named under `emergency` in office.yml, and have a key there.",
            )
    deed = _deed(plan, executor, window)
    return Emergency(reason=reason, first=_signatory(first), second=_signatory(second), **deed)


def _deed(plan: Evidence, executor: Person, window: Window) -> dict[str, Any]:
    """What a permit for a plan says, whoever gives it."""
    assert plan.restore is not None and plan.restore.place is not None
    end = window.begin + window.lasts
    return {
        "number": new_number(),
        "asset": plan.asset or "",
        "kind": plan.kind or "",
        "point": plan.point or "",
        "manifest": plan.restore.manifest or "",
        "host": plan.host,
        "place": plan.restore.place,
        "executor": _signatory(executor),
        "issued_at": stamp(window.begin),
        "not_before": stamp(window.begin),
        "not_after": stamp(end),
        "undo_until": stamp(end + window.undo),
    }


def _signatory(one: Person | Actor) -> Signatory:
    return Signatory(id=one.id, name=one.name)


def _restore_ahead(case: Case) -> Step | None:
    """The step that restores, where the case stands at it or can come to it from here."""
    waiting: list[StepView] = [case.current] if case.current else []
    seen: set[str] = set()
    while waiting:
        view = waiting.pop()
        if RESTORE in view.step.actions:
            return view.step
        seen.add(view.step.id)
        if view.step.kind != "decision":
            waiting += [case.step(edge.to) for edge in view.step.next if edge.to not in seen]
    return None


def require_letter(case: Case, sha256: str | None) -> None:
    """Refuse when the letter that is shown is not the one the case holds a scan of, or when it is not shown."""
    first = case.steps[0].rounds[-1] if case.steps and case.steps[0].rounds else None
    scan = first.scan if first else None
    if scan is None and sha256 is not None:
        raise RefusedError(
            f"Case {case.id} holds no scan of its letter to compare with.", "Sign without --letter FILE."
        )
    if scan is not None and sha256 is None:
        raise RefusedError(f"The letter of case {case.id} was scanned ({scan.name}).", "Show it with --letter FILE.")
    if scan is not None and scan.sha256 != sha256:
        raise RefusedError(
            f"This is not the letter case {case.id} began with: its SHA-256 is {sha256}, and that of {scan.name} was "
            f"{scan.sha256}.",
            "Find out who changed it.",
        )


def _letter(case: Case, first: Round) -> Letter:
    """The letter of the request: its number, and the digest of its scan or of the line it was entered with."""
    papers = [case.numbers[one] for one in case.steps[0].step.documents if one in case.numbers]
    number = first.letter or (papers[0].number if papers else "")
    if not number:
        raise RefusedError(
            f"The letter case {case.id} began with has no number.", f"Enter it: `sopwrap case number {case.id}`."
        )
    digest = first.scan.sha256 if first.scan else first.digest or ""
    return Letter(number=number, date=papers[0].dated if papers else None, sha256=digest)
