"""What the ledger's lines tell of each asset and store over time: a compact fold that can go on where it stopped.

Pure. `status`, the board, the metrics and the weighing of sizes are made from it. It holds what they need and no more
(the last ``KEPT`` points of an asset, one number a day of a store's room), so that a ledger of many years stays small.
Its plain form (``as_plain``/``from_plain``) is what sopwrap.history_file keeps between two commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.points import DESTROYED, PROVING, STORED

KEPT = 120
"""Points of an asset, and days of a store, that are remembered one by one."""

KINDS = ("evidence", "odd", "released", "decision", "case.opened", "case.closed")
"""The kinds of line that are told here; ``BARE`` are those whose data is not needed."""
BARE = ("case.opened",)


@dataclass(slots=True)
class Backup:
    """One recovery point. ``stores`` are the stores it lies in; ``odd`` says why a person must look at its size."""

    id: str
    asset: str
    case: str | None
    at: str
    seconds: float
    size_bytes: int | None
    stored_bytes: int | None
    items: int | None
    rows: int | None
    stores: list[str] = field(default_factory=list)
    proven: str | None = None
    odd: str = ""

    @property
    def taken_at(self) -> datetime:
        """When it was begun."""
        return moment(self.at)

    @property
    def proven_at(self) -> datetime | None:
        """When it was last read back well; None when it never was, or when the last attempt failed."""
        return None if self.proven is None else moment(self.proven)


@dataclass(slots=True)
class AssetPast:
    """One asset: its last points (oldest first), its last proof and who made it, its last failure, its last restore.

    ``broken``: the stores whose last reading back failed, each with when.
    """

    points: list[Backup] = field(default_factory=list)
    proven: str | None = None
    proven_case: str | None = None
    failed_at: str | None = None
    failure: str = ""
    failed_case: str | None = None
    restore_seconds: float | None = None
    broken: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class StorePast:
    """One store: where it is, and the room left at the end of each day it was written (day → bytes)."""

    name: str
    host: str
    placement: str
    medium: str | None = None
    at: str = ""
    free: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class CaseSpan:
    """When a case was opened and how it ended (``outcome`` null while it is open)."""

    opened: str
    outcome: str | None = None
    closed: str | None = None


@dataclass(slots=True)
class Day:
    """One day of the office: how many actions on assets went well and badly, and the cases that had any."""

    good: int = 0
    bad: int = 0
    cases: list[str] = field(default_factory=list)


@dataclass
class History:
    """Everything told so far; days are those of ``zone``."""

    zone: str
    assets: dict[str, AssetPast] = field(default_factory=dict)
    stores: dict[str, StorePast] = field(default_factory=dict)
    cases: dict[str, CaseSpan] = field(default_factory=dict)
    days: dict[str, Day] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._offset = ZoneInfo(self.zone)
        self._days: dict[str, str] = {}

    def take(self, kind: str, case: str | None, at: str, data: dict[str, Any]) -> None:
        """Add one line of the ledger; a kind that is not told here is passed over."""
        teller: Callable[[str | None, str, dict[str, Any]], None] | None = {
            "evidence": self._evidence,
            "odd": self._odd,
            "released": self._released,
            "decision": self._decided,
            "case.opened": self._opened,
            "case.closed": self._closed,
        }.get(kind)
        if teller is not None:
            teller(case, at, data)

    def asset(self, asset_id: str) -> AssetPast:
        """What is known of an asset; an empty past for one nothing is known of."""
        return self.assets.get(asset_id) or AssetPast()

    def accepted(self, asset_id: str, but: str | None = None) -> Backup | None:
        """The newest point of an asset whose size nobody has to look at, outside of the case ``but``."""
        points = self.asset(asset_id).points
        return next((one for one in reversed(points) if not one.odd and (but is None or one.case != but)), None)

    def _evidence(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        record = data["record"]
        if record["outcome"] == "planned":
            return
        good = record["outcome"] in ("ok", "unchanged") and (record["verify"] is None or record["verify"]["ok"])
        self._room(record)
        if record["asset"] is None:
            return
        self._day(record["finished_at"], good, case)
        past = self.assets.setdefault(record["asset"], AssetPast())
        if not good:
            past.failed_at, past.failure, past.failed_case = record["finished_at"], record["message"], case
        action, point = record["action"], record["point"]
        if action == "restore" and good:
            past.restore_seconds = _seconds(record)
        if point is None:
            return
        if action in STORED and good:
            self._stored(past, record, case)
        elif action in PROVING and record["outcome"] != "refused":
            self._proven(past, record, good, case)
        elif action == DESTROYED and record["outcome"] == "ok":
            self._destroyed(past, record)

    def _stored(self, past: AssetPast, record: dict[str, Any], case: str | None) -> None:
        known = next((one for one in reversed(past.points) if one.id == record["point"]), None)
        if known is None:
            known = Backup(
                record["point"],
                record["asset"],
                case,
                record["started_at"],
                _seconds(record),
                record["size_bytes"],
                record["stored_bytes"],
                record["items"],
                record.get("rows"),
            )
            past.points.append(known)
            del past.points[:-KEPT]
        store = record["store"] or "?"
        if store not in known.stores:
            known.stores.append(store)

    @staticmethod
    def _proven(past: AssetPast, record: dict[str, Any], good: bool, case: str | None) -> None:
        known = next((one for one in reversed(past.points) if one.id == record["point"]), None)
        if known is not None:
            known.proven = record["finished_at"] if good else None
        if good:
            past.broken.pop(record["store"] or "?", None)
            past.proven, past.proven_case = record["finished_at"], case
            return
        past.broken[record["store"] or "?"] = record["finished_at"]
        if known is not None:
            past.proven = max((one.proven for one in past.points if one.proven), default=None)

    @staticmethod
    def _destroyed(past: AssetPast, record: dict[str, Any]) -> None:
        for point in [one for one in past.points if one.id == record["point"]]:
            point.stores = [store for store in point.stores if store != (record["store"] or "?")]
            if not point.stores:
                past.points.remove(point)

    def _room(self, record: dict[str, Any]) -> None:
        free = record.get("free_bytes")
        if free is None or not record["store"]:
            return
        key = record["store_id"] or f"{record['host']}/{record['store']}"
        if record["medium"]:
            key = record["medium"]  # a disk is known before its repository is
        past = self.stores.get(key)
        if past is None:
            past = StorePast(record["store"], record["host"], record["placement"] or "", record["medium"])
            self.stores[key] = past
        past.at = record["finished_at"]
        past.free[self._local_day(record["finished_at"])] = free
        for day in list(past.free)[:-KEPT]:
            del past.free[day]

    def _day(self, at: str, good: bool, case: str | None) -> None:
        day = self.days.setdefault(self._local_day(at), Day())
        if good:
            day.good += 1
        else:
            day.bad += 1
        if case is not None and case not in day.cases:
            day.cases.append(case)

    def _local_day(self, at: str) -> str:
        """The calendar day in the office's zone; every hour is worked out once."""
        hour = at[:13]
        if hour not in self._days:
            self._days[hour] = f"{moment(at).astimezone(self._offset):%Y-%m-%d}"
        return self._days[hour]

    def _odd(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        for point in self.asset(data["asset"]).points:
            if point.id == data["point"]:
                point.odd = data["message"]

    def _released(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        if data["choice"] == "continue":
            self._accept(case)

    def _decided(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        if data.get("proposed") and data["choice"] != data["proposed"]:
            self._accept(case)

    def _accept(self, case: str | None) -> None:
        """A person went on against the finding: what was odd is what the next size is compared with."""
        for past in self.assets.values():
            for point in past.points[-3:]:
                if point.case == case:
                    point.odd = ""

    def _opened(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        self.cases[case or ""] = CaseSpan(at)

    def _closed(self, case: str | None, at: str, data: dict[str, Any]) -> None:
        known = self.cases.setdefault(case or "", CaseSpan(at))
        known.outcome, known.closed = data["outcome"], at

    def as_plain(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {
            "zone": self.zone,
            "assets": {
                key: [[list(_values(one)) for one in past.points], *_values(past)[1:]]
                for key, past in self.assets.items()
            },
            "stores": {key: asdict(past) for key, past in self.stores.items()},
            "cases": {key: _values(span) for key, span in self.cases.items()},
            "days": {key: _values(day) for key, day in self.days.items()},
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> History:
        """What ``as_plain`` gave; raise KeyError, TypeError or ValueError for anything else."""
        return cls(
            plain["zone"],
            {key: AssetPast([Backup(*one) for one in past[0]], *past[1:]) for key, past in plain["assets"].items()},
            {key: StorePast(**past) for key, past in plain["stores"].items()},
            {key: CaseSpan(*span) for key, span in plain["cases"].items()},
            {key: Day(*day) for key, day in plain["days"].items()},
        )


def moment(text: str) -> datetime:
    """A time as the ledger writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def ago(text: str | None, now: datetime) -> timedelta | None:
    """How long before ``now`` a time of the ledger was."""
    return None if text is None else now - moment(text)


def _seconds(record: dict[str, Any]) -> float:
    return (moment(record["finished_at"]) - moment(record["started_at"])).total_seconds()


def _values(one: Any) -> list[Any]:
    return [getattr(one, name) for name in one.__slots__]
