"""What people do in a case: sign, decide, release a held step, stop, attach, enter a number.

Every act is checked against the case as it stands and written only if the case still stands so (the digest of its
last line is part of the write, and of the signature): two people acting at once cannot both be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sopwrap.begin import began
from sopwrap.case import Case
from sopwrap.errors import RefusedError, UsageError
from sopwrap.filling import filled_in
from sopwrap.flow import failed, proposal, way_on
from sopwrap.fold import fold
from sopwrap.intake import paper, records_for
from sopwrap.jumps import Weigher
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.paper_numbers import official
from sopwrap.permission import (
    Vouch,
    has_reason,
    held,
    is_open,
    is_persons_turn,
    is_theirs,
    standing,
    ticked,
    vouched,
    within_rounds,
)

RELEASES = ("retry", "continue", "stop")


@dataclass(frozen=True)
class Word:
    """What a person says with an act.

    ``text`` is the remark or the reason, ``checked`` are the assets ticked on the checklist (``all`` for every one),
    ``form`` is what is stated in the step's papers (by document, or flat where the step has one form), ``began`` when
    the person began with the step (see sopwrap.begin).
    """

    text: str = ""
    checked: Sequence[str] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    began: str = ""


SILENT = Word()


def sign(
    ledger: Ledger, office: Office, case_id: str, vouch: Vouch, step: str | None = None, word: Word = SILENT
) -> Case:
    """A person ends the present step, or hands it over where another lane of it comes after."""
    case = fold(ledger.entries(case_id))
    ledger.append(case_id, signing(office, case, vouch, step, word), head=case.digest)
    return fold(ledger.entries(case_id))


def signing(office: Office, case: Case, vouch: Vouch, step: str | None = None, word: Word = SILENT) -> list[Draft]:
    """The lines with which a person ends the present step; raise an error where it may not be, and write nothing."""
    view = standing(case, step)
    if view.state == "held":
        raise held(case, view)
    is_persons_turn(case, view)
    if view.step.choices:
        choices = ", ".join(view.step.choices)
        raise UsageError(f"Step {view.step.id} is a decision.", f"Use `sopwrap case decide`: {choices}.")
    within_rounds(view, None)
    data = {"round": view.rounds[-1].number, "note": word.text, "checked": ticked(case, word.checked)}
    is_theirs(office, case, view, vouch)
    data |= filled_in(case, view.step, word.form)
    data |= began(office, case, view, word.began)
    last = len(view.rounds[-1].handovers) + 1 >= len(view.step.lanes)
    drafts = [vouched(office, case, vouch, Draft("step.done" if last else "handover", data, view.step.id))]
    if last and way_on(view.step, None) is None:
        drafts.append(Draft("case.closed", {"outcome": "done", "reason": ""}))
    return drafts


def decide(
    ledger: Ledger, office: Office, case_id: str, vouch: Vouch, choice: str, step: str | None = None,
    word: Word = SILENT,
) -> Case:  # fmt: skip
    """A person decides the present step; at a held step the choices are retry, continue and stop."""
    case = fold(ledger.entries(case_id))
    view = standing(case, step)
    if view.state == "held":
        return release(ledger, office, case_id, vouch, choice, word.text)
    is_persons_turn(case, view)
    if not view.step.choices:
        raise UsageError(f"There is nothing to decide at step {view.step.id}.", "Use `sopwrap case sign`.")
    if choice not in view.step.choices:
        raise UsageError(
            f"{choice} is not a choice of step {view.step.id}.", f"Choose: {', '.join(view.step.choices)}."
        )
    has_reason(word.text)
    within_rounds(view, choice)
    data: dict[str, Any] = {"round": view.rounds[-1].number, "choice": choice, "reason": word.text}
    data["proposed"] = proposal(case, view)
    is_theirs(office, case, view, vouch)
    data |= filled_in(case, view.step, word.form)
    data |= began(office, case, view, word.began) | failed(case, view, choice)
    drafts = [vouched(office, case, vouch, Draft("decision", data, view.step.id))]
    if way_on(view.step, choice) is None:
        drafts.append(Draft("case.closed", {"outcome": "done", "reason": word.text}))
    ledger.append(case_id, drafts, head=case.digest)
    return fold(ledger.entries(case_id))


def release(ledger: Ledger, office: Office, case_id: str, vouch: Vouch, choice: str, reason: str) -> Case:
    """A person of the step's lane decides what becomes of a held step: retry, continue (go on without), stop."""
    case = fold(ledger.entries(case_id))
    view = standing(case, None)
    if view.state != "held":
        raise UsageError(f"Step {view.step.id} of case {case.id} is not held.", f"See `sopwrap case next {case.id}`.")
    if choice not in RELEASES:
        raise UsageError(f"{choice} is not a choice for a held step.", f"Choose: {', '.join(RELEASES)}.")
    has_reason(reason)
    data = {"round": view.rounds[-1].number, "choice": choice, "reason": reason}
    drafts = [vouched(office, case, vouch, Draft("released", data, view.step.id))]
    if choice == "stop":
        drafts.append(Draft("case.closed", {"outcome": "stopped", "reason": reason}))
    ledger.append(case_id, drafts, head=case.digest)
    return fold(ledger.entries(case_id))


def stop(ledger: Ledger, office: Office, case_id: str, vouch: Vouch, reason: str) -> Case:
    """A person of any lane of the procedure ends a case before its time; refused while a run is at work."""
    with ledger.working():
        case = fold(ledger.entries(case_id))
        is_open(case)
        has_reason(reason)
        data = {"outcome": "stopped", "reason": reason}
        ledger.append(case_id, [vouched(office, case, vouch, Draft("case.closed", data))], head=case.digest)
    return fold(ledger.entries(case_id))


def attach_evidence(
    ledger: Ledger, case_id: str, path: Path, stated_by: str, weigh: Weigher = lambda case, records: []
) -> Case:
    """Take the evidence of a playbook that somebody else ran into the present step; all of it, or nothing."""
    with ledger.working():
        case = fold(ledger.entries(case_id))
        view = standing(case, None)
        if not view.step.actions:
            raise RefusedError(
                f"Step {view.step.id} of case {case.id} is done by people: it takes no evidence of the machine.",
                f"See `sopwrap case next {case.id}`.",
            )
        records, sha256 = records_for(ledger, case, view, path)
        facts = {"origin": "file", "file_sha256": sha256, "stated_by": stated_by}
        drafts = [Draft("evidence", {"record": one.as_dict(), **facts}, view.step.id) for one in records]
        odd = [Draft("odd", one.as_dict(), view.step.id) for one in weigh(case, records)]
        ledger.append(case_id, [*drafts, *odd], head=case.digest)
    return fold(ledger.entries(case_id))


def attach_paper(ledger: Ledger, case_id: str, path: Path, note: str, stated_by: str) -> Case:
    """Note a file that belongs to the case (a scanned letter) by name, size and SHA-256; the file stays where it is.

    A closed case takes it too: what was signed on paper is scanned when all is done.
    """
    case = fold(ledger.entries(case_id))
    data = {**paper(path), "note": note, "stated_by": stated_by}
    ledger.append(case_id, [Draft("attached", data, case.current.step.id if case.current else None)], head=case.digest)
    return fold(ledger.entries(case_id))


def enter_number(ledger: Ledger, case_id: str, document: str, number: str, dated: str | None, stated_by: str) -> Case:
    """Enter the official number the agenda gave a document; a later one replaces it on the paper, not in the ledger.

    A closed case takes it too: many an agenda numbers a paper when it has been signed.
    """
    case = fold(ledger.entries(case_id))
    known = list(dict.fromkeys(one for step in case.procedure.steps for one in step.documents))
    if document not in known:
        raise UsageError(f"{document} is not a document of this procedure.", f"Its documents: {', '.join(known)}.")
    given, day = official(number, dated)
    data = {"document": document, "number": given, "dated": day, "stated_by": stated_by}
    ledger.append(case_id, [Draft("number", data, case.current.step.id if case.current else None)], head=case.digest)
    return fold(ledger.entries(case_id))
