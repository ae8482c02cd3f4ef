"""A case as it stands: the pure fold of its ledger entries over the procedure they carry.

Nothing here reads a clock, a file or a database: the same entries give the same ``Case`` for ever, which
is what lets a paper be made again years later. What may happen next is decided in sopwrap.engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sopwrap.issues import Issuance, SignedPaper
from sopwrap.keep_rule import Keep
from sopwrap.medium import Medium
from sopwrap.models import Model
from sopwrap.partial import Attachment, EmergencyNote, Handover, Hold, Issued, IssuedPermit, LookedUp
from sopwrap.records import Evidence
from sopwrap.size_rule import SizeRule
from sopwrap.sop import Category, Procedure, Sop, Step


class Asset(Model):
    """What the papers say of one protected thing: the generic part of its register entry (never its ``source``)."""

    id: str
    kind: str
    host: str
    title: str = ""
    owner: str = ""
    classification: str = ""
    personal_data: bool = False
    rpo: str | None = None
    rto: str | None = None
    retention: str | None = None
    reviewed: str | None = None
    stores: list[str] = []
    category: Category | None = None  # what its kind says it is about
    size_rule: SizeRule | None = None
    keep: Keep | None = None


class Acting(Model):
    """By which order somebody acted in an official's name: ``capacity`` Plh or Plt, ``official`` the official's id."""

    capacity: Literal["Plh", "Plt"]
    official: str
    name: str
    own_post: str
    since: date
    until: date
    letter: str


class Actor(Model):
    """Who did something, frozen as they were at that moment (people change posts; papers must not).

    Of a substitute ``post`` is what the paper prints (Plh. Kepala …), and ``acting`` tells of the order behind it.
    """

    id: str
    name: str
    nip: str | None = None
    rank: str | None = None
    post: str = ""
    address: str | None = None
    lane: str | None = None
    acting: Acting | None = None

    @property
    def names(self) -> frozenset[str]:
        """The ids of everybody who acted: the person, and the official acted for."""
        return frozenset({self.id} | ({self.acting.official} if self.acting else set()))


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. ``data`` by ``kind`` is listed in docs/reference/ledger.md.

    ``digest`` is the SHA-256 (hex) of the line, ``previous`` the digest of the line before in the ledger,
    ``previous_in_case`` that of the line before in the same case.
    """

    seq: int
    case: str | None
    at: datetime
    kind: str
    step: str | None
    data: dict[str, Any]
    previous: str
    previous_in_case: str
    digest: str


@dataclass(frozen=True)
class Run:
    """One call of the machine within a round (``origin`` run), or one evidence file of a run by hand (file).

    ``assets`` null means all. ``outcome`` null: it has not ended, or its process died before it could say so.
    """

    started_at: datetime
    origin: Literal["run", "file"] = "run"
    actions: tuple[str, ...] = ()
    assets: tuple[str, ...] | None = None
    evidence: tuple[Evidence, ...] = ()
    finished_at: datetime | None = None
    outcome: Literal["ok", "failed", "canceled"] | None = None
    message: str = ""
    file_sha256: str | None = None
    odd: tuple[tuple[str, str], ...] = ()  # (asset, why a person has to look at its size)

    @property
    def seconds(self) -> float:
        """How long the machine worked; 0 for a file, and for a run that died (nobody saw when)."""
        return 0.0 if self.finished_at is None else (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True)
class Round:
    """One time through a step; a correction loop gives the step a second one.

    ``method`` tells who vouches for the end of it: the machine, a signature made with the person's own key
    (signed), or the operator who entered it on the person's word (stated, with ``letter`` where there is one).
    """

    number: int
    due_at: datetime
    finished_at: datetime | None = None
    began_at: datetime | None = None  # when a person says they began: what lies before was waiting
    began_by: Actor | None = None
    method: Literal["machine", "signed", "stated"] | None = None
    actor: Actor | None = None
    stated_by: str | None = None
    letter: str | None = None
    scan: Attachment | None = None  # of that letter, laid beside the case in the same act
    choice: str | None = None
    proposed: str | None = None
    reason: str = ""
    note: str = ""
    checked: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    holds: tuple[Hold, ...] = ()
    machine_seconds: float = 0.0
    digest: str | None = None  # of the entry that finished the round: its proof on the control sheet
    came_from: str | None = None  # the step that led here; None at the first step
    runs: tuple[Run, ...] = ()
    machine: Literal["none", "due", "running", "ran", "passed"] = "none"  # passed: a person said go on without it
    exception: str = ""  # in Indonesian: why one person was allowed two parts that are two people's
    form: dict[str, dict[str, Any]] = field(default_factory=dict)  # document → field → value, stated in this round
    line: int | None = None  # the place in the ledger of the entry that finished it
    assets: tuple[str, ...] | None = None  # the round is about these alone, which failed before; None is all
    handovers: tuple[Handover, ...] = ()
    findings: tuple[LookedUp, ...] = ()


@dataclass(frozen=True)
class StepView:
    """A row of the procedure and what has happened to it so far; the last round is the present one."""

    step: Step
    rounds: tuple[Round, ...] = ()

    @property
    def state(self) -> Literal["open", "due", "held", "done"]:
        """open: not reached; due: waits for its actor; held: the machine failed here; done."""
        if not self.rounds:
            return "open"
        last = self.rounds[-1]
        if last.finished_at is not None:
            return "done"
        return "held" if last.holds and last.holds[-1].choice is None else "due"

    @property
    def due_lanes(self) -> list[str]:
        """The lanes whose turn it is: of several that hand over to each other, the one after the last hand-over."""
        lanes = self.step.lanes
        if self.step.kind == "decision" or not self.rounds:
            return lanes
        done = len(self.rounds[-1].handovers)
        return lanes[done : done + 1] or lanes[-1:]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every record of every round, in the order they came."""
        return tuple(record for one in self.rounds for record in one.evidence)


@dataclass(frozen=True)
class Case:
    """One execution of one procedure, as the ledger tells it.

    ``office`` is the office's file as it was when the case was opened; ``digest`` the digest of the last
    entry: every paper carries it, and the same digest gives the same paper.
    """

    id: str
    sop: Sop
    procedure: Procedure
    office: dict[str, Any]
    operation: str
    assets: tuple[Asset, ...]
    media: tuple[Medium, ...]
    opened_at: datetime
    opened_by: str
    state: Literal["open", "waiting", "held", "done", "stopped"]
    steps: tuple[StepView, ...]
    changed_at: datetime
    digest: str
    numbers: dict[str, Issued] = field(default_factory=dict)
    closed_at: datetime | None = None
    demo: bool = False
    attachments: tuple[Attachment, ...] = ()
    issued: tuple[Issuance, ...] = ()
    signed: tuple[SignedPaper, ...] = ()
    closed_reason: str = ""
    closed_by: Actor | None = None
    trigger: dict[str, Any] = field(default_factory=dict)  # the schedule and period that opened it; empty by hand
    permits: tuple[IssuedPermit, ...] = ()
    aside: tuple[Evidence, ...] = ()  # done on a permit of the case, but at none of its steps: refused, taken back
    emergencies: tuple[EmergencyNote, ...] = ()  # of the year before, in any case or none

    def step(self, step_id: str) -> StepView:
        """The view of one step (the id must be one of the procedure's)."""
        self.procedure.step(step_id)
        return next(view for view in self.steps if view.step.id == step_id)

    @property
    def current(self) -> StepView | None:
        """The step the case stands at; None when it has ended."""
        return next((view for view in self.steps if view.state in ("due", "held")), None)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every record of the case, in the order of the steps and rounds."""
        return tuple(record for view in self.steps for record in view.evidence)

    def form(self, document: str) -> dict[str, Any]:
        """What people stated in a document, of all rounds: field → value; the later statement stands."""
        stated: dict[str, Any] = {}
        for one in self._stating(document):
            stated |= one.form[document]
        return stated

    def form_by(self, document: str) -> Round | None:
        """The last round in which something was stated in a document; None when nothing was."""
        rounds = self._stating(document)
        return rounds[-1] if rounds else None

    def _stating(self, document: str) -> list[Round]:
        """The rounds that state something in a document, in the order of the ledger."""
        rounds = [one for view in self.steps for one in view.rounds if document in one.form]
        return sorted(rounds, key=lambda one: (one.line is None, one.line or 0))

    @property
    def findings(self) -> tuple[LookedUp, ...]:
        """Everything that was looked up in the case, in the order of the ledger."""
        found = [one for view in self.steps for each in view.rounds for one in each.findings]
        return tuple(sorted(found, key=lambda one: one.line))

    def concerned(self, view: StepView) -> tuple[Asset, ...]:
        """The assets the present round of a step is about: by what the step names, and by what failed before."""
        targets, only = view.step.targets, view.rounds[-1].assets if view.rounds else None
        named = [one for one in self.assets if not targets or one.category in targets]
        return tuple(one for one in named if only is None or one.id in only)

    def asset(self, asset_id: str) -> Asset | None:
        """The register entry of this id as it was when the case was opened."""
        return next((asset for asset in self.assets if asset.id == asset_id), None)
