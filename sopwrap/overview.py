"""How an office stands at one moment: every asset, every store and every open case, weighed from the history.

Pure: the clock, the register and the history come in as values. `status`, its metrics and the board show the same
overview, so that no two of them can disagree.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sopwrap.case import Asset
from sopwrap.copies import Copies, copies
from sopwrap.history import AssetPast, Backup, Day, History, StorePast, moment
from sopwrap.medium import Medium
from sopwrap.next import Next
from sopwrap.points import Standing, duration, standing
from sopwrap.schedules import Schedule, upcoming
from sopwrap.store_keys import StoreKey

FORECAST_DAYS = 3
"""Fewer days with a measurement are no trend."""


@dataclass(frozen=True)
class AssetView:
    """One asset as it stands; ``planned_at`` is the next moment a schedule takes it up."""

    asset: Asset
    standing: Standing
    past: AssetPast
    copies: Copies
    rto: timedelta | None
    planned_at: datetime | None = None

    @property
    def newest(self) -> Backup | None:
        """Its newest point."""
        return self.past.points[-1] if self.past.points else None

    @property
    def due_at(self) -> datetime | None:
        """When it is backed up next: as planned, else when its newest point becomes older than the RPO allows."""
        if self.planned_at is not None:
            return self.planned_at
        if self.newest is None or self.standing.rpo is None:
            return None
        return self.newest.taken_at + self.standing.rpo

    @property
    def failing(self) -> bool:
        """Whether the last thing known of it is a failure, later than its newest point."""
        return self.past.failed_at is not None and (self.newest is None or self.past.failed_at > self.newest.at)


@dataclass(frozen=True)
class StoreView:
    """The room in one store: ``free`` bytes at ``at``, what it loses a day, and when it is full if it goes on so."""

    key: str
    past: StorePast
    free: int
    at: datetime
    lost_a_day: float | None
    full_at: datetime | None


@dataclass(frozen=True)
class CaseView:
    """An open case: what is next in it, since when it stands there, and how many of its steps took too long."""

    next: Next
    since: datetime
    late: int


@dataclass(frozen=True)
class Overview:
    """Everything at one moment; ``days`` are the office's days with anything done, ``keys`` those of stores."""

    at: datetime
    zone: str
    assets: tuple[AssetView, ...]
    stores: tuple[StoreView, ...]
    cases: tuple[CaseView, ...]
    days: Mapping[date, Day]
    planned: frozenset[date] = frozenset()
    keys: tuple[StoreKey, ...] = ()

    @property
    def late(self) -> tuple[AssetView, ...]:
        """The assets of which more would be lost now than their RPO allows."""
        return tuple(one for one in self.assets if one.standing.late)


@dataclass(frozen=True)
class Calendar:
    """What is to come: the days with anything planned this year, and each asset's next moment."""

    days: frozenset[date] = frozenset()
    next: Mapping[str, datetime] = field(default_factory=dict)


def calendar(schedules: Iterable[Schedule], assets: Sequence[Asset], zone: ZoneInfo, now: datetime) -> Calendar:
    """Lay the office's schedules out over the rest of the year."""
    days: set[date] = set()
    coming: dict[str, datetime] = {}
    today = now.astimezone(zone).date()
    for schedule in schedules:
        moments = takewhile(lambda one: one[0].year <= today.year, schedule.moments(zone))
        days |= {day for day, _ in moments if day >= today}
        at = upcoming(schedule, zone, now)
        for asset in schedule.assets or [one.id for one in assets]:
            coming[asset] = min(at, coming.get(asset, at))
    return Calendar(frozenset(days), coming)


def overview(
    assets: Sequence[Asset],
    media: Mapping[str, Medium],
    history: History,
    cases: Sequence[CaseView],
    now: datetime,
    ahead: Calendar | None = None,
) -> Overview:
    """Weigh the history at the moment ``now``; ``media`` are the register's stores by id."""
    ahead = ahead or Calendar()
    return Overview(
        at=now,
        zone=history.zone,
        assets=tuple(_asset(one, media, history.asset(one.id), now, ahead.next.get(one.id)) for one in assets),
        stores=tuple(_store(key, past) for key, past in sorted(history.stores.items()) if past.free),
        cases=tuple(cases),
        days={date.fromisoformat(day): told for day, told in sorted(history.days.items())},
        planned=ahead.days,
    )


def _asset(
    asset: Asset, media: Mapping[str, Medium], past: AssetPast, now: datetime, planned: datetime | None
) -> AssetView:
    weighed = standing(asset, list(reversed(past.points)), now)
    if past.proven is not None:  # a proof of a point older than those remembered
        weighed = Standing(asset, weighed.newest, weighed.age, weighed.rpo, moment(past.proven))
    return AssetView(asset, weighed, past, copies(asset, media, past, now.date()), duration(asset.rto), planned)


def _store(key: str, past: StorePast) -> StoreView:
    measured = moment(past.at)
    free = list(past.free.values())[-1]
    lost = shrinking({date.fromisoformat(day): room for day, room in past.free.items()})
    full = measured + timedelta(days=free / lost) if lost and free / lost < 36500 else None
    return StoreView(key, past, free, measured, lost, full)


def shrinking(room: Mapping[date, int]) -> float | None:
    """What is lost a day by a straight line through all days measured (bytes; negative where room is won).

    None with fewer than FORECAST_DAYS days: the first backup into a store is not what it will be like every day.
    """
    if len(room) < FORECAST_DAYS:
        return None
    slope = statistics.linear_regression([day.toordinal() for day in room], list(room.values())).slope
    return -slope


def growth(points: Sequence[Backup]) -> float | None:
    """How much an asset grows a day by a straight line through its last points (bytes); None without a trend."""
    measured = [(one.taken_at.timestamp() / 86400, one.size_bytes) for one in points if one.size_bytes is not None]
    if len(measured) < FORECAST_DAYS or measured[-1][0] - measured[0][0] < 1:
        return None
    return statistics.linear_regression([at for at, _ in measured], [size for _, size in measured]).slope
