"""The survey of an office: reads register, office file and ledger, and puts them into one overview."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sopwrap.case import Case
from sopwrap.emergencies import notes, of_the_year
from sopwrap.engine import load_case
from sopwrap.errors import UsageError
from sopwrap.inventory import Register
from sopwrap.ledger import Ledger
from sopwrap.media import media_in_hand
from sopwrap.monitoring import figures
from sopwrap.office import Office
from sopwrap.office_view import ZONE, OfficeView, Planned, holdings, last_moment, sealed
from sopwrap.points import points
from sopwrap.records import evidence
from sopwrap.reviews import ASSET_REVIEWED, SOP_REVIEWED, reviews
from sopwrap.schedules import Schedule
from sopwrap.sop import Sop

TRIALS = ("restore", "drill")


def office_view(
    office: Office, register: Register, ledger: Ledger, sops: dict[str, Sop], on: date | None = None
) -> OfficeView:
    """The office on a day (today on its own clock where none is given)."""
    used = [sop for sop in sops.values() if sop.id in office.bindings]
    zone = office.timezone or (used[0].timezone if used else ZONE)
    day = on or datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    cases = [load_case(ledger, one) for one in ledger.cases()]
    lines = ledger.of_kind("evidence")
    records = [evidence(entry.data["record"], f"line {entry.seq} of the ledger") for entry in lines]
    looked, judged = ledger.of_kind(ASSET_REVIEWED), ledger.of_kind(SOP_REVIEWED)
    assessments = tuple(reviews(judged))
    moments = [*(one.changed_at for one in cases), *(entry.at for entry in (*lines, *looked, *judged))]
    return sealed(
        OfficeView(
            office=office.model_dump(mode="json"),
            on=day,
            changed_at=last_moment(moments, day, zone),
            holdings=holdings(register.assets, points(records), reviews(looked)),
            media=media_in_hand(ledger, register.media(register.assets)),
            plans=tuple(_plan(office, sops, one, cases) for one in office.schedules),
            figures=figures(used, cases, day, assessments),
            assessments=assessments,
            trials=tuple(one for one in records if one.action in TRIALS and one.asset and one.outcome != "planned"),
            emergencies=notes(of_the_year(ledger, _end(day, zone))),
            sops={sop.id: sop.identity.title for sop in used},
            zone=zone,
            demo=office.demo,
        )
    )


def _end(day: date, zone: str) -> datetime:
    """The moment a day of the office is over."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _plan(office: Office, sops: dict[str, Sop], schedule: Schedule, cases: list[Case]) -> Planned:
    """One schedule of the office with the newest case of its procedure."""
    sop_id, _, procedure_id = schedule.procedure.partition("/")
    if sop_id not in sops:
        raise UsageError(
            f"A schedule of office.yml names {schedule.procedure}, and there is no such SOP.", "Mend the name."
        )
    sop = sops[sop_id]
    procedure = sop.procedure(procedure_id or sop.procedures[0].id)
    own = [one for one in cases if (one.sop.id, one.procedure.id) == (sop.id, procedure.id)]
    last = own[-1] if own else None
    worker = next((step for step in procedure.steps if step.actions and step.actors), procedure.first)
    people = office.bound(sop, worker.actors[0]) if worker.actors else []
    return Planned(
        sop=sop.id,
        procedure=procedure.id,
        title=procedure.title,
        every=schedule.every,
        starts=schedule.starts,
        at=str(schedule.at),
        assets=tuple(schedule.assets),
        responsible=", ".join(one.name for one in people),
        last_case=last.id if last else None,
        last_opened=last.opened_at if last else None,
    )
