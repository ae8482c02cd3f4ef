"""Which recovery point a case restores, and where to: from what people stated and what the ledger can prove. Pure.

A restore goes into a fresh place, or, where people state that it shall be in place (`IN_PLACE`), onto the living data:
then the host wants a permit (docs/how-to/restore.md). It begins only where somebody other than who asked for it
has had a part in the case; a procedure that leaves that out restores nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sopwrap.case import Asset, Case
from sopwrap.catalogue import catalogue
from sopwrap.flow import SOURCE
from sopwrap.formvalues import IN_PLACE
from sopwrap.points import Point
from sopwrap.records import stamp


@dataclass(frozen=True)
class Source:
    """What of one asset is restored where. ``asked``: somebody named the point; ``against``: why it cannot be done."""

    asset: str
    point: str | None = None
    taken_at: datetime | None = None
    proven_at: datetime | None = None
    place: str | None = None
    asked: bool = False
    against: str = ""

    @property
    def sentence(self) -> str:
        """The choice in words."""
        why = "as asked for" if self.asked else "the newest proven one" if self.proven_at else "the newest one"
        proven = "" if self.proven_at else ", never proven by reading it back"
        return f"{self.asset}: {self.point} ({why}{proven}) into {self.place}"

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        times = {name: stamp(at) if (at := getattr(self, name)) else None for name in ("taken_at", "proven_at")}
        return {**asdict(self), **times}


def source(case: Case, asset: Asset, known: Sequence[Point]) -> Source:
    """Given an asset of the case and its points (the newest first), return what is to be restored, or why nothing."""
    wanted, place = stated(case, "point"), stated(case, "place")
    if not approved(case):
        return Source(asset.id, against="nobody but who asked for it has had a part in this case")
    taken = chosen(wanted, known)
    if taken is None:
        what = f"the ledger knows no point {wanted} of it" if wanted else "the ledger knows no point of it"
        return Source(asset.id, against=what)
    found = Source(asset.id, taken.id, taken.taken_at, taken.proven_at, place, bool(wanted))
    if place is None:
        return Source(**{**asdict(found), "against": "no fresh place to restore it into was stated"})
    return found


def approved(case: Case) -> bool:
    """Whether somebody other than who began the case signed or decided something in it."""
    done = [one for view in case.steps for one in view.rounds if one.finished_at and one.actor]
    first = case.step(case.procedure.first.id)
    asking = {one.actor.id for one in first.rounds if one.actor}
    return any(one.actor and one.actor.id not in asking for one in done)


def stated(case: Case, kind: str) -> str | None:
    """What people stated in a field of a kind (point, place), the latest; None where nobody did."""
    told = []
    for paper in catalogue().values():
        for view in case.steps:
            for one in view.rounds:
                values = one.form.get(paper.id, {})
                told += [
                    (one.line or 0, values[field.id])
                    for field in paper.fields
                    if field.kind == kind and field.id in values
                ]
    return max(told)[1] if told else None


def target(place: str) -> dict[str, Any]:
    """The place as restore playbooks take it: a path is a file or folder, any other word the name of a database."""
    if place == IN_PLACE:
        return {"replace": True}
    return {"path": place} if place.startswith("/") else {"database": place}


def source_of(case: Case) -> dict[str, tuple[str, dict[str, Any]]]:
    """Asset → point and target of the restore the case stands at, as last looked up."""
    facts = next(one.facts for one in reversed(case.findings) if one.lookup == SOURCE)
    return {one["asset"]: (one["point"], target(one["place"])) for one in facts["assets"] if not one["against"]}


def chosen(wanted: str | None, known: Sequence[Point]) -> Point | None:
    """The point that is asked for, or else the newest proven one, or the newest; None where there is none of these."""
    if wanted:
        return next((one for one in known if one.id == wanted), None)
    return next((one for one in known if one.proven_at), known[0] if known else None)
