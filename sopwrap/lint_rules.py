"""The rules of `sop lint`: each a pure function over an SOP, found by its name in RULES."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sopwrap.lint_texts import actor_in_text, check_without_no, repealed_law, unknown_actor, unknown_name
from sopwrap.lint_types import Known, Note, each_step
from sopwrap.sop import Procedure, Sop, Step


def unreachable_step(sop: Sop, known: Known) -> Iterator[Note]:
    """A step no way leads to."""
    for number, procedure in enumerate(sop.procedures):
        reached = _closure(procedure, procedure.first.id)
        for index, step in enumerate(procedure.steps):
            if step.id not in reached and step.kind != "gap":
                yield Note(("procedures", number, "steps", index), "error", f"Nothing leads to step {step.id}.")


def loop_without_limit(sop: Sop, known: Known) -> Iterator[Note]:
    """A way back that may be taken for ever; a wait may last."""
    for place, procedure, step in each_step(sop):
        ids = [one.id for one in procedure.steps]
        for number, edge in enumerate(step.next):
            back = ids.index(edge.to) <= ids.index(step.id)
            if back and edge.max_rounds is None and step.kind != "wait":
                text = f"The way from {step.id} back to {edge.to} has no max_rounds: it can be taken for ever."
                yield Note((*place, "next", number), "warning", text)


def no_lane(sop: Sop, known: Known) -> Iterator[Note]:
    """A step that is nobody's."""
    for place, _, step in each_step(sop):
        if not step.actors and step.mode != "none":
            yield Note(place, "error", f"Step {step.id} is given to no lane.")


def empty_lane(sop: Sop, known: Known) -> Iterator[Note]:
    """A column of the table in which nothing stands."""
    for number, procedure in enumerate(sop.procedures):
        busy = {actor for step in procedure.steps for actor in step.actors}
        for index, lane in enumerate(procedure.lanes):
            if lane not in busy:
                text = f"The lane {sop.actor(lane).label} has no step."
                yield Note(("procedures", number, "lanes", index), "warning", text)


def nobody_bound(sop: Sop, known: Known) -> Iterator[Note]:
    """A lane with steps that nobody in the office fills."""
    if known.bound is None:
        return
    bound = known.bound.get(sop.id, frozenset())
    for number, actor in enumerate(sop.actors):
        busy = any(actor.id in step.actors for one in sop.procedures for step in one.steps)
        if busy and actor.id not in bound:
            text = f"Nobody in office.yml is bound to the lane {actor.id} ({actor.label})."
            yield Note(("actors", number), "warning", text)


def missing_time(sop: Sop, known: Known) -> Iterator[Note]:
    """A row without a standard time, or with words that are no duration."""
    for place, procedure, step in each_step(sop):
        merged = any(step.id in one.steps for one in procedure.merged_times)
        if step.time is not None or merged or _unprinted(step) or "time" not in sop.quality_columns:
            continue
        said = (step.time_text or "").strip("-–. ")
        text = (
            f"The time of step {step.id} (“{said}”) is no duration" if said else f"Step {step.id} has no standard time"
        )
        yield Note((*place, "time_text") if said else place, "warning", f"{text}: nothing is measured against it.")


def missing_output(sop: Sop, known: Known) -> Iterator[Note]:
    """A row that says nothing of what it leaves."""
    for place, _, step in each_step(sop):
        if "output" in sop.quality_columns and not _unprinted(step) and not "".join(step.outputs).strip("-–. "):
            yield Note(place, "warning", f"Step {step.id} has no output.")


def ambiguous_row(sop: Sop, known: Known) -> Iterator[Note]:
    """A row whose text, lane or standards can be read in more than one way."""
    for place, _, step in each_step(sop):
        origin = step.provenance
        parts = [name for name in ("text", "lane", "quality") if getattr(origin, name) == "ambiguous"]
        if parts:
            text = f"Step {step.id} is ambiguous on paper ({', '.join(parts)}): ask its owner."
            yield Note((*place, "provenance"), "warning", text)


def number_skips(sop: Sop, known: Known) -> Iterator[Note]:
    """Printed numbers that skip, stand twice or go back."""
    for number, procedure in enumerate(sop.procedures):
        last = 0
        for index, step in enumerate(procedure.steps):
            if step.number is None:
                continue
            if step.kind == "gap":
                text = f"Row {step.number} is empty on paper."
                yield Note(("procedures", number, "steps", index), "warning", text)
            elif step.number != last + 1:
                text = (
                    f"Row {step.number} comes after row {last}." if last else f"The first row is number {step.number}."
                )
                yield Note(("procedures", number, "steps", index, "number"), "warning", text)
            last = step.number


def blank_identity(sop: Sop, known: Known) -> Iterator[Note]:
    """A field of the identity block that the paper leaves blank."""
    one = sop.identity
    dated = any((one.dates.created, one.dates.revised, one.dates.effective, one.dates.in_force))
    blanks = {"number": one.number, "dates": dated, "approvers": one.approvers, "letterhead": one.letterhead}
    for name, said in blanks.items():
        if not said:
            yield Note(("identity", name), "warning", f"The identity has no {name}: papers leave it blank.")


def _unprinted(step: Step) -> bool:
    """True for a step that only ends, or has no row of its own: the paper can state no standard for it."""
    return step.mode == "none" or (step.kind == "end" and step.number is None)


def _closure(procedure: Procedure, start: str) -> set[str]:
    """The ids of all steps that can be reached from one, itself included."""
    reached, waiting = set(), [start]
    while waiting:
        step_id = waiting.pop()
        if step_id not in reached:
            reached.add(step_id)
            waiting += [edge.to for edge in procedure.step(step_id).next]
    return reached


Rule = Callable[[Sop, Known], Iterator[Note]]
RULES: dict[str, Rule] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        unreachable_step, loop_without_limit, check_without_no, no_lane, empty_lane, nobody_bound,
        missing_time, missing_output, ambiguous_row, number_skips, blank_identity, repealed_law, actor_in_text,
        unknown_actor, unknown_name,
    )
}  # fmt: skip
"""Rule id → rule; what it looks for is the first line of its docstring."""
