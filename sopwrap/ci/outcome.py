"""What became of a case, as one value that every form for machines is made from. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sopwrap.case import Case
from sopwrap.next import Next
from sopwrap.records import Evidence

SCHEMA = "sopwrap.outcome/1"


@dataclass(frozen=True)
class Action:
    """The last record of one action on one asset in one store; ``asset`` is a medium where it is no asset's."""

    asset: str
    host: str
    action: str
    store: str | None
    outcome: str
    good: bool
    seconds: float
    size_bytes: int | None
    stored_bytes: int | None
    message: str
    hint: str | None
    point: str | None


@dataclass(frozen=True)
class Outcome:
    """How a case stands after a run. ``exit_code`` is that of the command; ``next`` says whose move it is."""

    case: str
    procedure: str
    title: str
    state: str
    exit_code: int
    assets: int
    failed: tuple[str, ...]
    actions: tuple[Action, ...]
    next: Next

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {"schema": SCHEMA, **asdict(self)}


def outcome(case: Case, what: Next, exit_code: int) -> Outcome:
    """Given a case, what is next in it and the command's exit code, tell what became of it."""
    latest: dict[tuple[str | None, str, str | None], Evidence] = {}
    for record in case.evidence:
        latest[record.asset or record.medium, record.action, record.store] = record
    actions = tuple(_action(record) for record in latest.values())
    failed = tuple(dict.fromkeys(one.asset for one in actions if not one.good))
    return Outcome(
        case=case.id,
        procedure=f"{case.sop.id}/{case.procedure.id}",
        title=case.sop.identity.title,
        state=case.state,
        exit_code=exit_code,
        assets=len(case.assets),
        failed=failed,
        actions=actions,
        next=what,
    )


def _action(record: Evidence) -> Action:
    return Action(
        asset=record.asset or record.medium or record.store or record.host,
        host=record.host,
        action=record.action,
        store=record.store,
        outcome=record.outcome,
        good=record.succeeded and (record.verify is None or record.verify.ok),
        seconds=record.seconds,
        size_bytes=record.size_bytes,
        stored_bytes=record.stored_bytes,
        message=record.message,
        hint=record.hint,
        point=record.point,
    )
