"""Who may not do what, because of what they have done already in the same case.

Executor, checker, requester and approver are different people (sop-documents 2.2, no. 10), and a substitute is never a
way around it: an act in somebody's name counts as that official's and the substitute's alike. Where the office has
nobody else for the lane the rule gives way, and the line says so; the papers print it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sopwrap.case import Case, Round, StepView
from sopwrap.errors import RefusedError
from sopwrap.office import Office
from sopwrap.persons import Standing


@dataclass(frozen=True)
class Part:
    """What somebody did earlier in the case; ``english`` and ``words`` follow a name in a sentence."""

    view: StepView
    round: Round
    english: str
    words: str

    @property
    def names(self) -> frozenset[str]:
        """The ids of those who did it: the person, and the official they acted for."""
        actor = self.round.actor
        return actor.names if actor else frozenset()


def exception(office: Office, case: Case, view: StepView, standing: Standing, at: datetime) -> str:
    """Why this person may act all the same (in Indonesian, for the papers), or empty where nothing stands against it.

    Raise RefusedError where somebody else could act.
    """
    against = list(parts_against(case, view))
    mine = [part for part in against if part.names & standing.names]
    if not mine:
        return ""
    taken = frozenset[str]().union(*(part.names for part in against))
    able = office.able(case.sop, view.due_lanes, at)
    if others := [one.person.id for one in able if not one.names & taken]:
        raise RefusedError(
            f"{_who(mine[0])} {mine[0].english} and may not act at {view.step.id}.",
            f"Somebody else of the lane has to: {', '.join(dict.fromkeys(others))}.",
        )
    told: dict[str, list[str]] = {}
    for part in reversed(mine):
        told.setdefault(_who(part), []).append(part.words)
    said = "; ".join(f"{name} {' dan '.join(words)}" for name, words in told.items())
    return f"{said}; tidak ada orang lain yang ditetapkan untuk langkah ini"


def parts_against(case: Case, view: StepView) -> Iterator[Part]:
    """The parts in this case that nobody may have who acts at the step.

    A decision judges the work that led to it and, in a case opened by a request, the request; whoever carries out what
    a request asked for is neither who asked nor who decided.
    """
    for step_id in view.step.independent_of:
        other = case.step(step_id)
        for done in other.rounds:
            if done.actor:
                yield Part(other, done, f"did step {step_id}", f"mengerjakan {_named(other)}")
    requested = case.procedure.trigger.kind == "request"
    first = case.step(case.procedure.first.id)
    if view.step.kind == "decision":
        judged = list(_work_before(case, view))
        yield from judged
        if requested and first.step.id not in [part.view.step.id for part in judged]:
            yield from _asking(first)
    elif requested and view.step.kind == "process" and view.step.actions:
        yield from _asking(first)
        for one in case.steps:
            if one.step.kind == "decision" and not one.step.actions:  # else it is about what the machine found
                yield from (
                    Part(one, done, f"decided step {one.step.id}", f"memutuskan {_named(one)}")
                    for done in one.rounds
                    if done.actor
                )


def _asking(first: StepView) -> Iterator[Part]:
    for one in first.rounds:
        if one.actor:
            yield Part(first, one, f"asked for it at step {first.step.id}", f"mengajukan permohonan ({_named(first)})")


def _work_before(case: Case, view: StepView) -> Iterator[Part]:
    """The people's work that led to a decision: back to the decision or the wait before it, or the case's beginning.

    An order that opens a case is no work; a request that does is told by its own words.
    """
    at, seen = view.rounds[-1], {view.step.id}
    while at.came_from is not None and at.came_from not in seen:
        before = case.step(at.came_from)
        if before.step.kind != "process":
            return
        seen.add(before.step.id)
        at = max((one for one in before.rounds if one.finished_at), key=lambda one: one.number)
        if at.actor is None:
            continue
        if before.step.id != case.procedure.first.id:
            yield Part(before, at, f"did step {before.step.id}", f"mengerjakan {_named(before)}")
        elif case.procedure.trigger.kind == "request":
            yield from _asking(before)


def _named(view: StepView) -> str:
    return f"langkah {view.step.id if view.step.number is None else view.step.number}"


def _who(part: Part) -> str:
    return part.round.actor.name if part.round.actor else ""
