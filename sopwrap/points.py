"""Recovery points as the ledger's evidence tells of them: where each one lies, and when it was last proven.

Pure. What the ledger knows is what this office has done; what lies in a store is asked of the store itself
(`sopwrap point list --store`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from sopwrap.case import Asset
from sopwrap.records import Evidence

STORED = ("backup", "copy")
PROVING = ("verify", "restore")
DESTROYED = "destroy"


@dataclass
class Point:
    """One recovery point. ``stores`` maps store id → the record that put it there; ``proofs`` are in the order made."""

    id: str
    asset: str
    kind: str | None
    host: str
    taken_at: datetime
    stores: dict[str, Evidence] = field(default_factory=dict)
    proofs: list[Evidence] = field(default_factory=list)

    @property
    def proven_at(self) -> datetime | None:
        """When it was last read back well; None when it never was, or when the last attempt failed."""
        last = self.proofs[-1] if self.proofs else None
        return last.finished_at if last is not None and _good(last) else None

    @property
    def size_bytes(self) -> int | None:
        """What was protected."""
        return next((one.size_bytes for one in self.stores.values() if one.size_bytes is not None), None)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {
            "point": self.id,
            "asset": self.asset,
            "kind": self.kind,
            "host": self.host,
            "taken_at": _iso(self.taken_at),
            "proven_at": _iso(self.proven_at),
            "size_bytes": self.size_bytes,
            "stores": {store: record.as_dict() for store, record in self.stores.items()},
            "proofs": [record.as_dict() for record in self.proofs],
        }


def points(records: Iterable[Evidence]) -> list[Point]:
    """Given evidence in the order of the ledger, return the points it tells of, the newest first."""
    known: dict[str, Point] = {}
    for record in records:
        if record.point is None or record.asset is None:
            continue
        if record.action in STORED and _good(record):
            fresh = Point(record.point, record.asset, record.kind, record.host, record.started_at)
            known.setdefault(record.point, fresh).stores[record.store or "?"] = record
        elif record.point not in known:
            continue
        elif record.action in PROVING and _tells(record):
            known[record.point].proofs.append(record)
        elif record.action == DESTROYED and record.outcome == "ok":
            known[record.point].stores.pop(record.store or "?", None)
            if not known[record.point].stores:
                del known[record.point]
    return sorted(known.values(), key=lambda point: point.taken_at, reverse=True)


def _tells(record: Evidence) -> bool:
    """Whether a record says anything of the point: neither a plan does, nor a restore that was not allowed."""
    return record.outcome not in ("planned", "refused")


class Known(Protocol):
    """What weighing an asset needs to know of a point, whoever tells of it."""

    id: str
    asset: str

    @property
    def taken_at(self) -> datetime:
        """When it was begun."""

    @property
    def proven_at(self) -> datetime | None:
        """When it was last read back well."""

    @property
    def stores(self) -> Collection[str]:
        """The stores it lies in."""


@dataclass(frozen=True)
class Standing:
    """How one asset stands at a moment: ``age`` of its newest point (None without one) against its RPO."""

    asset: Asset
    newest: Known | None
    age: timedelta | None
    rpo: timedelta | None
    proven_at: datetime | None

    @property
    def late(self) -> bool:
        """True where more would be lost now than the RPO allows; without any point, everything would be."""
        return self.age is None or (self.rpo is not None and self.age > self.rpo)

    @property
    def word(self) -> str:
        """The standing in one word."""
        if self.age is None:
            return "never"
        return "late" if self.late else "ok"

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types; ``age`` and ``rpo`` in seconds."""
        return {
            "asset": self.asset.id,
            "host": self.asset.host,
            "standing": self.word,
            "point": self.newest.id if self.newest else None,
            "taken_at": _iso(self.newest.taken_at if self.newest else None),
            "age_seconds": None if self.age is None else round(self.age.total_seconds()),
            "rpo_seconds": None if self.rpo is None else round(self.rpo.total_seconds()),
            "proven_at": _iso(self.proven_at),
            "missing_stores": self.missing_stores,
        }

    @property
    def missing_stores(self) -> list[str]:
        """The stores the register names in which the newest point is not."""
        return [store for store in self.asset.stores if self.newest is None or store not in self.newest.stores]


def standing(asset: Asset, known: Iterable[Known], now: datetime) -> Standing:
    """Weigh an asset's points, the newest first, at the moment ``now``; its age counts from when the backup began."""
    own = [point for point in known if point.asset == asset.id]
    newest = own[0] if own else None
    proven = max((point.proven_at for point in own if point.proven_at), default=None)
    return Standing(asset, newest, now - newest.taken_at if newest else None, duration(asset.rpo), proven)


@lru_cache
def duration(text: str | None) -> timedelta | None:
    """An ISO 8601 duration of the register as a span; None where there is none."""
    from pydantic import TypeAdapter

    return TypeAdapter(timedelta).validate_python(text) if text else None


def _good(record: Evidence) -> bool:
    return record.succeeded and (record.verify is None or record.verify.ok)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
