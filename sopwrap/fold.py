"""From the lines of a case to the case as it stands: pure, so the same lines give the same case for ever.

What the data of each kind of line means is listed in docs/reference/ledger.md. A kind this version does not know
is passed over, so that an older program can still read a newer ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sopwrap.case import Asset, Case, Entry, Round, Run, StepView
from sopwrap.errors import SopError
from sopwrap.flow import machine_move, way_on
from sopwrap.fold_lines import actor, attachment, emergency_note, issuance, issued_permit, signed_paper
from sopwrap.forms import merged
from sopwrap.issues import Issuance, SignedPaper
from sopwrap.medium import Medium
from sopwrap.partial import Attachment, Handover, Hold, Issued, IssuedPermit, LookedUp
from sopwrap.records import Evidence, evidence, moment
from sopwrap.sop import Sop, Step


def fold(entries: Sequence[Entry]) -> Case:
    """Given every line of one case, oldest first, return the case; raise SopError when they are not one case's."""
    if not entries or entries[0].kind != "case.opened":
        raise SopError("These lines do not begin with an opened case.", "Run `sopwrap audit verify`.")
    entry = entries[0]
    try:
        folding = _Folding(entry)
        for entry in entries[1:]:
            folding.take(entry)
        return folding.case(entries[-1])
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise SopError(
            f"Line {entry.seq} of the ledger ({entry.kind}) does not fit case {entry.case}.",
            "Run `sopwrap audit verify`.",
        ) from error


class _Folding:
    """The case while its lines are read; ``rounds`` holds every step's rounds, the last one being the present."""

    def __init__(self, opened: Entry) -> None:
        self.opened = opened
        self.sop = Sop.model_validate(opened.data["sop"])
        self.procedure = self.sop.procedure(opened.data["procedure"]).for_operation(opened.data["operation"])
        self.rounds: dict[str, list[Round]] = {step.id: [] for step in self.procedure.steps}
        self.numbers: dict[str, Issued] = {}
        self.attachments: list[Attachment] = []
        self.issued: list[Issuance] = []
        self.signed: list[SignedPaper] = []
        self.permits: list[IssuedPermit] = []
        self.aside: list[Evidence] = []
        self.emergencies = [emergency_note(one) for one in opened.data.get("emergencies") or ()]
        self.closed: Entry | None = None
        self._handlers: dict[str, Callable[[Entry], None]] = {
            "run.started": self._run_started,
            "run.finished": self._run_finished,
            "evidence": self._evidence,
            "odd": self._odd,
            "begun": self._begun,
            "step.done": self._finished,
            "decision": self._finished,
            "handover": self._handed_over,
            "finding": self._looked_up,
            "held": self._held,
            "released": self._released,
            "number": self._number,
            "attached": self._attached,
            "permit": self._permit,
            "emergency": self._emergency,
            "paper.issued": self._issued,
            "paper.signed": self._signed,
            "case.closed": self._closed,
        }
        self._due(self.procedure.first, opened.at, None)

    def take(self, entry: Entry) -> None:
        """Add one line."""
        if handler := self._handlers.get(entry.kind):
            handler(entry)

    def case(self, last: Entry) -> Case:
        """The case after all lines, with its state."""
        data = self.opened.data
        case = Case(
            id=self.opened.case or "",
            sop=self.sop,
            procedure=self.procedure,
            office=data["office"],
            operation=data["operation"],
            assets=tuple(Asset.model_validate(one) for one in data["assets"]),
            media=tuple(Medium.model_validate(one) for one in data["media"]),
            opened_at=self.opened.at,
            opened_by=data["opened_by"],
            state="open",
            steps=tuple(StepView(step, tuple(self.rounds[step.id])) for step in self.procedure.steps),
            changed_at=last.at,
            digest=last.digest,
            numbers=self.numbers,
            demo=bool(data.get("demo")),
            trigger=data.get("trigger") or {},
            attachments=tuple(self.attachments),
            issued=tuple(self.issued),
            signed=tuple(self.signed),
            permits=tuple(self.permits),
            aside=tuple(self.aside),
            emergencies=tuple(self.emergencies),
        )
        return _with_state(case, self.closed)

    def _due(self, step: Step, at: datetime, came_from: str | None, assets: tuple[str, ...] | None = None) -> None:
        rounds = self.rounds[step.id]
        machine: Literal["due", "none"] = "due" if step.actions else "none"
        rounds.append(Round(len(rounds) + 1, at, came_from=came_from, machine=machine, assets=assets))

    def _present(self, entry: Entry) -> Round:
        rounds = self.rounds.get(entry.step or "")
        if not rounds:
            raise SopError(
                f"Line {entry.seq} tells of the step {entry.step}, which case {entry.case} has not reached.",
                "Run `sopwrap audit verify`.",
            )
        return rounds[-1]

    def _change(self, entry: Entry, **changes: Any) -> None:
        self.rounds[entry.step or ""][-1] = replace(self._present(entry), **changes)

    def _run_started(self, entry: Entry) -> None:
        assets = entry.data["assets"]
        run = Run(entry.at, actions=tuple(entry.data["actions"]), assets=None if assets is None else tuple(assets))
        self._change(entry, runs=(*self._present(entry).runs, run), machine="running")

    def _run_finished(self, entry: Entry) -> None:
        present = self._present(entry)
        died = bool(entry.data.get("interrupted"))
        run = replace(
            present.runs[-1],
            outcome=entry.data["outcome"],
            message=entry.data["message"],
            finished_at=None if died else entry.at,
        )
        self._change(
            entry,
            runs=(*present.runs[:-1], run),
            machine="due" if run.outcome == "canceled" else "ran",
            machine_seconds=present.machine_seconds + run.seconds,
        )

    def _evidence(self, entry: Entry) -> None:
        record = evidence(entry.data["record"], f"line {entry.seq} of the ledger")
        if entry.step is None:
            self.aside.append(record)
            return
        present = self._present(entry)
        runs, sha256 = present.runs, entry.data.get("file_sha256")
        if sha256 is not None and not (runs and runs[-1].file_sha256 == sha256):
            runs = (*runs, Run(entry.at, "file", finished_at=entry.at, outcome="ok", file_sha256=sha256))
        last = replace(runs[-1], evidence=(*runs[-1].evidence, record))
        self._change(entry, runs=(*runs[:-1], last), evidence=(*present.evidence, record))

    def _begun(self, entry: Entry) -> None:
        self._change(entry, began_at=moment(entry.data["began"]), began_by=actor(entry.data))

    def _odd(self, entry: Entry) -> None:
        runs = self._present(entry).runs
        last = replace(runs[-1], odd=(*runs[-1].odd, (entry.data["asset"], entry.data["message"])))
        self._change(entry, runs=(*runs[:-1], last))

    def _finished(self, entry: Entry) -> None:
        data = entry.data
        if data.get("began"):
            self._begun(entry)
        self._change(
            entry,
            finished_at=entry.at,
            method=data["method"],
            actor=actor(data),
            stated_by=data.get("stated_by"),
            letter=data.get("letter"),
            scan=self._scan(entry),
            choice=data.get("choice"),
            proposed=data.get("proposed"),
            reason=data.get("reason") or "",
            note=data.get("note") or "",
            checked=tuple(data.get("checked") or ()),
            exception=data.get("exception") or "",
            digest=entry.digest,
            form=merged(self._present(entry).form, data.get("form") or {}),
            line=entry.seq,
        )
        step = self.procedure.step(entry.step or "")
        if edge := way_on(step, data.get("choice")):
            target = self.procedure.step(edge.to)
            failed = tuple(data.get("failed") or ()) if target.actions else ()
            self._due(target, entry.at, step.id, failed or None)

    def _handed_over(self, entry: Entry) -> None:
        """A lane passed the step on; the round goes on with the next one."""
        data, present = entry.data, self._present(entry)
        form = data.get("form") or {}
        handed = Handover(
            entry.at,
            actor(data),
            data["method"],
            stated_by=data.get("stated_by"),
            letter=data.get("letter"),
            note=data.get("note") or "",
            form=form,
            exception=data.get("exception") or "",
            digest=entry.digest,
        )
        self._scan(entry)
        self._change(entry, handovers=(*present.handovers, handed), form=merged(present.form, form), line=entry.seq)

    def _looked_up(self, entry: Entry) -> None:
        data = entry.data
        found = LookedUp(entry.at, entry.step or "", data["lookup"], data["ok"], data["text"], data["facts"], entry.seq)
        self._change(entry, findings=(*self._present(entry).findings, found))

    def _held(self, entry: Entry) -> None:
        hold = Hold(entry.at, entry.data["message"], tuple(entry.data["assets"]))
        self._change(entry, holds=(*self._present(entry).holds, hold))

    def _released(self, entry: Entry) -> None:
        present, choice = self._present(entry), entry.data["choice"]
        self._scan(entry)
        hold = replace(
            present.holds[-1],
            choice=choice,
            reason=entry.data["reason"],
            by=actor(entry.data),
            decided_at=entry.at,
        )
        again = "due" if present.runs else present.machine
        machine = {"retry": again, "continue": "passed"}.get(choice, present.machine)
        self._change(entry, holds=(*present.holds[:-1], hold), machine=machine)

    def _number(self, entry: Entry) -> None:
        document = entry.data["document"]
        self.numbers[document] = Issued(document, entry.data["number"], entry.data.get("dated"))

    def _attached(self, entry: Entry) -> None:
        self.attachments.append(attachment(entry))

    def _permit(self, entry: Entry) -> None:
        self.permits.append(issued_permit(entry))

    def _emergency(self, entry: Entry) -> None:
        self.emergencies.append(emergency_note(entry.data))

    def _issued(self, entry: Entry) -> None:
        self.issued.append(issuance(entry))

    def _signed(self, entry: Entry) -> None:
        self.signed.append(signed_paper(entry))

    def _scan(self, entry: Entry) -> Attachment | None:
        """The scan that came with a person's act: one of the case's attachments."""
        if not (data := entry.data.get("scan")):
            return None
        note = f"surat nomor {entry.data['letter']}"
        stated_by = entry.data.get("stated_by") or entry.data["actor"]["name"]
        scan = Attachment(entry.at, data["name"], data["sha256"], data["size"], note, stated_by)
        self.attachments.append(scan)
        return scan

    def _closed(self, entry: Entry) -> None:
        self._scan(entry)
        self.closed = entry


def _with_state(case: Case, closed: Entry | None) -> Case:
    """The case with the state its lines leave it in; ``open`` means that the machine has the next move."""
    if closed is not None:
        return replace(
            case,
            state=closed.data["outcome"],
            closed_at=closed.at,
            closed_reason=closed.data["reason"],
            closed_by=actor(closed.data),
        )
    if case.current is not None and case.current.state == "held":
        return replace(case, state="held")
    return case if machine_move(case) is not None else replace(case, state="waiting")
