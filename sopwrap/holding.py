"""Points that somebody wants kept whatever the retention says: evidence of an incident, an audit, a court case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sopwrap.case import Actor, Entry
from sopwrap.errors import UsageError
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.permits import read, stamp
from sopwrap.statement import Statement, require_letter

HELD, RELEASED = "point.held", "point.released"


@dataclass(frozen=True)
class PointHold:
    """Since when and why a point is held, and on whose word."""

    point: str
    at: datetime
    reason: str
    actor: Actor
    stated_by: str
    letter: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        who = {"person": self.actor.id, "name": self.actor.name, "stated_by": self.stated_by, "letter": self.letter}
        return {"point": self.point, "since": f"{self.at:%Y-%m-%dT%H:%M:%SZ}", "reason": self.reason, **who}


def holds(entries: Iterable[Entry]) -> dict[str, PointHold]:
    """The holds that stand after these lines of the ledger (of both kinds, in its order), by point."""
    found: dict[str, PointHold] = {}
    for entry in entries:
        point = entry.data["point"]
        if entry.kind == RELEASED:
            found.pop(point, None)
        else:
            actor = Actor.model_validate(entry.data["actor"])
            told = (entry.data["note"], actor, entry.data["stated_by"], entry.data["letter"])
            found[point] = PointHold(point, entry.at, *told)
    return found


def standing_holds(ledger: Ledger) -> dict[str, PointHold]:
    """The holds that stand in this ledger now."""
    lines = [*ledger.of_kind(HELD), *ledger.of_kind(RELEASED)]
    return holds(sorted(lines, key=lambda entry: entry.seq))


def permitted(ledger: Ledger, now: datetime) -> set[str]:
    """The points that a permit may still bring back into use: destroying one would take the permit's ground away."""
    signed = [read(entry.data["text"]).permit for entry in ledger.of_kind("permit")]
    return {one.point for one in signed if one.not_after >= stamp(now)}


def hold(ledger: Ledger, office: Office, point: str, word: Statement) -> None:
    """Hold a point; the statement's note is the reason, and there has to be one."""
    _write(ledger, office, HELD, point, word)


def release(ledger: Ledger, office: Office, point: str, word: Statement) -> None:
    """Let a held point go by the rules again; raise UsageError for one that nobody holds."""
    if point not in standing_holds(ledger):
        raise UsageError(f"Nobody holds the point {point}.", "See `sopwrap point list`.")
    _write(ledger, office, RELEASED, point, word)


def _write(ledger: Ledger, office: Office, kind: str, point: str, word: Statement) -> None:
    if not word.note.strip():
        raise UsageError("A reason is needed.", "Say it with --reason TEXT.")
    require_letter(office.person(word.person), word.letter)
    ledger.append(None, [Draft(kind, {"point": point, **word.told(office)})])
