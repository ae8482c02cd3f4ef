"""The office: who its people are, which lane of which SOP each of them fills, its zone, place and holidays.

Read from ``office.yml``. What is here differs from office to office; what the paper says is in the SOP.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from sopwrap.archive_rule import ArchiveRule
from sopwrap.errors import RefusedError, UsageError
from sopwrap.models import Model, load, shape
from sopwrap.naming import Naming
from sopwrap.notify.settings import Channel
from sopwrap.persons import Person, Standing, Substitute, known_once
from sopwrap.schedules import CLOCK, Schedule
from sopwrap.size_rule import SizeRule
from sopwrap.sop import Slug, Sop
from sopwrap.working_days import USUAL_WEEK, Weekday

FILE = "office.yml"

Lane = Annotated[str, shape(r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)?$", "the name of a lane")]


class Hours(Model):
    """The hours of a working day on the office's clock; work that can wait is proposed for after them."""

    start: Annotated[str, CLOCK]
    end: Annotated[str, CLOCK]

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.start >= self.end:
            raise ValueError(f"the hours end at {self.end}, before they start at {self.start}")
        return self


class Office(Model):
    """An office as its file says. ``bindings`` is SOP id → lane id (or LANE.DUTY) → person ids.

    ``day`` is what "hari" means in the SOPs: a day of the ``working_week`` that is no holiday, or any.
    ``board`` and ``metrics`` are files that every run renews, seen from the office's folder;
    ``notify`` says who is told what became of it, ``size_rule`` when a backup's size has jumped.
    ``emergency`` are the people of whom two may permit a restore without a letter.
    ``naming`` is its rule for the names of recovery points, ``archive`` how long its papers are kept.
    ``trust`` names PEM files in the office's folder: the roots by which signatures in PDF files are judged.
    """

    format: Literal["sopwrap.office/1"]
    name: str
    place: str
    address: str | None = None
    timezone: str | None = None
    letterhead: list[str] = []
    logo: str | None = None
    holidays: list[date] = []
    day: Literal["working", "calendar"] = "working"
    working_hours: Hours | None = None
    working_week: list[Weekday] = Field(list(USUAL_WEEK), min_length=1)
    people: list[Person] = []
    substitutes: list[Substitute] = []
    schedules: list[Schedule] = []
    bindings: dict[Slug, dict[Lane, list[Slug]]] = {}
    permit_key: str | None = None
    emergency: list[Slug] = []
    ledger: str | None = None
    board: str | None = None
    metrics: str | None = None
    notify: list[Channel] = []
    size_rule: SizeRule = SizeRule()
    trust: list[str] = []
    naming: Naming | None = None
    archive: list[ArchiveRule] = []
    demo: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError):
                raise ValueError(f"no such time zone: {zone} (Asia/Jakarta, Asia/Makassar, Asia/Jayapura…)") from None
        return zone

    @model_validator(mode="after")
    def _people_exist(self) -> Office:
        known_once(self.people)
        known = [person.id for person in self.people]
        if lost := [one for one in self.emergency if one not in known]:
            raise ValueError(f"emergency: no person has the id {lost[0]}")
        for order in self.substitutes:
            if lost := [one for one in (order.official, order.by) if one not in known]:
                raise ValueError(f"substitutes: no person has the id {lost[0]}")
        for sop, lanes in self.bindings.items():
            for lane, ids in lanes.items():
                if lost := [one for one in ids if one not in known]:
                    raise ValueError(f"bindings.{sop}.{lane}: no person has the id {lost[0]}")
        return self

    @property
    def naming_rule(self) -> dict[str, Any]:
        """What of the office's file the names of recovery points go by, as ``naming.point_name`` takes it."""
        return self.model_dump(mode="json", include={"naming", "timezone"})

    def person(self, person_id: str) -> Person:
        """Return the person; raise UsageError naming those there are."""
        for person in self.people:
            if person.id == person_id:
                return person
        known = ", ".join(person.id for person in self.people) or "nobody yet"
        raise UsageError(f"Nobody in {FILE} has the id {person_id}.", f"Known: {known}.")

    def bound(self, sop: Sop, lane: str) -> list[Person]:
        """The people who fill this lane of this SOP, in the order of the file."""
        return [self.person(one) for one in self._bound(sop, lane)]

    def able(self, sop: Sop, lanes: Sequence[str], at: datetime) -> list[Standing]:
        """Who can act for these lanes at a moment: the people bound to them, then their substitutes of that day."""
        day = self.day_of(sop, at)
        bound = [Standing(person, lane) for lane in lanes for person in self.bound(sop, lane)]
        orders = [one for one in self._orders(sop, lanes) if one.order and one.order.covers(day)]
        return [*bound, *(one for one in orders if one.person not in [known.person for known in bound])]

    def in_lane(self, sop: Sop, lanes: Sequence[str], person_id: str, at: datetime) -> Standing:
        """Return how the person stands in one of the lanes; raise RefusedError when the step is not theirs to do."""
        person = self.person(person_id)
        able = self.able(sop, lanes, at)
        if found := next((one for one in able if one.person == person), None):
            return found
        names = ", ".join(dict.fromkeys(one.person.id for one in able)) or "nobody is bound to it"
        hint = f"This step is for: {names}."
        if out := [one.order for one in self._orders(sop, lanes) if one.person == person and one.order]:
            raise RefusedError(self._outside(out[-1], self.day_of(sop, at)), hint)
        named = " or ".join(sop.actor(lane).label for lane in lanes)
        raise RefusedError(f"{person.name} does not fill the lane {named}.", hint)

    def day_of(self, sop: Sop, at: datetime) -> date:
        """The day of a moment in the office's zone (the SOP's, where the office names none)."""
        return at.astimezone(ZoneInfo(self.timezone or sop.timezone)).date()

    def _orders(self, sop: Sop, lanes: Sequence[str]) -> list[Standing]:
        """Every substitute there ever was for an official of these lanes, in the order of the file."""
        ids = {lane: self._bound(sop, lane) for lane in lanes}
        return [
            Standing(self.person(order.by), lane, order)
            for lane, bound in ids.items()
            for order in self.substitutes
            if order.official in bound
        ]

    def _bound(self, sop: Sop, lane: str) -> list[str]:
        """The ids bound to a lane; to a duty (LANE.DUTY) where it is bound by itself, else to its whole lane."""
        lanes = self.bindings.get(sop.id, {})
        if "." in lane:
            return lanes.get(lane, lanes.get(lane.partition(".")[0], []))
        return [one for name, ids in lanes.items() if name.partition(".")[0] == lane for one in ids]

    def _outside(self, order: Substitute, today: date) -> str:
        substitute, official = self.person(order.by), self.person(order.official)
        return (
            f"{substitute.name} is {order.capacity}. of {official.name} from {order.since} until {order.until} "
            f"({order.letter}), and today is {today}."
        )


def load_office(folder: Path) -> Office:
    """Read ``office.yml`` of an office folder; raise UsageError with file and line."""
    return load(folder / FILE, Office)
