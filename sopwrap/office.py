"""The office: who its people are, which lane of which SOP each of them fills, its zone, place and holidays.

Read from ``office.yml``. What is here differs from office to office; what the paper says is in the SOP.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import StringConstraints, field_validator, model_validator

from sopwrap.errors import RefusedError, UsageError
from sopwrap.models import Model, load
from sopwrap.sop import Slug, Sop

FILE = "office.yml"


class Person(Model):
    """One official. ``nip`` is the 18-digit staff number; ``key`` an OpenSSH public key, where the person has one."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1)]
    nip: Annotated[str, StringConstraints(pattern=r"^[0-9]{18}$")] | None = None
    rank: str | None = None
    post: str
    address: str | None = None
    key: str | None = None


class Office(Model):
    """An office as its file says. ``bindings`` is SOP id → lane id → person ids."""

    format: Literal["sopwrap.office/1"]
    name: str
    place: str
    address: str | None = None
    timezone: str | None = None
    letterhead: list[str] = []
    logo: str | None = None
    holidays: list[date] = []
    people: list[Person] = []
    bindings: dict[Slug, dict[Slug, list[Slug]]] = {}
    ledger: str | None = None
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
        known = [person.id for person in self.people]
        if len(set(known)) != len(known):
            raise ValueError("two people have the same id")
        for sop, lanes in self.bindings.items():
            for lane, ids in lanes.items():
                if lost := [one for one in ids if one not in known]:
                    raise ValueError(f"bindings.{sop}.{lane}: no person has the id {lost[0]}")
        return self

    def person(self, person_id: str) -> Person:
        """Return the person; raise UsageError naming those there are."""
        for person in self.people:
            if person.id == person_id:
                return person
        known = ", ".join(person.id for person in self.people) or "nobody yet"
        raise UsageError(f"Nobody in {FILE} has the id {person_id}.", f"Known: {known}.")

    def bound(self, sop: Sop, lane: str) -> list[Person]:
        """The people who fill this lane of this SOP, in the order of the file."""
        return [self.person(one) for one in self.bindings.get(sop.id, {}).get(lane, [])]

    def in_lane(self, sop: Sop, lanes: list[str], person_id: str) -> tuple[Person, str]:
        """Return the person and the lane filled; raise RefusedError when the step is not this person's to do."""
        person = self.person(person_id)
        for lane in lanes:
            if person_id in self.bindings.get(sop.id, {}).get(lane, []):
                return person, lane
        named = " or ".join(sop.actor(lane).label for lane in lanes)
        able = ", ".join(p.id for lane in lanes for p in self.bound(sop, lane)) or "nobody is bound to it"
        raise RefusedError(f"{person.name} does not fill the lane {named}.", f"This step is for: {able}.")


def load_office(folder: Path) -> Office:
    """Read ``office.yml`` of an office folder; raise UsageError with file and line."""
    return load(folder / FILE, Office)
