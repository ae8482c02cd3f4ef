"""Hand-overs of media: a line of the ledger (of no case) with two people, each signing or speaking by a letter.

Whoever has a key in office.yml signs with it, or is entered by the number of the paper both have signed. What is
signed is the line's own data with its number, so a signature fits one hand-over only. The Berita Acara is made from
that line alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap import signatures
from sopwrap.case import Actor, Entry
from sopwrap.errors import RefusedError, UsageError
from sopwrap.keys import registered_key, wrong_key
from sopwrap.ledger import Draft, Ledger
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.paper_numbers import issued, lines_about
from sopwrap.partial import Issued
from sopwrap.permission import person_as_actor
from sopwrap.persons import Person
from sopwrap.records import stamp
from sopwrap.statement import require_letter

HANDED_OVER = "medium.handed_over"
DOCUMENT = "media_handover"
PARTIES = ("giver", "receiver")
TOLD = ("label", "uuid", "serial", "form", "placement", "custodian", "place")
"""What a line keeps of the medium as it was before the hand-over."""


@dataclass(frozen=True)
class Handover:
    """One hand-over: when, of which medium, by whom to whom, where it is kept from then on, and on whose word.

    ``medium`` is how it was registered before (nulls in old ledgers); ``keys`` maps who signed, ``giver`` and
    ``receiver``, to the public key.
    """

    number: str
    at: datetime
    label: str
    giver: Actor
    receiver: Actor
    place: str | None
    stated_by: str
    letter: str | None = None
    note: str = ""
    medium: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(TOLD))
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def signed(self) -> tuple[str, ...]:
        """The parties who signed with their keys."""
        return tuple(one for one in PARTIES if one in self.keys)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        people = {"from": self.giver.id, "to": self.receiver.id, "signed": list(self.signed)}
        told = {"place": self.place, "letter": self.letter, "note": self.note, "stated_by": self.stated_by}
        return {"number": self.number, "at": stamp(self.at), **people, **told}


@dataclass(frozen=True)
class HandoverView:
    """One hand-over as its minutes tell it; the same line gives the same paper."""

    handover: Handover
    office: dict[str, Any]
    zone: str
    digest: str
    issued: Issued | None = None
    demo: bool = False

    @property
    def id(self) -> str:
        """Its number in the ledger."""
        return self.handover.number

    @property
    def changed_at(self) -> datetime:
        """When it was."""
        return self.handover.at


@dataclass(frozen=True)
class Word:
    """On whose word a hand-over is entered: the keys of who signs, else the operator and the letter both signed."""

    stated_by: str
    letter: str | None = None
    note: str = ""
    keys: dict[str, Path] = field(default_factory=dict)


def handovers(entries: Iterable[Entry]) -> list[Handover]:
    """The hand-overs that lines of the ledger tell of, in their order."""
    return [_handover(entry) for entry in entries]


def hand_over(
    ledger: Ledger, office: Office, known: Iterable[Medium], label: str, people: tuple[str, str], place: str | None,
    word: Word,
) -> Handover:  # fmt: skip
    """Write down that a medium went from the first of two people to the second.

    Raise UsageError for a medium or a person nobody knows, RefusedError where the giver has not got it, or where what
    is given does not stand for somebody.
    """
    media = {one.label: one for one in known if one.label}
    if label not in media:
        raise UsageError(f"There is no medium {label} in the inventory.", f"Known: {', '.join(media) or 'none'}.")
    giver, receiver = (office.person(one) for one in people)
    if giver == receiver:
        raise UsageError("A hand-over is between two people.", "Name another person with --to.")
    entries = ledger.of_kind(HANDED_OVER)
    before = [one for one in handovers(entries) if one.label == label]
    _has_it(giver, before)
    at = datetime.now(UTC)
    data = {
        "number": _number(entries, at, office),
        "medium": label,
        "told": _told(media[label], before),
        "giver": person_as_actor(giver).model_dump(mode="json", exclude_none=True),
        "receiver": person_as_actor(receiver).model_dump(mode="json", exclude_none=True),
        "place": place,
        "method": "signed" if len(word.keys) == len(PARTIES) else "stated",
        "stated_by": word.stated_by,
        "letter": word.letter,
        "note": word.note,
    }
    made = _signed(data, office, dict(zip(PARTIES, (giver, receiver), strict=True)), word, at)
    return handovers(ledger.append(None, [Draft(HANDED_OVER, {**data, "signatures": made})]))[0]


def message(data: dict[str, Any]) -> bytes:
    """What both parties sign: the line's data without the signatures, of no case."""
    told = {key: value for key, value in data.items() if key != "signatures"}
    return signatures.payload("", None, HANDED_OVER, "", told)


def views(ledger: Ledger, office: Office, zone: str) -> list[HandoverView]:
    """Every hand-over of the ledger with the number of its minutes, the oldest first."""
    found = []
    for entry in ledger.of_kind(HANDED_OVER):
        one = _handover(entry)
        numbered = lines_about(ledger, one.number)
        last = [entry, *numbered][-1].digest
        told = issued(numbered, DOCUMENT)
        found.append(HandoverView(one, office.model_dump(mode="json"), zone, last, told, office.demo))
    return found


def _handover(entry: Entry) -> Handover:
    data = entry.data
    return Handover(
        number=data.get("number") or f"serah-baris-{entry.seq}",
        at=entry.at,
        label=data["medium"],
        giver=Actor.model_validate(data["giver"]),
        receiver=Actor.model_validate(data["receiver"]),
        place=data["place"],
        stated_by=data["stated_by"],
        letter=data["letter"],
        note=data["note"],
        medium={**dict.fromkeys(TOLD), **data.get("told", {})},
        keys={party: one["key"] for party, one in (data.get("signatures") or {}).items()},
    )


def _has_it(giver: Person, before: Sequence[Handover]) -> None:
    """Raise RefusedError when the medium was handed to somebody else before."""
    if before and before[-1].receiver.id != giver.id:
        last = before[-1]
        raise RefusedError(
            f"{last.label} was handed to {last.receiver.name} on {last.at:%Y-%m-%d}, so {giver.name} cannot hand it"
            " over.",
            f"Enter it with --from {last.receiver.id}, or enter the hand-over in between first.",
        )


def _number(entries: Sequence[Entry], at: datetime, office: Office) -> str:
    """``serah-2026-0001``, counted within the year of the office's clock."""
    year = f"serah-{at.astimezone(ZoneInfo(office.timezone or 'UTC')):%Y}-"
    return f"{year}{sum(str(one.data.get('number')).startswith(year) for one in entries) + 1:04d}"


def _told(medium: Medium, before: Sequence[Handover]) -> dict[str, Any]:
    """The medium as it is known before this hand-over."""
    told = medium.model_dump(mode="json", include=set(TOLD))
    places = [one.place for one in before if one.place]
    return {**told, "place": places[-1] if places else told["place"]}


def _signed(
    data: dict[str, Any], office: Office, parties: dict[str, Person], word: Word, at: datetime
) -> dict[str, dict[str, str]]:
    """The signatures of those whose keys are given, each checked at once; the others need a letter where they could."""
    zone = ZoneInfo(office.timezone or "UTC")
    made = {}
    for party, person in parties.items():
        if party not in word.keys:
            require_letter(person, word.letter)
            continue
        key = registered_key(person, at.astimezone(zone).date())
        signature = signatures.sign(message(data), word.keys[party])
        if (used := signatures.used_key(signature)) != key:
            raise wrong_key(office, person, used)
        signatures.verify(message(data), signature, person.id, key)
        made[party] = {"key": key, "signature": signature}
    return made
