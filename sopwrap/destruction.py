"""The destruction of recovery points (pemusnahan): who ordered it, who carried it out, and what became of each copy.

The order is one line of the ledger, of no case; the evidence of every copy follows it and bears its number. The
Berita Acara is made from the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.case import Actor, Asset, Entry
from sopwrap.chain import canonical
from sopwrap.errors import RefusedError, UsageError
from sopwrap.keep_rule import Keep
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.paper_numbers import issued, lines_about
from sopwrap.partial import Issued
from sopwrap.points import DESTROYED
from sopwrap.records import Evidence, evidence, moment, stamp
from sopwrap.retention import Plan
from sopwrap.statement import Statement, require_letter

ORDERED = "destruction.ordered"
DOCUMENT = "destruction"
ALONE = "tidak ada orang lain yang tercatat di kantor ini"
"""Why one person may both order a destruction and carry it out, in the words of the paper."""


@dataclass(frozen=True)
class DoomedCopy:
    """One copy that was to be destroyed, by what rule, and the last record of it (none: nothing came back)."""

    point: str
    asset: str
    title: str
    store: str
    placement: str | None
    medium: str | None
    taken_at: datetime
    size_bytes: int | None
    retention: str | None
    ended_at: datetime | None
    keep: Keep
    record: Evidence | None = None

    @property
    def gone(self) -> bool:
        """True where a record says that it was destroyed."""
        return self.record is not None and self.record.outcome == "ok"


@dataclass(frozen=True)
class DestructionView:
    """One destruction as the ledger tells it; the same lines give the same paper."""

    id: str
    office: dict[str, Any]
    zone: str
    ordered_at: datetime
    ordered_by: Actor
    carried_out_by: Actor
    letter: str | None
    stated_by: str
    copies: tuple[DoomedCopy, ...]
    witnesses: tuple[Actor, ...] = ()
    exception: str = ""
    note: str = ""
    demo: bool = False
    lines: tuple[str, ...] = field(default=(), repr=False)
    issued: Issued | None = None

    @property
    def done(self) -> tuple[DoomedCopy, ...]:
        """The copies that are gone."""
        return tuple(one for one in self.copies if one.gone)

    @property
    def left(self) -> tuple[DoomedCopy, ...]:
        """The copies that are not."""
        return tuple(one for one in self.copies if not one.gone)

    @property
    def changed_at(self) -> datetime:
        """When the last of it was done."""
        return max([self.ordered_at, *(one.record.finished_at for one in self.copies if one.record)])

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the ledger's lines it is made of."""
        return hashlib.sha256(canonical(list(self.lines)).encode()).hexdigest()


@dataclass(frozen=True)
class Command:
    """Who ordered a destruction by which letter, who carries it out, and who is there to see it (ids in office.yml)."""

    ordered_by: str
    word: Statement
    witnesses: tuple[str, ...] = ()


def order(ledger: Ledger, office: Office, plan: Plan, assets: Sequence[Asset], command: Command) -> str:
    """Write the order down; return its number, ``musnah-2026-0001``.

    Raise UsageError where nothing is to be destroyed, RefusedError where the people may not do it. The caller holds
    the office's lock.
    """
    if not plan.doomed:
        raise UsageError("By the rules nothing may be destroyed.", "See `sopwrap retention plan`.")
    exception = _separate(office, command)
    require_letter(office.person(command.ordered_by), command.word.letter)
    at = datetime.now(UTC)
    year = f"musnah-{at.astimezone(ZoneInfo(office.timezone or 'UTC')):%Y}-"
    number = f"{year}{sum(one.data['number'].startswith(year) for one in ledger.of_kind(ORDERED)) + 1:04d}"
    data = {
        "number": number,
        "plan": plan.id,
        "ordered_by": _actor(office, command.ordered_by),
        "witnesses": [_actor(office, one) for one in command.witnesses],
        "exception": exception,
        "copies": _copies(plan, {one.id: one for one in assets}),
        **command.word.told(office),
    }
    ledger.append(None, [Draft(ORDERED, data)])
    return number


def destructions(ledger: Ledger, office: Office, zone: str) -> list[DestructionView]:
    """Every destruction of the ledger, the oldest first."""
    records = ledger.of_kind("evidence", containing=DESTROYED)
    found = []
    for entry in ledger.of_kind(ORDERED):
        numbered = lines_about(ledger, entry.data["number"])
        found.append(view(entry, records, office, zone, numbered))
    return found


def view(
    entry: Entry, lines: Sequence[Entry], office: Office, zone: str, numbered: Sequence[Entry] = ()
) -> DestructionView:
    """The destruction an order began; ``lines`` are evidence of the ledger, ``numbered`` numbers of its minutes."""
    told, own = entry.data, [one for one in lines if one.data["record"]["case"] == entry.data["number"]]
    last = {(one.point, one.store): one for one in (evidence(line.data["record"]) for line in own)}
    return DestructionView(
        id=told["number"],
        office=office.model_dump(mode="json"),
        zone=zone,
        ordered_at=entry.at,
        ordered_by=Actor.model_validate(told["ordered_by"]),
        carried_out_by=Actor.model_validate(told["actor"]),
        letter=told["letter"],
        stated_by=told["stated_by"],
        copies=tuple(_copy(one, last.get((one["point"], one["store"]))) for one in told["copies"]),
        witnesses=tuple(Actor.model_validate(one) for one in told["witnesses"]),
        exception=told["exception"],
        note=told["note"],
        demo=office.demo,
        lines=tuple(one.digest for one in (entry, *own, *numbered)),
        issued=issued(numbered, DOCUMENT),
    )


def _separate(office: Office, command: Command) -> str:
    """Who orders does not carry out, and a witness is a third; return why they may be one where they are."""
    done_by = command.word.person
    if done_by in command.witnesses or command.ordered_by in command.witnesses:
        raise RefusedError("A witness neither orders the destruction nor carries it out.", "Name somebody else.")
    if command.ordered_by != done_by:
        return ""
    if others := [one.id for one in office.people if one.id != done_by]:
        raise RefusedError(
            f"{office.person(done_by).name} cannot both order a destruction and carry it out.",
            f"Somebody else has to do one of the two: {', '.join(others)}.",
        )
    return ALONE


def _actor(office: Office, person: str) -> dict[str, Any]:
    return Statement(person, "").actor(office).model_dump(mode="json", exclude_none=True)


def _copies(plan: Plan, assets: dict[str, Asset]) -> list[dict[str, Any]]:
    return [
        {
            "point": one.point.id,
            "asset": one.point.asset,
            "title": assets[one.point.asset].title,
            "store": store,
            "placement": record.placement,
            "medium": record.medium,
            "taken_at": stamp(one.point.taken_at),
            "size_bytes": one.point.size_bytes,
            "retention": assets[one.point.asset].retention,
            "ended_at": stamp(one.ended_at) if one.ended_at else None,
            "keep": (assets[one.point.asset].keep or Keep()).model_dump(),
        }
        for one in plan.doomed
        for store, record in one.point.stores.items()
    ]


def _copy(told: dict[str, Any], record: Evidence | None) -> DoomedCopy:
    ended = moment(told["ended_at"]) if told["ended_at"] else None
    times = {"taken_at": moment(told["taken_at"]), "ended_at": ended, "keep": Keep.model_validate(told["keep"])}
    return DoomedCopy(**{**told, **times}, record=record)
