"""The register of media: what the inventory says of each, what was last seen of it, and who has it in hand.

The inventory says who has a medium at first; every hand-over after that (sopwrap.handovers) counts, the last one most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sopwrap.handovers import HANDED_OVER, Handover, handovers
from sopwrap.ledger import Ledger
from sopwrap.medium import Medium
from sopwrap.records import Evidence, stamp


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
