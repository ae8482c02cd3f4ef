"""What a piece of work will take: bytes, seconds, room, a time to begin. Pure.

It is told by what the last backups took, and by what the source held when somebody last asked it (a dry run).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from sopwrap.case import Asset, Case
from sopwrap.papers.timing import days_of
from sopwrap.points import Point
from sopwrap.records import Evidence, stamp
from sopwrap.words import size

LAST = 3
"""How many of the last backups an estimate is taken from: their largest."""

MARGIN = 1.2
"""Room asked for: the estimate and a fifth."""


@dataclass(frozen=True)
class Work:
    """What one asset will take: bytes protected, bytes a store grows by, seconds; null where that is not known.

    ``fresh`` are the stores that hold nothing of it yet: there, all of it has to be stored. ``basis`` says who told
    ``size_bytes``, the newer of both: the ``source`` itself or the last backups (``history``), at ``told_at``.
    """

    asset: str
    stores: tuple[str, ...]
    history: int
    size_bytes: int | None
    stored_bytes: int | None
    seconds: float | None
    fresh: tuple[str, ...] = ()
    basis: Literal["source", "history"] | None = None
    told_at: datetime | None = None

    def needed(self, store: str) -> int | None:
        """The bytes expected to go to a store; None where nothing tells."""
        return self.size_bytes if store in self.fresh else self.stored_bytes

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        told_at = stamp(self.told_at) if self.told_at else None
        return {**asdict(self), "stores": list(self.stores), "fresh": list(self.fresh), "told_at": told_at}


@dataclass(frozen=True)
class Room:
    """One store: what was free when it was last seen, what is expected to go there, and whether that is enough.

    ``enough`` is null where either is not known.
    """

    store: str
    free_bytes: int | None
    seen_at: datetime | None
    expected_bytes: int | None
    enough: bool | None

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {**asdict(self), "seen_at": stamp(self.seen_at) if self.seen_at else None}


def work(asset: Asset, known: Sequence[Point], records: Sequence[Evidence] = ()) -> Work:
    """Given an asset, its points (the newest first) and all evidence, return what the next backup is expected to take.

    Where the source has grown since the last backups, what was added to it is stored too.
    """
    past = [point.stores[store] for point in known[:LAST] for store in asset.stores[:1] if store in point.stores]
    sizes = [one.size_bytes for one in past if one.size_bytes is not None]
    last, size = (past[0].finished_at if sizes else None), max(sizes, default=None)
    stored = max((one.stored_bytes for one in past if one.stored_bytes is not None), default=None)
    asked = next((one for one in reversed(records) if _asked_source(one, asset)), None)
    now = asked.size_bytes if asked and (last is None or asked.finished_at > last) else None
    if now is not None and size is not None and stored is not None:
        stored += max(now - size, 0)
    return Work(
        asset.id,
        tuple(asset.stores),
        len(past),
        size if now is None else now,
        stored,
        max((one.seconds for one in past), default=None),
        tuple(store for store in asset.stores if not any(store in point.stores for point in known)),
        "source" if now is not None else "history" if sizes else None,
        asked.finished_at if asked and now is not None else last,
    )


def _asked_source(record: Evidence, asset: Asset) -> bool:
    """Whether a record tells what an asset held when a dry run asked it."""
    return (
        record.asset == asset.id
        and (record.action, record.outcome) == ("backup", "planned")
        and bool(record.size_bytes)
    )


@dataclass(frozen=True)
class RestoreWork:
    """What bringing one asset back will take by its newest plan and its last restore; null where nobody measured it.

    ``needed_bytes`` and ``free_bytes`` are beside the living data, ``seconds`` and ``downtime_seconds`` of the last
    restore (one into a fresh place has no down-time).
    """

    asset: str
    planned_at: datetime | None
    needed_bytes: int | None
    free_bytes: int | None
    seconds: float | None
    downtime_seconds: float | None

    @property
    def enough(self) -> bool | None:
        """Whether there is the room; None where that is not known."""
        return None if self.needed_bytes is None or self.free_bytes is None else self.free_bytes >= self.needed_bytes

    @property
    def sentence(self) -> str:
        """The same in words."""
        if self.planned_at is None:
            return f"no restore of {self.asset} was planned (`sopwrap restore plan {self.asset}`)"
        took = f", {round(self.seconds)} s last time" if self.seconds is not None else ""
        return f"{self.asset} needs {size(self.needed_bytes)} of {size(self.free_bytes)} beside what lives{took}"

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        planned_at = stamp(self.planned_at) if self.planned_at else None
        return {**asdict(self), "planned_at": planned_at, "enough": self.enough}


def restore_work(asset: Asset, records: Sequence[Evidence]) -> RestoreWork:
    """Given all evidence, return what bringing an asset back is expected to take."""
    own = [one for one in records if one.asset == asset.id and one.action == "restore"]
    plan = next((one for one in reversed(own) if one.outcome == "planned" and one.restore), None)
    last = next((one for one in reversed(own) if one.succeeded), None)
    told, done = plan.restore if plan else None, last.restore if last else None
    return RestoreWork(
        asset.id,
        plan.started_at if plan else None,
        told.needed_bytes if told else None,
        told.free_bytes if told else None,
        last.seconds if last else None,
        done.downtime_seconds if done else None,
    )


def room(store: str, records: Sequence[Evidence], expected: Sequence[Work]) -> Room:
    """Given all evidence and what is expected of each asset, return what is known of the room in a store."""
    seen = next((one for one in reversed(records) if one.store == store and one.free_bytes is not None), None)
    wanted = [one for one in expected if store in one.stores]
    parts = [one.needed(store) for one in wanted]
    needed = None if None in parts else sum(one or 0 for one in parts)
    free = seen.free_bytes if seen else None
    enough = None if free is None or needed is None else free >= needed * MARGIN
    return Room(store, free, seen.finished_at if seen else None, needed, enough)


def proposed_start(case: Case, now: datetime, seconds: float = 0) -> datetime:
    """The next moment (UTC) from which work of ``seconds`` ends before the office's ``working_hours`` begin.

    Work that is longer than every pause of the next fortnight begins in the first one.
    """
    begins = [now, *_ends_of_hours(case, now)]
    free = [one for one in begins if _free(case, one) > 0]
    return next((one for one in free if _free(case, one) >= seconds), free[0])


def _ends_of_hours(case: Case, now: datetime) -> Iterator[datetime]:
    """When the office closes on each working day of the next fortnight, after ``now``."""
    for day in range(14):
        hours = _hours(case, now + timedelta(days=day))
        if hours and hours[1] > now:
            yield hours[1]


def _free(case: Case, moment: datetime) -> float:
    """Seconds until the office opens again; none while it is open."""
    for day in range(14):
        hours = _hours(case, moment + timedelta(days=day))
        if hours and hours[1] > moment:
            return max((hours[0] - moment).total_seconds(), 0)
    return math.inf


def _hours(case: Case, moment: datetime) -> tuple[datetime, datetime] | None:
    """When the office opens and closes (UTC) on the day of a moment; None on a day off."""
    hours, days = case.office.get("working_hours"), days_of(case)
    day = moment.astimezone(days.zone).date()
    if not hours or day.weekday() not in days.week or day in days.holidays:
        return None
    start, end = (datetime.combine(day, time.fromisoformat(hours[one]), days.zone) for one in ("start", "end"))
    return start.astimezone(UTC), end.astimezone(UTC)
