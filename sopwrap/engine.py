"""The engine: opens cases and does the machine's moves, each one committed to the ledger before the next begins.

After every line the case is folded anew and asked what comes next (sopwrap.flow), so a process that dies between
any two lines leaves a case that the next ``run_machine_steps`` goes on with. What people do is in sopwrap.acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sopwrap.case import Asset, Case, StepView
from sopwrap.emergencies import of_the_year
from sopwrap.errors import NothingMatchedError, SopError, UsageError
from sopwrap.flow import Close, Finish, Halt, LookUp, Move, NoteInterrupted, Perform, machine_move
from sopwrap.fold import fold
from sopwrap.jumps import Odd, Weigher
from sopwrap.ledger import Draft, Ledger
from sopwrap.lookups import Known, look_up
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.records import Evidence, evidence
from sopwrap.sop import Procedure, Sop, Step


@dataclass(frozen=True)
class RunResult:
    """How a run of playbooks ended, with every evidence record that came back (those of failures too).

    ``failed`` without a bad record among ``records`` holds the step with ``message``; ``canceled`` (an interrupt from
    the keyboard) does not hold it: the run is repeated by the next ``case resume``.
    """

    outcome: Literal["ok", "failed", "canceled"]
    records: Sequence[Evidence] = field(default_factory=list)
    message: str = ""


Performer = Callable[[list[str], list[str] | None, Case, Step], RunResult]
"""``perform(actions, assets, case, step)``: run these playbooks for these assets (null = all of the case)."""


@dataclass(frozen=True)
class Opening:
    """What a case is opened with: the procedure, the office and its register as they are on that day."""

    sop: Sop
    procedure: Procedure
    office: Office
    assets: Sequence[Asset]
    media: Sequence[Medium]
    opened_by: str
    operation: str | None = None
    trigger: dict[str, Any] = field(default_factory=dict)


def load_case(ledger: Ledger, case_id: str) -> Case:
    """The case as its lines tell it; raise UsageError when there is no such case."""
    return fold(ledger.entries(case_id))


def open_case(ledger: Ledger, opening: Opening) -> Case:
    """Open a case with the next free number; the SOP, the office and the register are kept in its first line."""
    told = of_the_year(ledger, datetime.now(UTC))
    data = first_line(opening) | ({"emergencies": told} if told else {})
    return fold([ledger.open_case(data, opening.office.timezone or opening.sop.timezone)])


def first_line(opening: Opening) -> dict[str, Any]:
    """The data of the line that opens a case; raise an error where there is nothing to open it for."""
    if not opening.assets:
        raise NothingMatchedError("There is no asset to work on.", "Declare assets in the inventory, or widen --asset.")
    operations = opening.procedure.operations
    operation = opening.operation or operations[0]
    if operation not in operations or (opening.operation is None and len(operations) > 1):
        raise UsageError(
            f"Say which operation of {opening.sop.id}/{opening.procedure.id} is meant.",
            f"It has: {', '.join(operations)}.",
        )
    if operation == "restore" and len(opening.assets) > 1:
        raise UsageError(
            f"A restore is of one asset, and {len(opening.assets)} were named.", "Open a case for each of them."
        )
    return {
        "sop": opening.sop.model_dump(mode="json"),
        "procedure": opening.procedure.id,
        "operation": operation,
        "office": opening.office.model_dump(mode="json"),
        "assets": [asset.model_dump(mode="json") for asset in opening.assets],
        "media": [medium.model_dump(mode="json") for medium in opening.media],
        "opened_by": opening.opened_by,
        "demo": opening.office.demo,
        **({"trigger": opening.trigger} if opening.trigger else {}),
    }


def run_machine_steps(
    ledger: Ledger, case_id: str, perform: Performer, weigh: Weigher = lambda case, records: []
) -> Case:
    """Do every move that is the machine's until a person has the next one or the case has ended; return the case.

    A run that ends as canceled ends this too; the case stays open at its step, and the next call repeats the run.
    What ``perform`` raises as a SopError holds the step; any other exception (an interrupt too) ends the run as
    canceled and goes on to the caller. Raise LockedError when another run is at work.
    """
    with ledger.working():
        case = load_case(ledger, case_id)
        while (move := machine_move(case)) is not None:
            if isinstance(move, Perform):
                if _perform(ledger, case, move, perform, weigh) == "canceled":
                    return load_case(ledger, case_id)
            elif isinstance(move, LookUp):
                _look_up(ledger, case, move)
            elif isinstance(move, NoteInterrupted):
                died = {"outcome": "canceled", "message": "The run was cut off; it is repeated.", "interrupted": True}
                ledger.append(case_id, [Draft("run.finished", died, _current(case).step.id)])
            else:
                ledger.append(case_id, _drafts(case, move), head=case.digest)
            case = load_case(ledger, case_id)
        return case


def advance(ledger: Ledger, case_id: str) -> Case:
    """Do the moves that need no playbook (a checklist is ready, the case is closed), without the run lock."""
    case = load_case(ledger, case_id)
    while isinstance(move := machine_move(case), Close | Finish | Halt | LookUp):
        if isinstance(move, LookUp):
            _look_up(ledger, case, move)
        else:
            ledger.append(case_id, _drafts(case, move), head=case.digest)
        case = load_case(ledger, case_id)
    return case


def _look_up(ledger: Ledger, case: Case, move: LookUp) -> None:
    """Write down what the ledger tells about the lookups; it costs no playbook."""
    view = _current(case)
    known = Known(
        [evidence(line.data["record"], f"line {line.seq} of the ledger") for line in ledger.of_kind("evidence")]
    )
    drafts = [
        Draft("finding", look_up(name, case, view, known, datetime.now(UTC)), view.step.id) for name in move.lookups
    ]
    ledger.append(case.id, drafts, head=case.digest)


def _perform(ledger: Ledger, case: Case, move: Perform, perform: Performer, weigh: Weigher) -> str:
    """Run the playbooks; return the outcome. Evidence and end are written together: no half of a run can count."""
    step = _current(case).step
    assets = None if move.assets is None else list(move.assets)
    ledger.append(case.id, [Draft("run.started", {"actions": list(move.actions), "assets": assets}, step.id)])
    try:
        result = perform(list(move.actions), assets, case, step)
    except SopError as error:
        result = RunResult("failed", [], str(error))
    except BaseException as error:
        _finish_run(ledger, case, step, RunResult("canceled", [], f"The run was broken off ({type(error).__name__})."))
        raise
    _finish_run(ledger, case, step, result, weigh(case, result.records))
    return result.outcome


def _finish_run(ledger: Ledger, case: Case, step: Step, result: RunResult, odd: Sequence[Odd] = ()) -> None:
    records = [
        Draft("evidence", {"record": record.as_dict(), "origin": "run", "file_sha256": None}, step.id)
        for record in result.records
    ]
    end = Draft("run.finished", {"outcome": result.outcome, "message": result.message}, step.id)
    ledger.append(case.id, [*records, *(Draft("odd", one.as_dict(), step.id) for one in odd), end])


def _drafts(case: Case, move: Move) -> list[Draft]:
    """The lines of a move that needs no playbook."""
    if isinstance(move, Close):
        return [Draft("case.closed", {"outcome": "done", "reason": ""})]
    view = _current(case)
    if isinstance(move, Halt):
        return [Draft("held", {"message": move.message, "assets": list(move.assets)}, view.step.id)]
    note = move.note if isinstance(move, Finish) else ""
    done = {
        "round": view.rounds[-1].number,
        "method": "machine",
        "actor": None,
        "stated_by": None,
        "letter": None,
        "note": note,
        "checked": [],
    }
    return [Draft("step.done", done, view.step.id)]


def _current(case: Case) -> StepView:
    view = case.current
    if view is None:
        raise SopError(f"Case {case.id} stands at no step.", "Run `sopwrap audit verify`.")
    return view
