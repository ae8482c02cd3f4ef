"""A written SOP as data: what the paper says, in the paper's words, and nothing an office adds to it.

One schema holds every SOP met so far; a null is a gap of the paper and is printed as a gap. Who a lane
is, where media lie and which hosts there are belongs to the office (sopwrap.office) and the inventory.
"""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sopwrap.errors import UsageError
from sopwrap.models import Misplaced, Model, load, shape
from sopwrap.sopcheck import check_steps
from sopwrap.sophead import Identity, Sections

Slug = Annotated[str, shape(r"^[a-z0-9][a-z0-9_-]{0,62}$", "small letters, digits, - and _, at most 63")]
Operation = Literal["backup", "restore"]
Category = Literal["application", "database", "os", "network"]
"""What a step is about, in the words of the SOPs; which kinds of asset are of it, the kinds say themselves."""

Origin = Literal["extracted", "re-paired", "inferred", "ambiguous"]


class Duty(Model):
    """One of several duties that share a lane (Pengelola and Pemeriksa), each somebody's own."""

    id: Slug
    label: str


class Actor(Model):
    """A lane of the table (Pelaksana); ``aliases`` are the other names the paper uses for the same office."""

    id: Slug
    label: str
    aliases: list[str] = []
    duties: list[Duty] = []


class Edge(Model):
    """Where a step leads. ``proposed_on`` names the machine's finding that suggests this branch to the person."""

    to: Slug
    when: str | None = None
    max_rounds: int | None = None
    proposed_on: Literal["ok", "failed"] | None = None


class Provenance(Model):
    """How far each part of a row can be trusted to be what the paper says."""

    text: Origin = "extracted"
    lane: Origin = "extracted"
    quality: Origin = "extracted"


class Step(Model):
    """One row. ``number`` is the printed number (may skip, may be null); ``time`` null means the paper states none.

    Several ``actors`` do it one after the other, each handing over to the next; ``duty`` names which of a lane's duties
    it is, and nobody may do it who did a step it is ``independent_of``. ``actions`` are playbooks, ``lookups`` what is
    looked up in the ledger before a person acts (sopwrap.lookups); ``targets`` empty means every asset of the case.
    ``proven_by`` is a lookup, too: where it finds that the machine has done the row's work already, the machine ends
    the step; otherwise it is a person's.
    """

    id: Slug
    number: int | None
    kind: Literal["process", "decision", "wait", "end", "gap"]
    actors: list[Slug] = []
    text: str | None = None
    requirements: list[str] = []
    time: timedelta | None = None
    time_text: str | None = None
    outputs: list[str] = []
    remarks: list[str] = []
    mode: Literal["auto", "mixed", "human", "none"] = "human"
    duty: Slug | None = None
    independent_of: list[Slug] = []
    actions: list[str] = []
    actions_by_operation: dict[str, list[str]] = {}
    targets: list[Category] = []
    lookups: list[str] = []
    proven_by: str | None = None
    documents: list[str] = []
    next: list[Edge] = []
    provenance: Provenance = Provenance()

    @property
    def lanes(self) -> list[str]:
        """Whose it is, one after the other: the lanes, the first with the duty where the step names one (LANE.DUTY)."""
        return [f"{self.actors[0]}.{self.duty}", *self.actors[1:]] if self.duty and self.actors else self.actors

    @property
    def asked(self) -> list[str]:
        """Everything that is looked up at it."""
        return [*self.lookups, *([self.proven_by] if self.proven_by else [])]

    @property
    def choices(self) -> list[str]:
        """The labels a person can choose between; empty where the step has one way on."""
        return [edge.when for edge in self.next if edge.when]


class Trigger(Model):
    """What opens a case: an order, a schedule, or a letter of request."""

    kind: Literal["order", "schedule", "request"]
    by: Slug | None = None
    every: str | None = None


class MergedTime(Model):
    """One standard time the paper gives for several rows together."""

    steps: list[Slug]
    time: timedelta
    time_text: str | None = None


class Procedure(Model):
    """One flow chart: lanes in the order of its columns, steps in the order of its rows; the first step starts."""

    id: Slug
    title: str
    lanes: list[Slug] = Field(min_length=1)
    trigger: Trigger
    operations: list[Operation] = Field(min_length=1)
    placements: list[Literal["internal", "external"]] = []
    merged_times: list[MergedTime] = []
    steps: list[Step] = Field(min_length=1)

    def step(self, step_id: str) -> Step:
        """Return the step with this id; raise UsageError naming those there are."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise UsageError(
            f"There is no step {step_id} in this procedure.", "Steps: " + ", ".join(s.id for s in self.steps) + "."
        )

    @property
    def first(self) -> Step:
        """The step a case begins with."""
        return next(step for step in self.steps if step.kind != "gap")

    def symbol(self, step: Step) -> Literal["capsule", "box", "diamond"]:
        """The symbol a step is drawn with: capsule where the procedure starts and ends, diamond where it branches."""
        if step.kind == "decision":
            return "diamond"
        return "capsule" if step.kind == "end" or step.id == self.first.id else "box"

    def for_operation(self, operation: str) -> Procedure:
        """The procedure as it is carried out for one of its operations: every step with the actions of that one."""
        steps = [
            step.model_copy(update={"actions": step.actions_by_operation[operation]})
            if step.actions_by_operation
            else step
            for step in self.steps
        ]
        return self.model_copy(update={"steps": steps})

    def judges(self, step: Step, document: str) -> bool:
        """Whether a step judges a document it lists rather than makes it: a decision, or an end after who made it."""
        if step.kind != "end":
            return step.kind == "decision"
        makers = [one.id for one in self.steps if one.kind in ("process", "wait") and document in one.documents]
        return any(step.id in self.after(maker) for maker in makers)

    def after(self, step_id: str) -> set[str]:
        """The ids of every step a case can come to after this one."""
        found: set[str] = set()
        ahead = [step_id]
        while ahead:
            following = {edge.to for edge in self.step(ahead.pop()).next} - found
            found |= following
            ahead += following
        return found

    @model_validator(mode="after")
    def _holds_together(self) -> Procedure:
        check_steps(self)
        return self


class Sop(Model):
    """A whole SOP: identity, sections, actors, and one or more procedures."""

    format: Literal["sopwrap.sop/1"]
    id: Slug
    source: str | None = None
    layout: Literal["sop_ap", "mutu"]
    timezone: str
    identity: Identity
    sections: Sections = Sections()
    labels: dict[str, str] = {}
    quality_columns: list[Literal["requirements", "time", "output", "remarks"]]
    actors: list[Actor]
    procedures: list[Procedure] = Field(min_length=1)

    def actor(self, lane: str) -> Actor:
        """Return a lane, or one of its duties (LANE.DUTY); the model guarantees that every one used is declared."""
        actor_id, _, duty_id = lane.partition(".")
        actor = next(actor for actor in self.actors if actor.id == actor_id)
        duty = next((duty for duty in actor.duties if duty.id == duty_id), None)
        return actor if duty is None else actor.model_copy(update={"label": duty.label})

    def procedure(self, procedure_id: str) -> Procedure:
        """Return the procedure with this id; raise UsageError naming those there are."""
        for procedure in self.procedures:
            if procedure.id == procedure_id:
                return procedure
        known = ", ".join(f"{self.id}/{p.id}" for p in self.procedures)
        what = f"has no procedure {procedure_id}" if procedure_id else "was named without one of its procedures"
        raise UsageError(f"The SOP {self.id} {what}.", f"It has {known}.")

    @model_validator(mode="after")
    def _lanes_are_actors(self) -> Sop:
        known = {actor.id for actor in self.actors}
        duties = {(actor.id, duty.id) for actor in self.actors for duty in actor.duties}
        for number, procedure in enumerate(self.procedures):
            for place, step in enumerate(procedure.steps):
                if step.duty and (next(iter(step.actors), ""), step.duty) not in duties:
                    where = ("procedures", number, "steps", place, "duty")
                    raise Misplaced(f"step {step.id}: its first lane has no duty {step.duty}", where)
            if lost := [lane for lane in procedure.lanes if lane not in known]:
                raise ValueError(f"procedure {procedure.id} has the lane {lost[0]}, which is not among the actors")
        return self


def sources(folder: Path | None = None) -> list[Path]:
    """Return the SOP files there are: those shipped here, then an office's own ``sops/*.yml``."""
    shipped = Path(str(files("sopwrap"))) / "sops"
    own = sorted(folder.glob("*.yml")) if folder and folder.is_dir() else []
    return [*sorted(shipped.glob("*.yml")), *own]


def library(folder: Path | None = None) -> dict[str, Sop]:
    """Return every SOP by id; one of the office's own wins over a shipped one."""
    return {sop.id: sop for sop in (load(path, Sop) for path in sources(folder))}


def find(name: str, folder: Path | None = None) -> tuple[Sop, Procedure]:
    """Given ``SOP/PROCEDURE`` (or ``SOP`` where it has one), return both; raise UsageError naming what there is."""
    sops = library(folder)
    sop_id, _, procedure_id = name.partition("/")
    if sop_id not in sops:
        known = ", ".join(f"{sop.id}/{p.id}" for sop in sops.values() for p in sop.procedures)
        raise UsageError(f"There is no SOP {sop_id}.", f"Known: {known}.")
    sop = sops[sop_id]
    if not procedure_id and len(sop.procedures) == 1:
        return sop, sop.procedures[0]
    return sop, sop.procedure(procedure_id)
