# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one module call was asked to do, and the evidence it collects while doing it."""

from __future__ import annotations

import hashlib
import os
import socket
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ansible_collections.sopwrap.backup.plugins.module_utils import own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import record, utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

Result = TypeVar("Result")


@dataclass
class Job:
    """One call: which assets and stores, for which case, and whether only to look (`check`).

    `point` is empty for the newest, `target` is where a restore goes, `options` are all of the module's options.
    `records` grows by one for every asset, store and action.
    """

    host: str
    assets: list[Asset]
    stores: dict[str, Store]
    case: dict[str, Any] = field(default_factory=dict)
    point: str = ""
    target: dict[str, Any] = field(default_factory=dict)
    check: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    held: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        own = own_folders.known(self.stores.values())
        self.assets = [{**asset, **own} for asset in self.assets]

    def trace(self, action: str, asset: Asset | None, store: str | None) -> Trace:
        """Begin an action."""
        return Trace(self, action, asset, self.store(store) if store else None)

    def store(self, name: str) -> Store:
        """Return a store by its id in the inventory."""
        if name not in self.stores:
            raise Problem(f"The store {name} is not in sopwrap_stores.", "Add it, or correct the asset.", refused=True)
        return self.stores[name]

    def hold(self, asset: Asset) -> None:
        """Keep a second backup of this asset on this host away until the call ends, however it ends.

        The name of a socket without a file is the lock: the kernel drops it with the process. The repository is part of
        the name, since another office on this host may have an asset of the same id.
        """
        repository = self.store(asset["stores"][0]).restic.repository
        name = hashlib.sha256(f"{asset['id']} {repository}".encode()).hexdigest()
        lock = self.held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        try:
            lock.bind(f"\0sopwrap/{name}")
        except OSError:
            raise Problem(
                f"Another backup of {asset['id']} is running on this host.", "Wait for it to end.", refused=True
            ) from None


class Trace:
    """One action on one asset in one store, from its beginning to its record.

    `remark` is what the record has to tell beside, whatever comes of the action.
    """

    def __init__(self, job: Job, action: str, asset: Asset | None, store: Store | None) -> None:
        self.job = job
        self.action = action
        self.asset: Asset = asset or {}
        self._store = store
        self.known: dict[str, Any] = {}
        self.remark = ""
        self.started_at = utc_stamp()

    @property
    def store(self) -> Store:
        """The store the action is about."""
        if self._store is None:
            raise ValueError("this action is about no store")
        return self._store

    def move(self, store: Store) -> None:
        """Go on with another store (a restore that found the first one unusable)."""
        self._store = store

    def close(self, outcome: str, message: str, hint: str | None = None, **known: Any) -> None:
        """Write the record."""
        store = self._store
        place = {}
        if store is not None:
            place = {"store": store.name, "placement": store.placement, "medium": store.label}
            place["store_id"] = store.known_identity()
        made = record(
            self.action,
            self.asset.get("host") or self.job.host,
            self.job.case,
            self.started_at,
            **{"asset": self.asset.get("id"), "kind": self.asset.get("kind"), **place, **self.known, **known},
            outcome=outcome,
            message=f"{message} {self.remark}".strip(),
            hint=hint,
        )
        self.job.records.append(made)

    def fail(self, problem: Problem) -> None:
        """Write the record of an action that did not succeed."""
        self.close("refused" if problem.refused else "failed", problem.message, problem.hint)

    def attempt(self, work: Callable[..., Result], *arguments: Any) -> Result | None:
        """Do something for this action; when it raises, write that as the record and return None."""
        try:
            return work(*arguments)
        except Problem as problem:
            self.fail(problem)
        except Exception as error:  # noqa: BLE001 - one asset's trouble must not take the others with it
            self.fail(unexpected(error))
        return None


def unexpected(error: Exception) -> Problem:
    """Name a programming error by type and place only: its text could hold anything."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)} line {place.lineno}"
    detail = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return Problem(f"An unexpected {type(error).__name__} in {where}{detail}.", "Report this as an error of sopwrap.")


def human(size: int) -> str:
    """Write a number of bytes the way people read it, with decimal units."""
    number = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
