# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prove that points can be read back, and bring a point back into a fresh place."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import unproven
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace, human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Content, Kind, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Recovered
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store


def verify(job: Job, kind: Kind) -> None:
    """Read the named or newest point of every asset back from each of its stores."""
    if not job.check:
        _gather(job)
    for asset in job.assets:
        for name in asset["stores"]:
            trace = job.trace("verify", asset, name)
            trace.attempt(_verify, job, kind, trace)


def _gather(job: Job) -> None:
    """Read together what the points have in common; trouble is each point's own, when its turn comes."""
    for name in dict.fromkeys(name for asset in job.assets for name in asset["stores"]):
        with suppress(Problem):
            store = job.store(name)
            store.admit(writing=False)
            points = [_named(store, asset["id"], job.point) for asset in job.assets if name in asset["stores"]]
            store.gathered.gather([point for point in points if point])


def _named(store: Store, asset: str, point: str) -> Entry | None:
    with suppress(Problem):
        return store.find(asset, point)
    return None


def _verify(job: Job, kind: Kind, trace: Trace) -> None:
    point = _find(job, trace)
    if job.check:
        trace.close("planned", f"{point.id} can be read from {trace.store.name}.")
        return
    proven = [_check(kind, trace.asset, point, part["name"]) for part in point.manifest["parts"]]
    size = trace.known["size_bytes"]
    detail = "; ".join(clause for clause in proven if clause) or "all bytes are those that were stored"
    trace.close(
        "ok",
        f"{point.id} was read back whole from {trace.store.name}: {human(size)}.",
        verify={"method": "read back", "ok": True, "detail": detail},
    )


def _check(kind: Kind, asset: Asset, point: Recovered, part: str) -> str | None:
    with point.open(part) as stream:
        return kind.check(asset, point, part, stream)


def restore(job: Job, kind: Kind) -> None:
    """Bring one point of the only asset back into the target, from the first of its stores that can give it."""
    asset = job.assets[0]
    trace = job.trace("restore", asset, asset["stores"][0])
    killed = unproven.killed()
    trace.remark = " ".join(killed.values())
    trace.attempt(_restore, job, kind, trace)
    if not job.check:
        unproven.forget(killed)


def _restore(job: Job, kind: Kind, trace: Trace) -> None:
    point = first(job, trace)
    target = unproven.words(job.target)
    _require_fresh(kind, trace.asset, job.target)
    kind.admit(trace.asset, point, job.target)
    caveat = kind.caveat(trace.asset, point, job.target)
    note = f" {caveat}" if caveat else ""
    if job.check:
        otherwise = kind.otherwise(trace.asset, point, job.target)
        said = f" At present it differs: {otherwise}." if otherwise else ""
        trace.close("planned", f"{point.id} can be restored from {trace.store.name} into {target}.{said}{note}")
        return
    with unproven.noted(point.id, job.target):
        _bring_back(kind, trace, point, job.target, note)


def _bring_back(kind: Kind, trace: Trace, point: Recovered, target: dict[str, Any], note: str) -> None:
    """Restore the point, and hold what is there then against what was backed up."""
    place = unproven.words(target)
    kind.restore(trace.asset, point, target)
    found = kind.content(trace.asset, target)
    difference = kind.wanted(point, target).difference(found)
    proof = {"method": "fingerprint", "ok": difference is None, "detail": difference or equal(found)}
    if difference:
        trace.close(
            "failed",
            f"{point.id} was restored into {place}, but it is not what was backed up: {difference}.",
            "Do not use it; restore another point.",
            verify=proof,
        )
        return
    tried = kind.trial(trace.asset, target)
    if tried:
        proof["detail"] = f"{proof['detail']}; {tried.words}"
        proof["method"] = "fingerprint and trial" if tried.proven else proof["method"]
    trace.close("ok", f"{point.id} was restored from {trace.store.name} into {place}.{note}", verify=proof)


def _require_fresh(kind: Kind, asset: Asset, target: dict[str, Any]) -> None:
    """Refuse the living place, even when nothing is there at present: what comes there is used at once."""
    if isinstance(kind, Replaceable) and kind.is_live(asset, target):
        raise Problem(
            f"The target is the place where {asset['id']} itself lives.",
            "Restore into another place, or ask for a permit and use the target {replace: true}.",
            refused=True,
        )


def equal(content: Content) -> str:
    """Say of how many items the fingerprint is the one taken at the backup."""
    return f"{content.count} items have the fingerprint taken at the backup"


def first(job: Job, trace: Trace) -> Recovered:
    """Find the point in the asset's stores in their order; when none can give it, say why the first could not."""
    problems = []
    for name in trace.asset["stores"]:
        trace.move(job.store(name))
        try:
            return _find(job, trace)
        except Problem as problem:
            problems.append(problem)
    trace.move(job.store(trace.asset["stores"][0]))
    raise problems[0]


def _find(job: Job, trace: Trace) -> Recovered:
    """Open the action's store for reading and take the point's manifest into the record."""
    store = trace.store
    store.admit(writing=False)
    point = Recovered(store, store.find(trace.asset["id"], job.point))
    manifest = point.manifest
    parts = manifest["parts"]
    trace.known.update(
        point=point.id,
        size_bytes=sum(part["size_bytes"] for part in parts),
        sha256=parts[0]["sha256"] if len(parts) == 1 else None,
        fingerprint=manifest["content"]["digest"],
        items=manifest["content"]["count"],
        tool={"name": "restic", "version": store.restic.version()},
    )
    return point
