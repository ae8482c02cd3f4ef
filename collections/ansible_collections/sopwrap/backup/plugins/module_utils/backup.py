# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Back assets up: take each one in a consistent state, store it, commit the point, copy it to the further stores."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.ahead import Ahead
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import later
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace, human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Content,
    Kind,
    Problem,
    Tree,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Draft, Recovered
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Stored
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full, Incomplete, Locked
from ansible_collections.sopwrap.backup.plugins.module_utils.shortage import (
    require_room,
    shortage,
    tree_size,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store
from ansible_collections.sopwrap.backup.plugins.module_utils.storing import store_files, store_part
from ansible_collections.sopwrap.backup.plugins.module_utils.transfer import copy_points


def back_up(job: Job, kind: Kind) -> None:
    """Make one point of every asset in its first store, then copy the points to the assets' further stores.

    Points that consist of blobs alone (configurations) are stored and committed together: restic costs the same for
    one as for two hundred. All others are committed one by one, so that a run that dies keeps what it has done.
    """
    with job.held:
        done = _make_points(job, kind)
        remarks = _keep(job, kind, done)
        for draft in done:
            draft.trace.attempt(_report, draft, remarks.get(draft.trace.asset["id"], ""))
        for store in {id(draft.trace.store): draft.trace.store for draft in done}.values():
            store.remembered.add(store.restic.stored)
        _copy_further(job, done)


def safety_copy(job: Job, kind: Kind, asset: Asset) -> str:
    """Take a point of what a restore is about to replace, read it back, and return its id; raise when it is not whole.

    It lies in the asset's first store, is never taken for the newest backup, and has a record of its own.
    """
    trace = job.trace("safety", {**asset, "purpose": "safety"}, asset["stores"][0])
    try:
        trace.store.admit(writing=True)
        draft = _capture(kind, trace)
        _commit(trace.store, [draft])
        trace.store.look()
        point = Recovered(trace.store, trace.store.find(asset["id"], draft.id))
        for part in draft.parts:
            with point.open(part["name"]) as stream:
                kind.check(asset, point, part["name"], stream)
    except Problem as problem:
        trace.fail(problem)
        raise Problem(f"There is no safety copy: {problem.message}", problem.hint, refused=problem.refused) from None
    proof = {"method": "read back", "ok": True, "detail": "all bytes are those that were stored"}
    sentence = f"What {asset['id']} held before is safe in {trace.store.name}: {human(draft.size)}."
    trace.close("ok", sentence, point=draft.id, stored_bytes=draft.added, verify=proof)
    return draft.id


def _make_points(job: Job, kind: Kind) -> list[Draft]:
    """Return the points that were committed; the others have their records."""
    if not job.check:
        kind.prepare(job.assets)
    waiting: list[Draft] = []
    done: list[Draft] = []
    for asset in job.assets:
        trace = job.trace("backup", asset, asset["stores"][0])
        draft = trace.attempt(_draft, job, kind, trace)
        if draft is not None and draft.snapshots:
            done += [draft] if trace.attempt(_commit, trace.store, [draft]) else []
        elif draft is not None:
            waiting.append(draft)
    for store in {id(draft.trace.store): draft.trace.store for draft in waiting}.values():
        together = [draft for draft in waiting if draft.trace.store is store]
        ready = Beside(kind.make_ready, [draft.trace.asset["id"] for draft in together])
        done += _commit_blobs(store, together)
        ready.result()
    return done


def _draft(job: Job, kind: Kind, trace: Trace) -> Draft | None:
    """Take one asset; None in check mode, when the record is already written."""
    store = trace.store
    store.admit(writing=True)
    if job.check:
        facts = kind.preflight(trace.asset)
        size = kind.estimate(trace.asset, facts)
        _open_if_there(store)
        require_room(store, [trace.asset["id"]], size, lambda: size)
        _plan(trace, "backed up", size, _to_leave_out(kind, trace.asset, facts))
        return None
    job.hold(trace.asset)
    if store.exists():
        store.look_once()
    try:
        return _capture(kind, trace)
    except Locked:
        store.restic.unlock()
        return _capture(kind, trace)
    except Incomplete:
        return _capture(kind, trace)


def _to_leave_out(kind: Kind, asset: Asset, facts: dict[str, Any]) -> list[str]:
    """Say which stores lie in what would be stored."""
    trees = kind.trees(asset, facts)
    found = (own_folders.left_out(asset, tree.paths, tree.exclude) for tree in trees)
    return [sentence for stores in found for sentence in own_folders.sentences(stores, "would be")]


def _plan(trace: Trace, done: str, size: int | None, remarks: Iterable[str] = ()) -> None:
    """Write the record of what would be done, with what the asset holds now and the room there is."""
    about = f", about {human(size)}" if size else ""
    sentence = " ".join([f"{trace.asset['id']} can be {done} to {trace.store.name}{about}.", *remarks])
    trace.close("planned", sentence, size_bytes=size, free_bytes=trace.store.restic.free_bytes())


def _open_if_there(store: Store) -> None:
    """Prove the password of a store that exists; one that does not exist yet is made by the first real backup."""
    if store.exists():
        store.entries()


def _capture(kind: Kind, trace: Trace) -> Draft:
    """Store all parts of one asset while its content is fingerprinted beside; leave nothing when that fails."""
    asset, store, facts = trace.asset, trace.store, kind.preflight(trace.asset)
    require_room(store, [asset["id"]], facts.get("size_bytes"), lambda: kind.estimate(asset, facts))
    store.ensure()
    store.look_once()
    draft = Draft(trace, facts=facts, after=store.latest(asset["id"]))
    trace.known["retention_until"] = later(draft.created_at, trace.asset.get("retention"))
    try:
        with kind.capture(trace.asset) as capture, Beside(capture.content) as content:
            draft.capture = capture
            for part in capture.parts:
                if draft.ahead is None and not isinstance(part, Blob):
                    draft.ahead = _begin_manifest(draft, content)
                draft.add(part, store_part(draft, part))
            draft.content = content.result()
    except BaseException as failure:
        if draft.ahead:
            draft.ahead.abandon()
        with suppress(Problem):
            left = [*draft.snapshots, *store.restic.incomplete]
            store.restic.incomplete.clear()
            if left:
                store.restic.forget(left)
        if isinstance(failure, Full):
            raise shortage(trace.store, failure, _needed(draft)) from None
        raise
    for name, version in list(capture.tools.items())[:1]:
        trace.known["tool"] = {"name": name, "version": version}
    trace.known.update(draft.known(), warnings=[*capture.warnings, *draft.warnings] or None)
    return draft


def _begin_manifest(draft: Draft, content: Beside) -> Ahead:
    """Have restic open the store for the manifest while it is still storing the data."""

    def store(known: Content, source: AbstractContextManager[BinaryIO]) -> Stored:
        tags = ["sopwrap", *draft.tags("manifest"), f"content:{known.digest}", f"kind:{draft.trace.asset['kind']}"]
        return draft.trace.store.restic.store("/manifest.json", tags, draft.host, source)

    ahead = Ahead(content, store)
    draft.trace.job.held.callback(ahead.abandon)
    return ahead


def _needed(draft: Draft) -> int | None:
    """The bytes a draft takes at most: what the kind knows of its size, or what its trees hold."""
    trees = [part for part in draft.capture.parts if isinstance(part, Tree)]
    size = tree_size(path for tree in trees for path in tree.paths) if trees else draft.facts.get("size_bytes")
    return int(size) if size else None


def _commit_blobs(store: Store, drafts: list[Draft]) -> list[Draft]:
    """Store and commit these drafts in one call; all succeed or none."""
    first = drafts[0]
    done = first.trace.attempt(_commit, store, drafts)
    if not done:
        for draft in drafts[1:]:
            failed = first.trace.job.records[-1]
            draft.trace.close(failed["outcome"], failed["message"], failed["hint"])
    return done or []


def _commit(store: Store, drafts: list[Draft]) -> list[Draft]:
    """Store the manifests, together with what is still in memory: with that snapshot the points exist."""
    tools = {"restic": store.restic.version()}
    blobs = {path: data for draft in drafts for path, data in draft.blobs.items()}
    texts = [json.dumps(draft.manifest(tools)).encode() for draft in drafts]
    if len(drafts) == 1 and not blobs:
        ahead = drafts[0].ahead or _begin_manifest(drafts[0], Beside(lambda: drafts[0].content))
        last = ahead.give(texts[0])
    else:
        for ahead in (draft.ahead for draft in drafts if draft.ahead):
            ahead.abandon()
        tags = ["sopwrap", *(["part:blobs"] if blobs else []), f"kind:{drafts[0].trace.asset['kind']}"]
        for draft in drafts:
            tags += [*draft.tags("manifest"), f"content:{draft.fingerprint}"]
        manifests = {f"/{draft.id}/manifest.json": text for draft, text in zip(drafts, texts)}
        last = store_files(store, {**blobs, **manifests}, tags, drafts[0].trace.job.host)
        drafts[0].added += last.added
    for draft in drafts:
        draft.snapshots.append(last.snapshot)
    return drafts


def _keep(job: Job, kind: Kind, done: list[Draft]) -> dict[str, str]:
    """Let the kind keep what it keeps beside the stores; the points are there, whatever becomes of that."""
    points = {draft.trace.asset["id"]: draft.id for draft in done}
    try:
        return kind.keep(points, job.case) if points else {}
    except Problem as problem:
        return dict.fromkeys(points, f"{problem.message} {problem.hint or ''}".strip())


def _report(draft: Draft, remark: str = "") -> None:
    """Compare a committed point with the asset's previous one, sweep what dead runs have left, write the record."""
    trace, content = draft.trace, draft.content
    store, asset = trace.store, trace.asset
    if store.restic.folder is None:
        store.look()
        store.require_kept(asset["id"], draft.id)
    previous = store.newest(asset["id"], but=draft.id)
    same = previous is not None and previous.content == content.digest
    left = store.unfinished(asset["id"], but=draft.id)
    if left:
        store.look()  # what is removed is what restic lists now, not what is remembered
        store.restic.sweep(store.unfinished(asset["id"], but=draft.id))
    store.recognise(draft.snapshots[-1])
    trace.close(
        "unchanged" if same else "ok",
        f"Backed up {asset['id']} to {store.name}: {human(draft.size)}, {content.count} items"
        f"{', content unchanged' if same else ''}.{' '.join(['', *filter(None, (remark, *draft.remarks()))])}",
        point=draft.id,
        stored_bytes=draft.added,
        free_bytes=store.restic.free_bytes(),
    )


def _copy_further(job: Job, done: list[Draft]) -> None:
    """Copy finished points to the further stores of their assets, one call for each pair of stores."""
    routes: dict[tuple[str, str], dict[str, Trace]] = {}
    for draft in done:
        for further in draft.trace.asset["stores"][1:]:
            trace = job.trace("copy", draft.trace.asset, further)
            trace.known.update(draft.trace.known)
            routes.setdefault((draft.trace.store.name, further), {})[draft.id] = trace
    for (near, far), traces in routes.items():
        copy_points(job.store(near), job.store(far), traces, fresh=True)
    if job.check:
        _plan_copies(job)


def _plan_copies(job: Job) -> None:
    sizes = {record["asset"]: record["size_bytes"] for record in job.records}
    for asset in job.assets:
        for further in asset["stores"][1:]:
            trace = job.trace("copy", asset, further)
            trace.attempt(_plan_copy, trace, sizes.get(asset["id"]))


def _plan_copy(trace: Trace, size: int | None) -> None:
    trace.store.admit(writing=True)
    _open_if_there(trace.store)
    _plan(trace, "copied", size)
