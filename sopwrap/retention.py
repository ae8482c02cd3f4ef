"""Which recovery points an office keeps, and which may be destroyed. Pure: rules and points in, a plan out.

Grandfather, father, son: every point is kept for the asset's ``retention``, and beyond it the newest of so many days,
weeks, months and years (``keep``). Time is counted from the newest proven point and not from today, and only proven
points count: while backups fail, nothing moves, and nothing good is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.case import Asset
from sopwrap.chain import canonical
from sopwrap.keep_rule import Keep
from sopwrap.points import Point, duration

_PERIODS: dict[str, Callable[[datetime], object]] = {
    "daily": lambda at: at.date(),
    "weekly": lambda at: at.isocalendar()[:2],
    "monthly": lambda at: (at.year, at.month),
    "yearly": lambda at: at.year,
}
"""What two points have in common that count as one: on the office's own calendar, weeks as ISO 8601 counts them."""


@dataclass(frozen=True)
class Fate:
    """What becomes of one point: ``kept`` says why it stays (any of the words of docs/how-to/retention.md), and is
    empty for one that may be destroyed; ``ended_at`` is when the asset's retention ended for it."""

    point: Point
    kept: tuple[str, ...]
    ended_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        told = self.point.as_dict()
        facts = {key: told[key] for key in ("point", "asset", "taken_at", "proven_at", "size_bytes")}
        ended = None if self.ended_at is None else f"{self.ended_at:%Y-%m-%dT%H:%M:%SZ}"
        return {**facts, "stores": list(self.point.stores), "kept": list(self.kept), "retention_ended": ended}


@dataclass(frozen=True)
class Plan:
    """What becomes of every point of the assets planned for, asset by asset, the newest point first."""

    fates: tuple[Fate, ...]

    @property
    def doomed(self) -> tuple[Fate, ...]:
        """Those that may be destroyed."""
        return tuple(one for one in self.fates if not one.kept)

    @property
    def targets(self) -> list[dict[str, str | None]]:
        """Every copy that would be destroyed: point, asset, the store's id in the inventory, and its repository's."""
        return [
            {"point": one.point.id, "asset": one.point.asset, "store": store, "store_id": record.store_id}
            for one in self.doomed
            for store, record in one.point.stores.items()
        ]

    @property
    def id(self) -> str:
        """Names what would be destroyed: another plan for the same copies has the same id, whenever it is made."""
        targets = sorted(self.targets, key=lambda one: (one["point"] or "", one["store"] or ""))
        return hashlib.sha256(canonical({"destroy": targets}).encode()).hexdigest()[:16]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {"plan": self.id, "points": [one.as_dict() for one in self.fates]}


@dataclass(frozen=True)
class Rules:
    """What the office wrote of one asset; ``held`` are points that somebody wants kept whatever the rules say."""

    retention: timedelta | None
    keep: Keep
    held: Collection[str]
    zone: ZoneInfo


NOBODYS = "its asset is not in the register"
"""Why a point stays for which nobody has written a rule, or has one any more."""


def plan(assets: Sequence[Asset], known: Iterable[Point], held: Collection[str], zone: str, now: datetime) -> Plan:
    """Weigh all points (the newest first) of these assets at the moment ``now``; other points stay unnamed."""
    own: dict[str, list[Point]] = {}
    for point in known:
        own.setdefault(point.asset, []).append(point)
    fates: list[Fate] = []
    for asset in assets:
        rules = Rules(duration(asset.retention), asset.keep or Keep(), held, ZoneInfo(zone))
        fates += weigh(own.get(asset.id, []), rules, now)
    return Plan(tuple(fates))


def with_nobodys(planned: Plan, registered: Iterable[str], known: Iterable[Point]) -> Plan:
    """The plan with the points of assets that are not registered (any more) after the others: each is kept."""
    ours = set(registered)
    left = [Fate(one, (NOBODYS,), None) for one in known if one.asset not in ours]
    return Plan((*planned.fates, *sorted(left, key=lambda one: one.point.asset)))


def weigh(points: Sequence[Point], rules: Rules, now: datetime) -> list[Fate]:
    """Given one asset's points, the newest first, return what becomes of each."""
    proven = [one for one in points if one.proven_at and one.taken_at <= now]
    kept: dict[str, list[str]] = {one.id: [] for one in points}
    _by_period(proven, rules, kept)
    _guarded(points, proven, kept)
    newest = proven[0].taken_at if proven else None
    for one in points:
        if one.id in rules.held:
            kept[one.id].append("held")
        if one.taken_at > now:
            kept[one.id].append("dated in the future")
        if newest is None or (one.proven_at is None and one.taken_at >= newest):
            kept[one.id].append("nothing newer is proven")
        elif rules.retention is None or one.taken_at > newest - rules.retention:
            kept[one.id].append("within its retention")
    ends = [one.taken_at + rules.retention if rules.retention else None for one in points]
    return [Fate(one, tuple(kept[one.id]), end) for one, end in zip(points, ends, strict=True)]


def _by_period(proven: Sequence[Point], rules: Rules, kept: dict[str, list[str]]) -> None:
    """Mark the newest points, and the newest of each day, week, month and year, as many as the rules want."""
    for one in proven[: rules.keep.last]:
        kept[one.id].append("last")
    local = [one.taken_at.astimezone(rules.zone) for one in proven]
    for name, period in _PERIODS.items():
        seen: set[object] = set()
        for one, at in zip(proven, local, strict=True):
            if len(seen) == getattr(rules.keep, name):
                break
            if period(at) not in seen:
                seen.add(period(at))
                kept[one.id].append(name)


def _guarded(points: Sequence[Point], proven: Sequence[Point], kept: dict[str, list[str]]) -> None:
    """Mark what no rule may take: the last proven point, in all and in each store, and the last in each store."""
    for one in proven[:1]:
        kept[one.id].append("the last proven one")
    for reason, row in (("the last proven one in {}", proven), ("the last one in {}", points)):
        seen: set[str] = set()
        for one in row:
            for store in one.stores:
                if store not in seen:
                    seen.add(store)
                    kept[one.id].append(reason.format(store))
