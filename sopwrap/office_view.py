"""The office as a whole on one day: what its register, its schedules and its ledger say. Papers of the office are
made from it as those of a case are made from the case: the same overview gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.case import Asset, Case
from sopwrap.chain import canonical
from sopwrap.destruction import DestructionView
from sopwrap.handovers import HandoverView
from sopwrap.medium import Medium
from sopwrap.partial import EmergencyNote
from sopwrap.points import Point
from sopwrap.records import Evidence
from sopwrap.restore_view import RestoreView
from sopwrap.reviews import YEARLY, Review
from sopwrap.sop_view import SopView

ZONE = "Asia/Jakarta"  # of an office that names none and carries out nothing


@dataclass(frozen=True)
class Holding:
    """One asset of the register: its newest point, the last time one was proven, and the last review."""

    asset: Asset
    point: str | None = None
    taken_at: datetime | None = None
    proven_at: datetime | None = None
    review: Review | None = None

    @property
    def reviewed_on(self) -> date | None:
        """The day of the last review: the later of the ledger's and the inventory's, where that is a date."""
        days = [self.review.at.date()] if self.review else []
        with suppress(ValueError):
            days.append(date.fromisoformat(self.asset.reviewed or ""))
        return max(days, default=None)

    @property
    def review_due(self) -> date | None:
        """The last day of the next review; None where there has never been one (it is due now)."""
        return self.reviewed_on + YEARLY if self.reviewed_on else None


@dataclass(frozen=True)
class Figures:
    """How one procedure went from one day to another (both included): the cases opened in that time by how they ended,
    and in how many a step was late, held or sent back."""

    sop: str
    procedure: str
    title: str
    since: date
    until: date
    cases: tuple[str, ...] = ()
    done: int = 0
    stopped: int = 0
    running: int = 0
    late: int = 0
    held: int = 0
    sent_back: int = 0


@dataclass(frozen=True)
class Planned:
    """One line of the office's schedule, and the newest case that came of it."""

    sop: str
    procedure: str
    title: str
    every: str
    starts: date
    at: str
    assets: tuple[str, ...]
    responsible: str = ""
    last_case: str | None = None
    last_opened: datetime | None = None


@dataclass(frozen=True)
class Judgement:
    """What somebody judged of one procedure: the review, and its row of the form."""

    review: Review
    row: dict[str, Any]


@dataclass(frozen=True)
class OfficeView:
    """Everything the office's own papers say. ``on`` is the day they are made for; ``digest`` is of all the rest."""

    office: dict[str, Any]
    on: date
    changed_at: datetime
    holdings: tuple[Holding, ...]
    media: tuple[Medium, ...] = ()
    plans: tuple[Planned, ...] = ()
    figures: tuple[Figures, ...] = ()
    assessments: tuple[Review, ...] = ()
    trials: tuple[Evidence, ...] = ()
    sops: dict[str, str] = field(default_factory=dict)
    emergencies: tuple[EmergencyNote, ...] = ()
    zone: str = ZONE
    id: str = "kantor"
    demo: bool = False
    digest: str = ""

    def overdue(self, holding: Holding) -> bool:
        """True where the yearly review of an asset has been missed."""
        return holding.review_due is None or holding.review_due < self.on

    def missed(self) -> list[Holding]:
        """The assets whose yearly review is overdue."""
        return [one for one in self.holdings if self.overdue(one)]

    def scheduled(self) -> list[tuple[Planned | None, Holding]]:
        """Every asset with each schedule it is in, in the order of the register; with none where nothing plans it."""
        found: list[tuple[Planned | None, Holding]] = []
        for one in self.holdings:
            plans = [plan for plan in self.plans if not plan.assets or one.asset.id in plan.assets]
            found += [(plan, one) for plan in plans] or [(None, one)]
        return found

    def judged(self, figure: Figures) -> Judgement | None:
        """The last judgement of a procedure."""
        return judgement(self.assessments, figure.sop, figure.procedure)

    def trial(self, asset: str) -> Evidence | None:
        """The last time an asset was brought back."""
        return next((one for one in reversed(self.trials) if one.asset == asset), None)

    def tested(self) -> list[str]:
        """The assets whose last restore succeeded and was compared."""
        trials = [self.trial(one.asset.id) for one in self.holdings]
        return [one.asset for one in trials if one and one.asset and one.succeeded and one.verify and one.verify.ok]


Subject = Case | OfficeView | SopView | RestoreView | DestructionView | HandoverView


def judgement(assessments: Sequence[Review], sop: str, procedure: str) -> Judgement | None:
    """The last judgement of a procedure among the reviews of SOPs (the oldest first)."""
    for review in reversed(assessments):
        for row in review.form["judgements"]:
            if review.subjects == (sop,) and row["procedure"] == procedure:
                return Judgement(review, row)
    return None


def sealed(view: OfficeView) -> OfficeView:
    """The overview with the digest of what it says."""
    from sopwrap.papers.data import plain

    told = plain(replace(view, digest=""))
    return replace(view, digest=hashlib.sha256(canonical(told).encode()).hexdigest())


def holdings(assets: Sequence[Asset], points: Sequence[Point], reviews: Sequence[Review]) -> tuple[Holding, ...]:
    """Every asset with what is known of it; ``points`` newest first, ``reviews`` oldest first."""
    found = []
    for asset in assets:
        own = [one for one in points if one.asset == asset.id]
        proven = max((one.proven_at for one in own if one.proven_at), default=None)
        review = next((one for one in reversed(reviews) if asset.id in one.subjects), None)
        found.append(Holding(asset, own[0].id if own else None, own[0].taken_at if own else None, proven, review))
    return tuple(found)


def last_moment(moments: Sequence[datetime], on: date, zone: str) -> datetime:
    """When the office's record last changed; the beginning of the day where nothing has been recorded yet."""
    return max(moments, default=datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC))
