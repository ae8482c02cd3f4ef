# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy recovery points from one store to another and prove that the far side holds the same."""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.job import Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full
from ansible_collections.sopwrap.backup.plugins.module_utils.shortage import require_room, shortage
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store


def copy_points(near: Store, far: Store, traces: dict[str, Trace], fresh: bool = False) -> None:
    """Copy points (id -> the action that writes the record) from one store to another in one call.

    `fresh` says that the near store has changed since it was last listed. The manifests are sent last, so that a point
    exists on the far side only when it is whole there.
    """
    first = next(iter(traces.values()))
    sent = first.attempt(_send, near, far, traces, fresh)
    if sent is None:
        failed = first.job.records[-1]
        for trace in list(traces.values())[1:]:
            trace.close(failed["outcome"], failed["message"], failed["hint"])
        return
    for point, trace in traces.items():
        trace.attempt(_prove, trace, near, point, point in sent)


def _send(near: Store, far: Store, points: dict[str, Trace], fresh: bool) -> set[str]:
    """Return the points that were not on the far side before."""
    far.admit(writing=True)
    if fresh:
        near.look()
    there = {entry.id for entry in far.entries() if entry.manifest} if not fresh and far.exists() else set()
    wanted = [entry for entry in near.entries() if entry.id in points and entry.id not in there]
    if wanted:
        snapshots = _in_order(wanted)
        sizes = [points[entry.id].known.get("size_bytes") for entry in wanted]
        at_most = None if None in sizes else sum(sizes)
        require_room(far, [entry.asset for entry in wanted], at_most, lambda: near.restic.size_of(snapshots))
        far.ensure()
        try:
            far.restic.copy_from(near.restic, snapshots)
        except Full as full:
            raise shortage(far, full, near.restic.size_of(snapshots)) from None
        far.look()
    return {entry.id for entry in wanted}


def _in_order(entries: list[Entry]) -> list[str]:
    """The ids of all snapshots of some points, each once, data before manifests."""
    data = [snapshot["id"] for entry in entries for snapshot in entry.snapshots if snapshot is not entry.manifest]
    manifests = [entry.manifest["id"] for entry in entries if entry.manifest]
    return list(dict.fromkeys([*data, *manifests]))


def _prove(trace: Trace, near: Store, point: str, sent: bool) -> None:
    """Compare the trees of a point in both stores: restic names a tree by what it holds, down to the last byte.

    Like a backup, a copy counts as a change only when the store has not got that content already.
    """
    far = trace.store
    here = next(entry for entry in near.entries() if entry.id == point)
    if sent and far.restic.folder is None:
        far.require_kept(here.asset, point)
    there = next((entry for entry in far.entries() if entry.id == point and entry.manifest), None)
    if there is None or _trees(here) != _trees(there):
        raise Problem(
            f"The point {point} in {far.name} is not the same as in {near.name}.",
            "Copy it again, and check the medium.",
        )
    left = far.unfinished(here.asset)
    if left:
        far.restic.sweep(left)
    count = len(here.snapshots)
    previous = far.newest(here.asset, but=point)
    same = not sent or (previous is not None and previous.content == here.content)
    trace.close(
        "unchanged" if same else "ok",
        f"{point} is in {far.name} as it is in {near.name}.",
        point=point,
        fingerprint=here.content,
        tool={"name": "restic", "version": far.restic.version()},
        verify={"method": "tree", "ok": True, "detail": f"{count} snapshots have equal trees in both stores"},
        free_bytes=far.restic.free_bytes(),
    )


def _trees(entry: Entry) -> list[Any]:
    return sorted(snapshot["tree"] for snapshot in entry.snapshots)
