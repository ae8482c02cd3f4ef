# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Destroy recovery points by their names: snapshots forgotten, and what nothing needs any more pruned away.

Whoever asks has a plan; what is checked here is what only the store can know: that it is the one the points were
written to, that they share nothing with a point that stays, and that something of the asset is left.
"""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Entry, Store

ACTION = "destroy"


def destroy(job: Job) -> None:
    """Destroy the copies `target.points` names ({point, asset, store, store_id}) that lie in this call's stores."""
    wanted = job.target.get("points")
    if not wanted:
        raise Problem("The target names no points.", "Give {points: [{point, asset, store}]}.", refused=True)
    assets = {asset["id"]: asset for asset in job.assets}
    for store in job.stores.values():
        mine = [one for one in wanted if one["store"] == store.name and one["asset"] in assets]
        traces = {one["point"]: job.trace(ACTION, assets[one["asset"]], store.name) for one in mine}
        for point, trace in traces.items():
            trace.known["point"] = point
        if mine and _admitted(store, mine, traces):
            _destroy(job, store, traces)


def _admitted(store: Store, wanted: list[dict[str, Any]], traces: dict[str, Trace]) -> bool:
    """Whether the store may be touched; what stands against it becomes the record of every point."""
    first = next(iter(traces.values()))
    if first.attempt(_admit, store, {one.get("store_id") for one in wanted} - {None}):
        return True
    told = first.job.records[-1]
    for trace in list(traces.values())[1:]:
        trace.close(told["outcome"], told["message"], told["hint"])
    return False


def _admit(store: Store, identities: set[str]) -> bool:
    medium = store.medium or {}
    until = str(medium.get("immutable_until") or "")
    if until >= datetime.datetime.now(datetime.timezone.utc).date().isoformat():
        raise Problem(
            f"Nothing can be removed from the medium {store.label} until {until}.",
            "Make the plan again after that day.",
            refused=True,
        )
    if medium.get("append_only"):
        raise Problem(
            f"The store {store.name} takes additions only, so nothing is destroyed through it.",
            "Name the host that holds the storage as the store's `keeper`, and the store in that host's variables.",
            refused=True,
        )
    store.admit(writing=True)
    store.entries()
    if identities - {store.known_identity()}:
        raise Problem(
            f"The store {store.name} is not the one these points were written to.",
            "Attach the right medium, or look at the repository's path.",
            refused=True,
        )
    return True


def _destroy(job: Job, store: Store, traces: dict[str, Trace]) -> None:
    entries = {entry.id: entry for entry in store.entries()}
    doomed = {point for point in traces if point in entries}
    absent = set(traces) - doomed
    doomed -= _spared(store, entries, doomed, traces)
    if job.check:
        for point in sorted(doomed):
            traces[point].close("planned", f"{point} can be destroyed in {store.name}.")
        return
    for point in _attempted(store, [entries[point] for point in sorted(doomed)], absent, traces):
        message = f"{point} was destroyed in {store.name}."
        if point in absent:
            message = f"{point} was not in {store.name} any more."
        traces[point].close(
            "ok",
            message,
            tool={"name": "restic", "version": store.restic.version()},
            fingerprint=entries[point].content if point in entries else None,
            verify={
                "method": "listing after prune",
                "ok": True,
                "detail": "the store does not list it any more, and data that nothing needs was removed",
            },
            free_bytes=store.restic.free_bytes(),
        )


def _spared(store: Store, entries: dict[str, Entry], doomed: set[str], traces: dict[str, Trace]) -> set[str]:
    """Write the record of every point that cannot go, and return them."""
    tied = _tied(entries, doomed)
    for point, other in tied.items():
        message = f"{point} stays in {store.name}: it is stored together with {other}."
        traces[point].close("unchanged", message, "It can go when that point goes too.")
    spared = set(tied)
    for asset in {entries[point].asset for point in doomed - spared}:
        own = {entry.id for entry in entries.values() if entry.asset == asset and entry.manifest and not entry.purpose}
        if not own - (doomed - spared):
            for point in own & doomed - spared:
                problem = f"{point} stays in {store.name}: nothing else of {asset} would be left there."
                traces[point].close("refused", problem, "Back the asset up first.")
                spared.add(point)
    return spared


def _tied(entries: dict[str, Entry], doomed: set[str]) -> dict[str, str]:
    """The points that share a snapshot with a point that stays, each with one such point."""
    holders: dict[str, set[str]] = {}
    for entry in entries.values():
        for snapshot in entry.snapshots:
            holders.setdefault(snapshot["id"], set()).add(entry.id)
    tied: dict[str, str] = {}
    while True:
        staying = {
            point: min(points - (doomed - set(tied)))
            for points in holders.values()
            for point in points & (doomed - set(tied))
            if points - (doomed - set(tied))
        }
        if not staying:
            return tied
        tied.update(staying)


def _attempted(store: Store, entries: list[Entry], absent: set[str], traces: dict[str, Trace]) -> list[str]:
    """Forget, prune and look again; return the points that are gone. A failure is the record of all of them."""
    points = [*(entry.id for entry in entries), *sorted(absent)]
    if not points:
        return []
    first = traces[points[0]]
    if first.attempt(_remove, store, entries):
        return points
    told = first.job.records[-1]
    for point in points[1:]:
        traces[point].close(told["outcome"], told["message"], told["hint"])
    return []


def _remove(store: Store, entries: list[Entry]) -> bool:
    """Manifests first: a point that is only half forgotten when this breaks off is none, and is swept later."""
    manifests = [entry.manifest["id"] for entry in entries if entry.manifest]
    data = [snapshot["id"] for entry in entries for snapshot in entry.snapshots if snapshot is not entry.manifest]
    for snapshots in (manifests, data):
        if snapshots:
            store.restic.forget(list(dict.fromkeys(snapshots)))
    store.restic.prune()
    store.look()
    left = {entry.id for entry in store.entries()} & {entry.id for entry in entries}
    if left:
        raise Problem(f"The store {store.name} still lists {min(left)}.", "Look at the medium, then run again.")
    return True
