# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give stores another key, in two steps: first both keys open them, later only the new one.

Between the two whoever asks puts the new key in the place of the old one. Each step may be repeated after it broke off,
and a store that several hosts share is done by the first of them. Keys of others are left alone.
"""

from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

ACTION = "rekey"
STEPS = ("add", "remove")


def rekey(job: Job) -> None:
    """Do the step `target.rekey` with the stores `target.stores`; the option `other_key` is the key it is about."""
    step, other = job.target.get("rekey"), job.options.get("other_key")
    if step not in STEPS or not other:
        raise Problem("The target names no step, or there is no key.", "Use: sopwrap keys rotate.", refused=True)
    for store in job.stores.values():
        if store.name in (job.target.get("stores") or []):
            trace = job.trace(ACTION, None, store.name)
            trace.attempt(_one, trace, step, other)


def _one(trace: Trace, step: str, other: str) -> None:
    store, job = trace.store, trace.job
    store.admit(writing=True)
    config = next(one for one in job.options["stores"] if one["id"] == store.name)
    own, second = store.restic, Store(store.name, {**config, "password": other}).restic
    try:
        opens = second.opens()
        if job.check:
            trace.close("planned", f"The key of the store {store.name} can be changed.")
        elif step == "add":
            _add(trace, own, second, opens, other)
        else:
            _remove(trace, own, second, opens)
    finally:
        second.close()


def _add(trace: Trace, own: Restic, second: Restic, opens: bool, other: str) -> None:
    if not opens:
        own.add_key(other)
        if not second.opens():
            raise Problem(f"The new key does not open the store {trace.store.name}.", "Look at the store, then repeat.")
    done = "already opens" if opens else "now opens"
    _close(trace, own, "unchanged" if opens else "ok", f"The new key {done} the store {trace.store.name}.")


def _remove(trace: Trace, own: Restic, second: Restic, opens: bool) -> None:
    if opens:
        own.remove_key(second.own_key())
        if second.opens():
            raise Problem(
                f"The former key still opens the store {trace.store.name}.", "Look at the store, then repeat."
            )
    done = "no longer opens" if opens else "does not open"
    _close(trace, own, "ok" if opens else "unchanged", f"The former key {done} the store {trace.store.name}.")


def _close(trace: Trace, own: Restic, outcome: str, message: str) -> None:
    proof = {"method": "open", "ok": True, "detail": "the store was opened with the key, or was not, as it has to be"}
    trace.close(outcome, message, tool={"name": "restic", "version": own.version()}, verify=proof)
