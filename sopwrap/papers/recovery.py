"""What a restore brought back and what was lost on the way: the point used, its age, how long the service was away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sopwrap.case import Case
from sopwrap.papers.results import results
from sopwrap.permit_life import PermitLife, lives
from sopwrap.records import Evidence, Replacement

POINT = re.compile(r"\.(\d{8}T\d{6}Z)\.[0-9a-f]{6}$")


@dataclass(frozen=True)
class Recovery:
    """One asset's restore: ``restored`` is the record, ``taken_at`` when its point was made, ``lost`` the time between
    that and the end of the service (or the incident), None where nobody stated when that was.

    Of a restore onto living data the machine measured ``lost``, and in ``replaced`` all the rest.
    """

    restored: Evidence
    taken_at: datetime | None
    lost: timedelta | None
    title: str = ""

    @property
    def replaced(self) -> Replacement | None:
        """What was done to the living data; None where the point went into a fresh place."""
        told = self.restored.restore
        return told if told and told.mode == "replace" else None

    @property
    def measured(self) -> bool:
        """Whether ``lost`` is what the machine measured."""
        return bool(self.replaced and self.replaced.lost_seconds is not None)

    @property
    def undo_until(self) -> datetime | None:
        """How long the former data is kept, so that the restore can be taken back."""
        told = self.replaced
        return datetime.fromisoformat(told.undo_until) if told and told.undo_until else None


def recoveries(case: Case) -> list[Recovery]:
    """Every asset that was brought back, in the order of the register."""
    found = []
    end = ended(case)
    for result in results(case):
        for copy in result.copies[-1:]:
            taken, told = taken_at(copy.written.point), copy.written.restore
            lost = end - taken if end and taken and end > taken else None
            if told and told.mode == "replace" and told.lost_seconds is not None:
                lost = timedelta(seconds=told.lost_seconds)
            found.append(Recovery(copy.written, taken, lost, result.asset.title or result.asset.id))
    return found


def replaced(case: Case) -> list[Recovery]:
    """The restores that took the place of living data, on a permit."""
    return [one for one in recoveries(case) if one.replaced]


def permits(case: Case) -> list[PermitLife]:
    """The case's permits and what became of each, at its steps and beside them."""
    return lives(case.permits, [*case.evidence, *case.aside])


def stood_still(case: Case) -> float | None:
    """The longest time (s) for which services were stopped while living data was replaced, as measured."""
    told = [one.replaced for one in replaced(case)]
    return max((one.downtime_seconds for one in told if one and one.downtime_seconds is not None), default=None)


def taken_at(point: str | None) -> datetime | None:
    """When a recovery point was begun, as its name says (docs/record-format.md)."""
    match = POINT.search(point or "")
    return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if match else None


def ended(case: Case) -> datetime | None:
    """When the live data stopped changing, as people stated it: the service was stopped, or the incident happened."""
    return _moment(case, "restore_form", "service_stopped") or _moment(case, "restore_request", "since")


def stood(case: Case) -> list[tuple[Recovery, datetime, datetime]]:
    """Between which moments services stood still while the machine replaced living data, for each asset with any."""
    found = []
    for one in replaced(case):
        told = one.replaced
        if told and told.services and told.stopped_at and told.started_at:
            found.append((one, datetime.fromisoformat(told.stopped_at), datetime.fromisoformat(told.started_at)))
    return found


def away(case: Case) -> timedelta | None:
    """How long the service was away, as people stated it; None until both moments are known."""
    stopped, started = ended(case), _moment(case, "restore_form", "service_started")
    return started - stopped if stopped and started and started > stopped else None


def refusal(case: Case) -> tuple[str, str] | None:
    """The decision that ended the case without the work, and its reason; None where there was none."""
    ends = {step.id for step in case.procedure.steps if step.kind == "end" and step.number is None}
    for view in case.steps:
        for one in view.rounds:
            if one.choice and any(edge.when == one.choice and edge.to in ends for edge in view.step.next):
                return one.choice, one.reason
    return None


def _moment(case: Case, document: str, field: str) -> datetime | None:
    text = case.form(document).get(field)
    return datetime.fromisoformat(text) if text else None
