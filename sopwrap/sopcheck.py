"""Whether the steps of a procedure hold together: every way leads to a step there is, and every case can end. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sopwrap.models import Misplaced

if TYPE_CHECKING:
    from sopwrap.sop import Procedure, Step


def check_steps(procedure: Procedure) -> None:
    """Raise Misplaced (a ValueError that knows its place in the file) for the first thing that does not hold."""
    ids = [step.id for step in procedure.steps]
    for place, step in enumerate(procedure.steps):
        if step.id in ids[:place]:
            raise Misplaced(f"two steps have the id {step.id}", ("steps", place, "id"))
    for place, step in enumerate(procedure.steps):
        _check_step(procedure, place, step, ids)
    ending = _can_end(procedure)
    for place, step in enumerate(procedure.steps):
        if step.kind != "gap" and step.id not in ending:
            raise Misplaced(f"a case that comes to step {step.id} can never end", ("steps", place, "next"))


def _check_step(procedure: Procedure, place: int, step: Step, ids: list[str]) -> None:
    for number, edge in enumerate(step.next):
        if edge.to not in ids:
            raise Misplaced(
                f"step {step.id} leads to {edge.to}, which is not a step", ("steps", place, "next", number, "to")
            )
        if procedure.step(edge.to).kind == "gap":
            raise Misplaced(
                f"step {step.id} leads to {edge.to}, which is a gap", ("steps", place, "next", number, "to")
            )
    for number, actor in enumerate(step.actors):
        if actor not in procedure.lanes:
            where = ("steps", place, "actors", number)
            raise Misplaced(f"step {step.id} is given to {actor}, which is not a lane of this procedure", where)
    if lost := [one for one in step.independent_of if one not in ids]:
        raise Misplaced(f"step {step.id} is independent of {lost[0]}, which is not a step", ("steps", place))
    if len(step.next) > 1 and len(set(step.choices)) != len(step.next):
        said = f"step {step.id} has several ways on and not each has a label of its own (`when`)"
        raise Misplaced(said, ("steps", place, "next"))
    if step.kind == "end" and step.next:
        raise Misplaced(f"step {step.id} is an end and leads on", ("steps", place, "next"))
    if step.actions_by_operation and (step.actions or set(step.actions_by_operation) != set(procedure.operations)):
        said = f"step {step.id}: `actions_by_operation` stands in place of `actions` and names every operation"
        raise Misplaced(said, ("steps", place, "actions_by_operation"))


def _can_end(procedure: Procedure) -> set[str]:
    """The steps from which an end can be reached: those that lead nowhere, and whatever leads to one of them."""
    ending = {step.id for step in procedure.steps if not step.next and step.kind != "gap"}
    while more := {
        step.id for step in procedure.steps if step.id not in ending and any(edge.to in ending for edge in step.next)
    }:
        ending |= more
    return ending
