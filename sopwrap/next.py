"""What is next in a case, for whom, and the exact command for it."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sopwrap.case import Case, StepView
from sopwrap.filling import stated, wanted
from sopwrap.flow import proposal
from sopwrap.forms import missing
from sopwrap.office import Office
from sopwrap.papers.results import results


@dataclass(frozen=True)
class Next:
    """The next thing in a case. ``people`` are ids of office.yml who may do it; ``commands`` can be typed as they are.

    ``proposed`` is the branch the machine's finding suggests; it is the person who decides. ``forms`` are the documents
    the person fills in, ``required`` those of their fields that have to be stated and are not yet; ``findings`` what
    was looked up for that person.
    """

    case: str
    state: str
    step: str | None
    text: str
    lanes: tuple[str, ...]
    people: tuple[str, ...]
    choices: tuple[str, ...]
    proposed: str | None
    commands: tuple[str, ...]
    forms: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)


def next_for(case: Case, office: Office, now: datetime | None = None) -> Next:
    """Given a case and the office as it is today, say what is next; ``now`` is the moment substitutes are judged by."""
    view = case.current
    if case.closed_at is not None:
        return _without(case, case.closed_reason, (f"sopwrap report {case.id}",))
    if case.state == "open" or view is None:
        text = f"Step {view.step.id} is the machine's." if view else "It is ready to be closed."
        return _without(case, text, (f"sopwrap case resume {case.id}",))
    able = office.able(case.sop, view.due_lanes, now or datetime.now(UTC))
    people = tuple(dict.fromkeys(one.person.id for one in able))
    proposed = proposal(case, view) if case.state == "waiting" else None
    held = case.state == "held"
    choices = ("retry", "continue", "stop") if held else tuple(view.step.choices)
    fields = {} if held else wanted(case.procedure, view.step, case.operation)
    required = tuple(missing(fields, stated(case, fields)))
    return Next(
        case=case.id,
        state=case.state,
        step=view.step.id,
        text=view.rounds[-1].holds[-1].message if held else view.step.text or view.step.id,
        lanes=tuple(case.sop.actor(lane).label for lane in view.due_lanes),
        people=people,
        choices=choices,
        proposed=proposed,
        commands=_commands(case, view, office, people, choices, " --form FILE" if required else ""),
        forms=tuple(fields),
        required=required,
        findings=tuple(one.text for one in view.rounds[-1].findings),
    )


def _without(case: Case, text: str, commands: tuple[str, ...]) -> Next:
    """What is next where it is nobody's in particular."""
    step = case.current.step.id if case.current and case.closed_at is None else None
    return Next(case.id, case.state, step, text, (), (), (), None, commands)


def _commands(
    case: Case, view: StepView, office: Office, people: tuple[str, ...], choices: tuple[str, ...], form: str
) -> tuple[str, ...]:
    """One command for each choice, or the one that signs; by the first person of the lane."""
    first = (f"sopwrap case form {case.id} {view.step.id} > FILE",) if form else ()
    person = people[0] if people else "PERSON"
    key = " --key FILE" if people and office.person(person).key else ""
    where = f"{case.id} {view.step.id}"
    if choices:
        return first + tuple(
            f"sopwrap case decide {where} {shlex.quote(choice)} --as {person} --reason '…'{form}{key}"
            for choice in choices
        )
    ticks = _ticks(case) if "checklist" in view.step.documents else ""
    return (*first, f"sopwrap case sign {where} --as {person}{ticks}{form}{key}")


def _ticks(case: Case) -> str:
    """What to tick: all, unless the records show that some are not done; those are left for the person to add."""
    told = results(case)
    if all(one.ok for one in told) or not any(one.copies or one.failures for one in told):
        return " --checked all"
    return "".join(f" --checked {one.asset.id}" for one in told if one.ok)
