"""The people of an office: officials, the keys they sign with, and who stands in for whom, when and by which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from sopwrap.models import Model, shape
from sopwrap.sop import Slug

Text = Annotated[str, StringConstraints(min_length=1)]


class FormerKey(Model):
    """A key that signed until it was replaced; ``since`` and ``until`` are its first and last day in the office's zone.

    ``revoked``: it fell into other hands, so what it signed before is told by an audit to be looked at.
    """

    key: Text
    since: date | None = None
    until: date
    revoked: bool = False


class Person(Model):
    """One official. ``nip`` is the 18-digit staff number; ``key`` an OpenSSH public key, where the person has one.

    ``key_since`` is the first day of ``key``; ``former_keys`` are those it followed, which old signatures still need.
    """

    id: Slug
    name: Text
    nip: Annotated[str, shape(r"^[0-9]{18}$", "18 digits in quotes")] | None = None
    rank: str | None = None
    post: str
    address: str | None = None
    key: str | None = None
    key_since: date | None = None
    former_keys: list[FormerKey] = []


class Substitute(Model):
    """Somebody who acts in an official's name for a time, by a letter of order (surat perintah).

    ``capacity`` is Plh. (pelaksana harian: the official is away) or Plt. (pelaksana tugas: the post is vacant);
    ``since`` and ``until`` are the first and the last day, in the office's zone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    official: Slug = Field(alias="for")
    by: Slug
    capacity: Literal["Plh", "Plt"] = Field(alias="as")
    since: date = Field(alias="from")
    until: date
    letter: Text

    @model_validator(mode="after")
    def _makes_sense(self) -> Substitute:
        if self.until < self.since:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.since}")
        if self.by == self.official:
            raise ValueError(f"{self.by} cannot stand in for {self.official}: that is the same person")
        return self

    def covers(self, day: date) -> bool:
        """True on a day of the order."""
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Standing:
    """A person in a lane: as the official bound to it, or by ``order`` as the substitute of that official."""

    person: Person
    lane: str
    order: Substitute | None = None

    @property
    def names(self) -> frozenset[str]:
        """The ids of everybody who acts when this person does: the person, and the official acted for."""
        return frozenset({self.person.id} | ({self.order.official} if self.order else set()))


def known_once(people: list[Person]) -> None:
    """Raise ValueError when two people share an id or a key: a signature could then be of either."""
    ids = [person.id for person in people]
    if len(set(ids)) != len(ids):
        raise ValueError("two people have the same id")
    holders: dict[str, str] = {}
    for person in people:
        for key in [person.key, *(one.key for one in person.former_keys)]:
            body = " ".join((key or "").split()[:2])
            if body and holders.setdefault(body, person.id) != person.id:
                raise ValueError(f"{holders[body]} and {person.id} have the same key; everybody needs one of their own")
