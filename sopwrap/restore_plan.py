"""What a restore onto living data would mean, in a form to read before anybody asks for it. Pure.

The host says what it would stop, replace and need (a record of a dry run); the ledger adds what is known of the point
and how long it took before. Nothing in it is guessed: what nobody has measured is left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sopwrap.case import Asset
from sopwrap.points import Point, duration
from sopwrap.records import Evidence
from sopwrap.words import size, span

NEVER = "it was never done here"


@dataclass(frozen=True)
class RestorePlan:
    """One dry run: its ``record``, the ``point`` as the ledger knows it, and the asset's earlier restores.

    ``past`` are finished restores onto the living data, ``drills`` those into a fresh place, the oldest first.
    """

    asset: Asset
    record: Evidence
    point: Point | None
    past: tuple[Evidence, ...]
    drills: tuple[Evidence, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing speaks against it so far."""
        return self.record.outcome == "planned"

    @property
    def lost(self) -> timedelta | None:
        """The real RPO: what was written within this time before now would be lost."""
        told = self.record.restore
        return None if told is None or told.lost_seconds is None else timedelta(seconds=told.lost_seconds)

    @property
    def within_rpo(self) -> bool | None:
        """Whether the loss is one the register allows; None where either is not known."""
        rpo = duration(self.asset.rpo)
        return None if rpo is None or self.lost is None else self.lost <= rpo

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types: the dry run's record, and what the ledger adds."""
        proven = self.point.proven_at if self.point else None
        return {
            **self.record.as_dict(),
            "proven_at": f"{proven:%Y-%m-%dT%H:%M:%SZ}" if proven else None,
            "rpo": self.asset.rpo,
            "within_rpo": self.within_rpo,
            "past": [one.as_dict() for one in self.past],
            "drills": [one.as_dict() for one in self.drills],
        }

    def text(self, called: Callable[[str], str] = str) -> str:
        """The plan for people; ``called`` says what the office calls a point."""
        return "\n".join(f"{word:9} {text}" for word, text in self.rows(called))

    def rows(self, called: Callable[[str], str] = str) -> Iterator[tuple[str, str]]:
        """A word and what there is to say about it, line for line."""
        told = self.record.restore
        yield "asset", f"{self.asset.id} on {self.record.host}" + (f" ({self.asset.title})" if self.asset.title else "")
        if self.record.point:
            yield "point", f"{called(self.record.point)}, {self._proof()}"
        if told is None or not self.possible:
            yield "refused" if self.record.outcome == "refused" else "failed", self.record.message
            if self.record.hint:
                yield "do", self.record.hint
            return
        yield "stops", ", ".join(told.services) or "no service (the register names none that runs)"
        yield "replaces", ", ".join(f"{name} {value}" for name, value in sorted((told.place or {}).items()))
        yield from self._changes()
        if told.stays:
            yield "stays", f"{', '.join(told.stays)}: not in the point"
        yield "loses", self._loss()
        free = "" if told.free_bytes is None else f" of {size(told.free_bytes)} that are free"
        yield "needs", f"{size(told.needed_bytes)}{free} beside the living data, and a safety copy of it in a store"
        yield "takes", self._time()

    def _changes(self) -> Iterator[tuple[str, str]]:
        told = self.record.restore.difference if self.record.restore else None
        if told is None:
            return
        secret = f" ({told.hidden} of them in secrets, not shown)" if told.hidden else ""
        yield "changes", f"{told.removed} lines go, {told.added} lines come{secret}"
        yield from (("", line) for line in told.lines)
        if told.cut:
            yield "", "... and more"

    def _proof(self) -> str:
        if self.point is None:
            return "which the ledger does not know"
        proven = self.point.proven_at
        return f"proven {proven:%Y-%m-%d %H:%M} UTC" if proven else "never proven by reading it back"

    def _loss(self) -> str:
        if self.lost is None:
            return "not known"
        since = self.record.started_at - self.lost
        rule = {None: "", True: f", within the RPO of {self.asset.rpo}", False: f", MORE than the RPO {self.asset.rpo}"}
        return f"what was written since {since:%Y-%m-%d %H:%M} UTC ({span(self.lost)}{rule[self.within_rpo]})"

    def _time(self) -> str:
        if self.past:
            last = self.past[-1]
            down = last.restore.downtime_seconds if last.restore else None
            still = f", {span(timedelta(seconds=down))} of it without services" if down is not None else ""
            return f"{span(timedelta(seconds=last.seconds))} on {last.started_at:%Y-%m-%d}{still}"
        if self.drills:
            last = self.drills[-1]
            return f"{NEVER}; into a fresh place {span(timedelta(seconds=last.seconds))} on {last.started_at:%Y-%m-%d}"
        return f"not known: {NEVER}"


def restore_plan(asset: Asset, record: Evidence, points: Sequence[Point], records: Sequence[Evidence]) -> RestorePlan:
    """Put a dry run's record together with what the ledger knows: all its points, and all its evidence in order."""
    done = [one for one in records if one.asset == asset.id and one.action == "restore" and one.succeeded]
    return RestorePlan(
        asset,
        record,
        next((one for one in points if one.id == record.point), None),
        tuple(one for one in done if one.restore and one.restore.mode == "replace"),
        tuple(one for one in done if not one.restore),
    )
