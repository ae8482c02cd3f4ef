"""What can be looked up in the ledger before a person acts: assets, recovery points, room and time, names. Pure.

Each lookup is a function of the case, what the ledger knows, and the moment; its name is what an SOP's step lists. It
finds and never decides: the person reads it, and the ledger keeps what was there to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sopwrap.capacity import proposed_start, restore_work, room, work
from sopwrap.case import Asset, Case, StepView
from sopwrap.naming import point_name
from sopwrap.points import Point, points
from sopwrap.records import Evidence, stamp
from sopwrap.restoring import source
from sopwrap.words import size

REVIEW = timedelta(days=365)
"""How often an asset's entry has to be looked through (Kaltim: at least once a year)."""

SHOWN = 5
"""Recovery points of an asset that a lookup lists, the newest first."""


@dataclass(frozen=True)
class Known:
    """What the ledger knows: every evidence record, in its order."""

    records: Sequence[Evidence]

    @cached_property
    def points(self) -> list[Point]:
        """The recovery points it tells of, the newest first."""
        return points(self.records)

    def of(self, asset: Asset) -> list[Point]:
        """The points of one asset, the newest first."""
        return [one for one in self.points if one.asset == asset.id]


Found = tuple[bool, str, dict[str, Any]]
"""Whether nothing speaks against going on, one English sentence, and the facts (JSON types)."""


def look_up(name: str, case: Case, view: StepView, known: Known, now: datetime) -> dict[str, Any]:
    """Return the data of the ledger's ``finding`` line; a name there is no lookup of says so and finds nothing."""
    found = LOOKUPS.get(name)
    ok, text, facts = (
        found(case, view, known, now) if found else (False, f"There is no lookup {name} in this version.", {})
    )
    return {"round": view.rounds[-1].number, "lookup": name, "ok": ok, "text": text, "facts": facts}


def asset_lookup(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """Whether every asset is in the register with an owner, and its entry was looked through within a year."""
    facts = [_entry(asset) | {"review_due": _review_due(asset, now)} for asset in case.concerned(view)]
    due = [one["asset"] for one in facts if one["review_due"]]
    lost = [one["asset"] for one in facts if not one["owner"]]
    said = [f"{len(facts)} in the register"]
    said += [f"not reviewed within a year: {', '.join(due)}"] if due else []
    said += [f"without an owner: {', '.join(lost)}"] if lost else []
    return not due and not lost, f"Assets: {'; '.join(said)}.", {"assets": facts, "review_days": REVIEW.days}


def catalogue_lookup(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """Which recovery points there are of each asset, whose data they are, and when they were last proven."""
    facts = []
    for asset in case.concerned(view):
        own = known.of(asset)
        facts.append(_entry(asset) | {"points": [_point(one) for one in own[:SHOWN]], "points_in_all": len(own)})
    lost = [one["asset"] for one in facts if not one["points"]]
    unproven = [one["asset"] for one in facts if one["points"] and not any(p["proven_at"] for p in one["points"])]
    said = [f"{one['asset']}: {one['points_in_all']} ({_newest(one['points'])})" for one in facts if one["points"]]
    said += [f"no point of {', '.join(lost)}"] if lost else []
    said += [f"none proven of {', '.join(unproven)}"] if unproven else []
    return not lost, f"Recovery points: {'; '.join(said)}.", {"assets": facts}


def capacity_check(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """What the work will take by the source or the last backups, what room the stores had, and when it could begin."""
    return capacity(case, case.concerned(view), known, now)


def capacity(case: Case, assets: Sequence[Asset], known: Known, now: datetime) -> Found:
    """The same for these assets, where no step is meant."""
    expected = [work(asset, known.of(asset), known.records) for asset in assets]
    stores = [room(store, known.records, expected) for store in dict.fromkeys(s for a in assets for s in a.stores)]
    seconds = sum(one.seconds or 0 for one in expected)
    restores = [restore_work(asset, known.records) for asset in assets] if case.operation == "restore" else []
    seconds += sum(one.seconds or 0 for one in restores)
    start = proposed_start(case, now, seconds)
    tight = [one.store for one in stores if one.enough is False]
    unknown = [one.asset for one in expected if one.basis is None]
    tight += [f"the place of {one.asset}" for one in restores if one.enough is False]
    said = [f"about {round(seconds)} s of work by the last times"] if seconds else []
    said += [f"{one.asset} {size(one.size_bytes)} by its {one.basis}" for one in expected if one.basis]
    said += [f"nothing is known of {', '.join(unknown)}, which a dry run would ask"] if unknown else []
    said += [f"too little room in {', '.join(tight)}"] if tight else []
    said += (
        [f"room not known in {', '.join(one.store for one in stores if one.enough is None)}"]
        if any(one.enough is None for one in stores)
        else []
    )
    said += [one.sentence for one in restores]
    facts = {
        "assets": [one.as_dict() for one in expected],
        **({"restores": [one.as_dict() for one in restores]} if restores else {}),
        "stores": [one.as_dict() for one in stores],
        "seconds": round(seconds, 3),
        "proposed_start": stamp(start),
    }
    return not tight, f"Capacity: {'; '.join([*said, f'could begin at {start:%Y-%m-%d %H:%M} UTC'])}.", facts


def point_names(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """What the recovery points made in this case are called."""
    made = points(case.evidence)
    facts = [
        {"asset": one.asset, "point": one.id, "name": point_name(one.id, case.office), "stores": list(one.stores)}
        for one in reversed(made)
    ]
    text = "; ".join(f"{one['asset']}: {one['name']}" for one in facts)
    return bool(facts), f"Names: {text}." if facts else "No recovery point was made in this case.", {"points": facts}


def restore_source(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """Which point of each asset is restored, and where to (sopwrap.restoring)."""
    found = [source(case, asset, known.of(asset)) for asset in case.concerned(view)]
    against = [f"{one.asset}: {one.against}" for one in found if one.against]
    text = "; ".join(against) if against else "; ".join(one.sentence for one in found)
    return not against, f"{text}.", {"assets": [one.as_dict() for one in found]}


def service_plan(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """Which services the machine will stop by itself at the restore, by the newest plan of it; only people may know."""
    facts: list[dict[str, Any]] = []
    for asset in case.concerned(view):
        plans = [one for one in known.records if one.asset == asset.id and one.outcome == "planned" and one.restore]
        told = plans[-1].restore if plans else None
        planned_at = stamp(plans[-1].started_at) if plans else None
        facts.append({"asset": asset.id, "services": told.services if told else [], "planned_at": planned_at})
    text = "; ".join(f"{one['asset']}: {', '.join(one['services']) or 'none that is known'}" for one in facts)
    return True, f"Services the machine stops when it replaces living data: {text}.", {"assets": facts}


def service_proof(case: Case, view: StepView, known: Known, now: datetime) -> Found:
    """Whether the machine, in this case's restore, stopped the services with nobody connected, and has them run again.

    Silence is no proof: an asset without such a record, or without services of its own, leaves the row to a person.
    """
    facts = [_services(asset, case) for asset in case.concerned(view)]
    lost = [one["asset"] for one in facts if not one["started_at"]]
    text = f"not proven for {', '.join(lost)}" if lost else "stopped for the exchange and running again"
    return not lost, f"Services: {text}.", {"assets": facts}


def _services(asset: Asset, case: Case) -> dict[str, Any]:
    """How the services of an asset stood still in the case's last restore of it; nulls where that is not known."""
    records = [one for one in case.evidence if one.asset == asset.id and one.action == "restore" and one.restore]
    told = records[-1].restore if records else None
    empty: dict[str, Any] = {"asset": asset.id, "services": [], "stopped_at": None, "started_at": None, "health": None}
    if told is None or not (told.services and told.idle and told.started_at):
        return empty
    return {**empty, **told.model_dump(include={"services", "stopped_at", "started_at", "health"})}


LOOKUPS: dict[str, Callable[[Case, StepView, Known, datetime], Found]] = {
    one.__name__: one
    for one in (
        asset_lookup,
        catalogue_lookup,
        capacity_check,
        point_names,
        restore_source,
        service_plan,
        service_proof,
    )
}


def _entry(asset: Asset) -> dict[str, Any]:
    """What the register said of an asset when the case was opened."""
    told = asset.model_dump(
        mode="json", include={"title", "host", "owner", "classification", "personal_data", "reviewed"}
    )
    return {"asset": asset.id, **told}


def _review_due(asset: Asset, now: datetime) -> bool:
    try:
        return asset.reviewed is None or now.date() - date.fromisoformat(asset.reviewed) > REVIEW
    except ValueError:
        return True


def _point(point: Point) -> dict[str, Any]:
    return {
        "point": point.id,
        "taken_at": stamp(point.taken_at),
        "proven_at": stamp(point.proven_at) if point.proven_at else None,
        "size_bytes": point.size_bytes,
        "stores": list(point.stores),
    }


def _newest(listed: list[dict[str, Any]]) -> str:
    proven = next((one["proven_at"] for one in listed if one["proven_at"]), None)
    return f"newest {listed[0]['taken_at'][:16]}Z, {f'proven {proven[:16]}Z' if proven else 'none proven'}"
