"""The keys of the stores: who holds shares of each, when it was changed, and when it was last tried.

A key is a file of ``secrets/`` that stores of the inventory read their password from. The ledger never holds a key,
nor anything made from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sopwrap.case import Actor, Entry
from sopwrap.errors import UsageError
from sopwrap.ledger import Draft, Ledger
from sopwrap.office import Office
from sopwrap.records import stamp
from sopwrap.register import Store
from sopwrap.statement import Statement

ESCROWED, ROTATED, DRILLED = "key.escrowed", "key.rotated", "key.drilled"
KINDS = (ESCROWED, ROTATED, DRILLED)
QUARTER = timedelta(days=92)
"""How long a drill is good for: four times a year is what an office owes its keys."""


@dataclass(frozen=True)
class StoreKey:
    """One key and what the ledger tells of it; ``holders`` have the shares that open it as it is now.

    ``drilled_at`` is when a restore with shares alone last succeeded since they were printed.
    """

    file: str
    stores: tuple[str, ...]
    holders: tuple[Actor, ...] = ()
    threshold: int = 0
    escrowed_at: datetime | None = None
    rotated_at: datetime | None = None
    drilled_at: datetime | None = None
    trouble: str = ""
    drills: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def drill_due_at(self) -> datetime | None:
        """When its shares have to be tried again, or for the first time; None where nobody holds any."""
        tried = self.drilled_at or self.escrowed_at
        return tried + QUARTER if tried else None

    def opens_without(self, lost: Iterable[str]) -> bool:
        """Whether enough shares are left when these people (ids) are gone."""
        gone = set(lost)
        return bool(self.threshold) and sum(one.id not in gone for one in self.holders) >= self.threshold

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        times = {name: getattr(self, name) for name in ("escrowed_at", "rotated_at", "drilled_at", "drill_due_at")}
        return {
            "key": self.file,
            "stores": list(self.stores),
            "holders": [one.id for one in self.holders],
            "threshold": self.threshold,
            **{name: stamp(at) if at else None for name, at in times.items()},
            "trouble": self.trouble,
            "drills": list(self.drills),
        }


def store_keys(stores: Mapping[str, Store], entries: Iterable[Entry]) -> list[StoreKey]:
    """Every key the register's stores are opened with; ``entries`` are the ledger's lines of KINDS, in its order."""
    told = list(entries)
    files: dict[str, list[str]] = {}
    for name, store in stores.items():
        if store.key:
            files.setdefault(store.key, []).append(name)
    return [_state(file, names, [one for one in told if one.data["key"] == file]) for file, names in files.items()]


def known_keys(ledger: Ledger, stores: Mapping[str, Store]) -> list[StoreKey]:
    """The same by what an office's ledger tells."""
    lines = [entry for kind in KINDS for entry in ledger.of_kind(kind)]
    return store_keys(stores, sorted(lines, key=lambda entry: entry.seq))


def key_named(keys: Sequence[StoreKey], name: str) -> StoreKey:
    """The key of this file (with or without its ending); raise UsageError naming those there are."""
    for one in keys:
        if name in (one.file, one.file.removesuffix(".key")):
            return one
    known = ", ".join(one.file for one in keys) or "none"
    raise UsageError(
        f"No store of the inventory reads its password from a file {name} of secrets/.", f"Known: {known}."
    )


def note_escrow(
    ledger: Ledger, office: Office, key: str, threshold: int, holders: Sequence[str], word: Statement
) -> None:
    """Write down who got the shares that were just printed."""
    people = [Statement(one, "").actor(office).model_dump(mode="json", exclude_none=True) for one in holders]
    ledger.append(None, [Draft(ESCROWED, {"key": key, "threshold": threshold, "holders": people, **word.told(office)})])


def note_rotation(ledger: Ledger, office: Office, key: str, word: Statement) -> None:
    """Write down that the stores are opened by another key from now on: shares of the former one open nothing."""
    ledger.append(None, [Draft(ROTATED, {"key": key, **word.told(office)})])


def note_drill(ledger: Ledger, office: Office, key: str, facts: Mapping[str, Any], word: Statement) -> None:
    """Write down how a drill went: ``facts`` are asset, store, point, shares (how many), ok and message."""
    ledger.append(None, [Draft(DRILLED, {"key": key, **facts, **word.told(office)})])


def _state(file: str, stores: Sequence[str], entries: Sequence[Entry]) -> StoreKey:
    found: dict[str, Any] = {}
    drills = []
    for entry in entries:
        data = entry.data
        if entry.kind == ROTATED:
            found = {"rotated_at": entry.at}
        elif entry.kind == ESCROWED:
            holders = tuple(Actor.model_validate(one) for one in data["holders"])
            fresh = {"holders": holders, "threshold": data["threshold"], "escrowed_at": entry.at}
            found = {"rotated_at": found.get("rotated_at"), **fresh}
        else:
            told = {name: data[name] for name in ("asset", "store", "point", "shares", "ok", "message")}
            drills.append({"at": stamp(entry.at), **told})
            found |= {"drilled_at": entry.at, "trouble": ""} if data["ok"] else {"trouble": data["message"]}
    return StoreKey(file, tuple(stores), drills=tuple(drills), **found)
