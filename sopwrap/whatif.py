"""What comes back when a place burns down or a person has left: from where, with which key, in what time. Pure.

What nobody has said is not counted on: an external medium without a place is taken for lost as soon as any place is,
and a restore that was never measured has no time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sopwrap.case import Asset
from sopwrap.errors import UsageError
from sopwrap.history import AssetPast, Backup, History
from sopwrap.medium import Medium
from sopwrap.persons import Person
from sopwrap.points import duration
from sopwrap.store_keys import StoreKey


@dataclass(frozen=True)
class Ground:
    """What an office has: its own ``place``, where servers, internal stores and ``secrets/`` are; its people, the media
    by store, the keys by store, and its past."""

    place: str
    people: Sequence[Person]
    media: Mapping[str, Medium]
    keys: Mapping[str, StoreKey]
    history: History


@dataclass(frozen=True)
class Lost:
    """The places and the people (ids) that are gone."""

    places: frozenset[str]
    people: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What becomes of one asset: the newest point that can be restored, its store and key, and the time it takes.

    ``live`` is true where the asset itself is not touched; ``seconds`` is how long its last restore took, ``age`` what
    would be missing. ``remarks`` say what stands in the way.
    """

    asset: Asset
    live: bool
    point: Backup | None
    store: str | None
    where: str
    key: str
    seconds: float | None
    age: timedelta | None
    remarks: tuple[str, ...]

    @property
    def comes_back(self) -> bool:
        """Whether a point is left that somebody can open, or nothing has to be brought back."""
        return self.live or self.point is not None

    @property
    def in_time(self) -> bool | None:
        """Whether that is within the asset's RTO; None where the time or the RTO is not known."""
        allowed = duration(self.asset.rto)
        if self.seconds is None or allowed is None or self.point is None:
            return None
        return self.seconds <= allowed.total_seconds()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types; ``age`` in seconds."""
        return {
            "asset": self.asset.id,
            "live": self.live,
            "comes_back": self.comes_back,
            "point": self.point.id if self.point else None,
            "proven": bool(self.point and self.point.proven),
            "store": self.store,
            "where": self.where,
            "key": self.key,
            "seconds": self.seconds,
            "in_time": self.in_time,
            "age_seconds": None if self.age is None else round(self.age.total_seconds()),
            "remarks": list(self.remarks),
        }


def lost(words: Sequence[str], ground: Ground) -> Lost:
    """Tell places and people apart; raise UsageError for a word that is neither in the inventory nor in office.yml."""
    places = {ground.place, *(one.place for one in ground.media.values() if one.place)} - {""}
    known = {place.casefold(): place for place in places}
    people = {name.casefold(): one.id for one in ground.people for name in (one.id, one.name)}
    gone_places, gone_people = set(), set()
    for word in words:
        place, person = known.get(word.casefold()), people.get(word.casefold())
        if place is None and person is None:
            told = (
                f"Places: {', '.join(sorted(places)) or 'none'}; people: {', '.join(one.id for one in ground.people)}."
            )
            raise UsageError(f"{word} is neither a place of the inventory nor a person of office.yml.", told)
        gone_places |= {place} if place else set()
        gone_people |= {person} if person and not place else set()
    return Lost(frozenset(gone_places), frozenset(gone_people))


def consequences(assets: Sequence[Asset], ground: Ground, gone: Lost, now: datetime) -> list[Answer]:
    """What becomes of every asset."""
    return [_answer(asset, ground, gone, now) for asset in assets]


def _answer(asset: Asset, ground: Ground, gone: Lost, now: datetime) -> Answer:
    past = ground.history.asset(asset.id)
    live = ground.place not in gone.places
    remarks: list[str] = []
    ways = {store: _key(store, ground, gone) for store in _left(past, ground, gone, remarks)}
    remarks += [f"{store}: nobody can open it" for store, key in ways.items() if not key]
    usable = [(point, store) for point in reversed(past.points) for store in point.stores if ways.get(store)]
    proven = [one for one in usable if one[0].proven]
    point, store = next(iter(proven or usable), (None, None))
    if point is None or store is None:
        return Answer(asset, live, None, None, "", "", None, None, tuple(remarks or ["there is no point of it"]))
    if not proven:
        remarks.append("it was never proven")
    if past.restore_seconds is None:
        remarks.append("a restore of it was never measured")
    remarks += _errand(ground.media.get(store), ground, gone)
    where = _place(store, ground) or "place not stated"
    age = now - point.taken_at
    return Answer(asset, live, point, store, where, ways[store], past.restore_seconds, age, tuple(remarks))


def _left(past: AssetPast, ground: Ground, gone: Lost, remarks: list[str]) -> list[str]:
    """The stores with points of an asset that are still there."""
    left = []
    for store in dict.fromkeys(store for point in reversed(past.points) for store in point.stores):
        place = _place(store, ground)
        if place in gone.places:
            continue
        if not place and gone.places:
            remarks.append(f"{store}: nobody has said where it is, so it is not counted on")
        else:
            left.append(store)
    return left


def _place(store: str, ground: Ground) -> str:
    """Where a store is: its medium's place, or the office's for one on the server itself; empty where unknown."""
    medium = ground.media.get(store)
    if medium is None:
        return ""
    return medium.place or (ground.place if medium.placement == "internal" else "")


def _key(store: str, ground: Ground, gone: Lost) -> str:
    """With what the store is opened: the office's own file, or the shares that are left; empty where with nothing."""
    key = ground.keys.get(store)
    if ground.place not in gone.places:
        return f"secrets/{key.file}" if key else "the inventory's password"
    if key is None or not key.opens_without(gone.people):
        return ""
    left = ", ".join(one.id for one in key.holders if one.id not in gone.people)
    tried = "" if key.drilled_at else ", never drilled"
    return f"{key.threshold} shares of {key.file} ({left}{tried})"


def _errand(medium: Medium | None, ground: Ground, gone: Lost) -> list[str]:
    names = {one.name for one in ground.people if one.id in gone.people} | gone.people
    if medium is None or medium.custodian not in names:
        return []
    return [f"{medium.custodian} had {medium.carrier}: somebody else has to fetch it"]
