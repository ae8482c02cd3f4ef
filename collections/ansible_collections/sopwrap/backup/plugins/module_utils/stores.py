# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with stores as a whole: copy, read back, bring back, list, and look at their media."""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry
from ansible_collections.sopwrap.backup.plugins.module_utils.medium import check_medium
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store
from ansible_collections.sopwrap.backup.plugins.module_utils.transfer import copy_points


def copy(job: Job) -> None:
    """Copy the newest (or the named) point of every asset from its first store to its further ones."""
    for asset in job.assets:
        for further in asset["stores"][1:]:
            _bring(job.trace("copy", asset, further), asset["stores"][0])


def restore(job: Job) -> None:
    """Bring the newest (or the named) point of every asset from `target.from` into the store `target.store`.

    That store must hold no point of the asset: this is for a store that was lost and begins anew.
    """
    far, near = job.target.get("store"), job.target.get("from")
    if not far or not near or far == near:
        raise Problem(
            "The target names no two stores.",
            "Give the store to fill and the one to read: {store: ID, from: ID}.",
            refused=True,
        )
    for asset in job.assets:
        trace = job.trace("restore", asset, far)
        if trace.attempt(_require_fresh, trace.store, asset["id"]):
            _bring(trace, near)


def _require_fresh(store: Store, asset: str) -> bool:
    store.admit(writing=True)
    if store.exists() and store.newest(asset):
        raise Problem(
            f"The store {store.name} holds recovery points of {asset} already.",
            "Use copy_points to bring further points over.",
            refused=True,
        )
    return True


def _bring(trace: Trace, near: str) -> None:
    """Copy one point into the action's store and write its record."""
    source = trace.job.store(near)
    entry = trace.attempt(_find, trace, source)
    if entry is None:
        return
    trace.known["point"] = entry.id
    if trace.job.check:
        trace.attempt(_plan, trace, near)
        return
    copy_points(source, trace.store, {entry.id: trace})


def _plan(trace: Trace, near: str) -> None:
    trace.store.admit(writing=True)
    trace.close("planned", f"{trace.known['point']} can be copied from {near} to {trace.store.name}.")


def _find(trace: Trace, source: Store) -> Entry:
    source.admit(writing=False)
    return source.find(trace.asset["id"], trace.job.point)


def verify(job: Job) -> None:
    """Read every store the assets name back as a whole, and the manifests of their newest points."""
    for store in job.stores.values():
        trace = job.trace("verify", None, store.name)
        trace.attempt(_verify, job, trace)


def _verify(job: Job, trace: Trace) -> None:
    store = trace.store
    store.admit(writing=False)
    mine = [asset["id"] for asset in job.assets if store.name in asset["stores"]]
    if job.check:
        store.entries()
        trace.close("planned", f"The store {store.name} can be read back.")
        return
    with Beside(_manifests, store, mine) as reading:
        store.restic.check()
        points = reading.result()
    trace.close(
        "ok",
        f"The store {store.name} was read back whole.",
        items=points,
        tool={"name": "restic", "version": store.restic.version()},
        verify={
            "method": "restic check --read-data",
            "ok": True,
            "detail": f"every byte of the store and {points} manifests were read",
        },
    )


def _manifests(store: Store, assets: list[str]) -> int:
    """Read the manifests of the assets' newest points; return how many there are."""
    points = [entry for entry in map(store.newest, assets) if entry]
    for entry in points:
        store.manifest(entry)
    return len(points)


def check_media(job: Job) -> None:
    """Look whether the medium of every store that has one is there, is the right one, and can be written."""
    for store in job.stores.values():
        if store.medium:
            trace = job.trace("check_media", None, store.name)
            trace.attempt(_check_disk if store.restic.folder is not None else _check_server, trace, store.medium)


def _check_disk(trace: Trace, medium: dict[str, Any]) -> None:
    free = check_medium(medium, writing=True)
    detail = f"label and uuid are those of the inventory, {free} bytes are free"
    trace.close(
        "ok",
        f"The medium {medium['label']} is at {medium['path']} and can be written.",
        verify={"method": "label", "ok": True, "detail": detail},
        free_bytes=free,
    )


def _check_server(trace: Trace, medium: dict[str, Any]) -> None:
    """A server is in order when it lets us in and its store opens, or has none yet."""
    store = trace.store
    store.admit(writing=True)
    there = store.exists()
    proof = {"method": "opened", "ok": True, "detail": "its store opens" if there else "it holds no store yet"}
    message = f"The server of the medium {medium['label']} answers; {proof['detail']}."
    trace.close("ok", message, verify=proof, free_bytes=store.restic.free_bytes())


def list_points(job: Job) -> list[dict[str, Any]]:
    """Return the finished points of the assets in all their stores, oldest first; a store that fails gives a record."""
    found: list[dict[str, Any]] = []
    for store in job.stores.values():
        trace = job.trace("verify", None, store.name)
        entries = trace.attempt(_entries, store)
        mine = {asset["id"] for asset in job.assets if store.name in asset["stores"]}
        found += [_row(store, entry) for entry in entries or [] if entry.asset in mine and entry.manifest]
    return sorted(found, key=lambda row: (row["asset"], row["created_at"], row["store"]))


def _entries(store: Store) -> list[Entry]:
    store.admit(writing=False)
    return store.entries()


def _row(store: Store, entry: Entry) -> dict[str, Any]:
    return {
        "point": entry.id,
        "asset": entry.asset,
        "kind": entry.kind,
        "host": entry.host,
        "created_at": entry.taken_at.replace("Z", ".000000Z"),
        "store": store.name,
        "placement": store.placement,
        "medium": store.label,
        "store_id": store.known_identity(),
        "fingerprint": entry.content,
        "purpose": entry.purpose,
    }
