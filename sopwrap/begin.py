"""When a person began with a step, as they say: without it nobody can tell their waiting from their work."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.case import Case, StepView
from sopwrap.errors import RefusedError, UsageError
from sopwrap.fold import fold
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.permission import Vouch, actor_of, is_persons_turn, standing
from sopwrap.records import stamp

CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")


def begin(ledger: Ledger, office: Office, case_id: str, vouch: Vouch, step: str | None = None, when: str = "") -> Case:
    """Note that a person has begun with the present step; once a round, by somebody whose step it is.

    It is stated and never signed: the act that ends the step carries it under its own signature (``--began``).
    """
    case = fold(ledger.entries(case_id))
    view = standing(case, step)
    is_persons_turn(case, view)
    present = view.rounds[-1]
    if present.began_at is not None:
        raise RefusedError(
            f"Step {view.step.id} of case {case.id} was begun at {present.began_at:%Y-%m-%d %H:%M} UTC.",
            "Correct it with --began when the step is signed or decided.",
        )
    who = office.in_lane(case.sop, view.due_lanes, vouch.person, max(vouch.at, case.changed_at))
    actor = actor_of(office, who).model_dump(mode="json")
    data = {"round": present.number, "actor": actor, "stated_by": vouch.stated_by, "letter": None}
    data |= began(office, case, view, when or stamp(vouch.at), vouch.at)
    ledger.append(case_id, [Draft("begun", data, view.step.id)], head=case.digest)
    return fold(ledger.entries(case_id))


def began(office: Office, case: Case, view: StepView, when: str, now: datetime | None = None) -> dict[str, Any]:
    """The fact ``began`` for a line, or nothing where no time is given; raise an error for a time that cannot be."""
    if not when:
        return {}
    now = max(now or datetime.now(UTC), case.changed_at)
    moment = moment_of(when, ZoneInfo(office.timezone or case.sop.timezone), now)
    due = view.rounds[-1].due_at
    if moment > now:
        raise RefusedError(f"{when} is yet to come.", "Give the time at which the work was begun.")
    if moment < due.replace(second=0, microsecond=0):
        raise RefusedError(
            f"{when} is before the case came to step {view.step.id} ({due:%Y-%m-%d %H:%M} UTC).",
            "Give a time after that.",
        )
    return {"began": stamp(max(moment, due))}


def moment_of(when: str, zone: ZoneInfo, now: datetime) -> datetime:
    """``09:30`` (today), ``2026-01-31 09:30`` or ISO 8601, on the office's clock unless it says otherwise; UTC."""
    try:
        if CLOCK.fullmatch(when):
            hour, minute = (int(part) for part in re.split("[:.]", when))
            local = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
        else:
            local = datetime.fromisoformat(when)
    except ValueError:
        raise UsageError(f"{when} is not a time.", "Write it like 09:30 or 2026-01-31 09:30.") from None
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
