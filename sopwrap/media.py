"""The register of media: what the inventory says of each, what was last seen of it, and who has it in hand.

The inventory says who has a medium at first; every hand-over after that is a line of the ledger (of no case) with two
people, and the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sopwrap.case import Actor, Entry
from sopwrap.errors import RefusedError, UsageError
from sopwrap.ledger import Draft, Ledger
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.permission import person_as_actor
from sopwrap.persons import Person
from sopwrap.records import Evidence, stamp

HANDED_OVER = "medium.handed_over"


@dataclass(frozen=True)
class Handover:
    """One hand-over: when, of which medium, by whom to whom, where it is kept from then on, and on whose word."""

    at: datetime
    label: str
    giver: Actor
    receiver: Actor
    place: str | None
    stated_by: str
    letter: str | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        people = {"from": self.giver.id, "to": self.receiver.id, "stated_by": self.stated_by}
        return {"at": stamp(self.at), **people, "place": self.place, "letter": self.letter, "note": self.note}


@dataclass(frozen=True)
class Carrier:
    """One medium: its entry in the register, its stores, and what the ledger knows of it.

    ``seen_at``: it was last found in order, or written or read. ``read_back_at``: what lies on it was last proven.
    ``trouble`` is what stood against it when it was looked for after that; empty where nothing did.
    """

    medium: Medium
    stores: tuple[str, ...]
    seen_at: datetime | None = None
    read_back_at: datetime | None = None
    free_bytes: int | None = None
    trouble: str = ""
    handovers: tuple[Handover, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {
            **self.medium.model_dump(mode="json", exclude={"store"}),
            "stores": list(self.stores),
            "seen_at": stamp(self.seen_at) if self.seen_at else None,
            "read_back_at": stamp(self.read_back_at) if self.read_back_at else None,
            "free_bytes": self.free_bytes,
            "trouble": self.trouble,
            "handovers": [one.as_dict() for one in self.handovers],
        }


@dataclass(frozen=True)
class Word:
    """On whose word a hand-over is entered: the operator at the keyboard, and the letter both have signed."""

    stated_by: str
    letter: str | None = None
    note: str = ""


def handovers(entries: Iterable[Entry]) -> list[Handover]:
    """The hand-overs that lines of the ledger tell of, in their order."""
    return [
        Handover(
            at=entry.at,
            label=entry.data["medium"],
            giver=Actor.model_validate(entry.data["giver"]),
            receiver=Actor.model_validate(entry.data["receiver"]),
            place=entry.data["place"],
            stated_by=entry.data["stated_by"],
            letter=entry.data["letter"],
            note=entry.data["note"],
        )
        for entry in entries
    ]


def in_hand(media: Iterable[Medium], given: Sequence[Handover]) -> tuple[Medium, ...]:
    """The media with the custodian and the place their last hand-over left them with."""
    last = {one.label: one for one in given}
    return tuple(_held(one, last.get(one.label or "")) for one in media)


def media_in_hand(ledger: Ledger, media: Iterable[Medium]) -> tuple[Medium, ...]:
    """The same by what an office's ledger tells."""
    return in_hand(media, handovers(ledger.of_kind(HANDED_OVER)))


def carriers(media: Iterable[Medium], records: Iterable[Evidence], given: Sequence[Handover]) -> list[Carrier]:
    """Every medium of the register by its label; ``records`` and ``given`` are in the order of the ledger."""
    known: dict[str, Carrier] = {}
    for one in in_hand(media, given):
        if one.label:
            stores = known[one.label].stores if one.label in known else ()
            handed = tuple(each for each in given if each.label == one.label)
            known[one.label] = Carrier(one, (*stores, one.store), handovers=handed)
    for record in records:
        if record.medium in known and record.outcome != "planned":
            known[record.medium] = _with(known[record.medium], record)
    return [known[label] for label in sorted(known)]


def hand_over(
    ledger: Ledger, office: Office, known: Iterable[Medium], label: str, people: tuple[str, str], place: str | None,
    word: Word,
) -> Handover:  # fmt: skip
    """Write down that a medium went from the first of two people to the second.

    Raise UsageError for a medium or a person nobody knows, RefusedError where the giver has not got it.
    """
    labels = sorted({one.label for one in known if one.label})
    if label not in labels:
        raise UsageError(f"There is no medium {label} in the inventory.", f"Known: {', '.join(labels) or 'none'}.")
    giver, receiver = (office.person(one) for one in people)
    if giver == receiver:
        raise UsageError("A hand-over is between two people.", "Name another person with --to.")
    for person in (giver, receiver):
        _stands(person, word)
    before = [one for one in handovers(ledger.of_kind(HANDED_OVER)) if one.label == label]
    if before and before[-1].receiver.id != giver.id:
        last = before[-1]
        raise RefusedError(
            f"{label} was handed to {last.receiver.name} on {last.at:%Y-%m-%d}, so {giver.name} cannot hand it over.",
            f"Enter it with --from {last.receiver.id}, or enter the hand-over in between first.",
        )
    data = {
        "medium": label,
        "giver": person_as_actor(giver).model_dump(mode="json", exclude_none=True),
        "receiver": person_as_actor(receiver).model_dump(mode="json", exclude_none=True),
        "place": place,
        "method": "stated",
        "stated_by": word.stated_by,
        "letter": word.letter,
        "note": word.note,
    }
    return handovers(ledger.append(None, [Draft(HANDED_OVER, data)]))[0]


def _held(medium: Medium, last: Handover | None) -> Medium:
    if last is None:
        return medium
    return medium.model_copy(update={"custodian": last.receiver.name, "place": last.place or medium.place})


def _with(known: Carrier, record: Evidence) -> Carrier:
    """The carrier after one more record that names it."""
    if not record.succeeded:
        return replace(known, trouble=record.message) if record.action == "check_media" else known
    proven = record.action == "verify" and (record.verify is None or record.verify.ok)
    return replace(
        known,
        seen_at=record.finished_at,
        read_back_at=record.finished_at if proven else known.read_back_at,
        free_bytes=known.free_bytes if record.free_bytes is None else record.free_bytes,
        trouble="",
    )


def _stands(person: Person, word: Word) -> None:
    if person.key and not word.letter:
        raise RefusedError(
            f"{person.name} has a key in office.yml, so an operator's word does not stand for theirs.",
            "Give --letter NUMBER of the hand-over both have signed on paper.",
        )
