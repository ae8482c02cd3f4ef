# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take a finished replacing restore back within its time, or remove what it keeps beside when that time is over."""

from __future__ import annotations

import time

from ansible_collections.sopwrap.backup.plugins.module_utils import guard, services
from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.journal import Journal
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle, tidy


def undo(job: Job, kind: Replaceable) -> None:
    """Put the data that lived before the last restore of the only asset back in its place.

    The permit of that restore covers this until the time it names. What was restored, with all that was written since,
    is kept beside until then.
    """
    trace = job.trace("undo", job.assets[0], None)
    trace.known["restore"] = {"mode": "undo"}
    trace.attempt(_undo, job, kind, trace)


def forget(job: Job, kind: Replaceable) -> None:
    """Remove what former restores of the only asset keep beside and need no longer; settle one that broke off."""
    trace = job.trace("forget", job.assets[0], None)
    trace.known["restore"] = {"mode": "forget"}
    trace.attempt(_forget, job, kind, trace)


def _undo(job: Job, kind: Replaceable, trace: Trace) -> None:
    asset = trace.asset
    journal = _last(asset["id"])
    trace.known["point"] = journal.point
    trace.known["restore"] |= {"permit": journal.permit, "undo_until": journal.undo_until}
    sentence = f"The restore of {journal.point} on {journal.times[journals.DONE]}"
    if job.check:
        trace.close("planned", f"{sentence} can be taken back.")
        return
    with journals.alone(asset["id"]), journal.held() as free:
        if not free:
            raise Problem(f"A restore of {asset['id']} is at work.", "Wait for it to end.", refused=True)
        down = _take_back(journal, kind, trace)
    trace.known["restore"] |= {"downtime_seconds": down, "place": journal.place or kind.place(asset)}
    unasked = "" if journal.answered else " Its page did not answer before the restore, so it was not asked."
    trace.close("ok", f"{sentence} was taken back; the data of before lives again.{unasked}")


def _take_back(journal: Journal, kind: Replaceable, trace: Trace) -> float:
    """Exchange once more; when that fails, the restored data stays. Return the seconds without services."""
    asset = trace.asset
    journal.reach(journals.LOADING, keep=True, notes={**journal.notes}, services=services.require(asset))
    guard.set_up(journal, kind, asset)
    journal.reach(journals.STOPPING)
    began = time.monotonic()
    try:
        kind.pause(asset)
        services.stop(journal.services)
        kind.require_idle(asset)
        pair = Pair(asset, journal.mark, journal.notes)
        journal.reach(journals.SWAPPING, notes=kind.note(pair))
        kind.swap(Pair(asset, journal.mark, journal.notes))
        journal.reach(journals.SWAPPED)
        trouble = kind.resume(asset) + services.start(journal.services)
        if trouble:
            raise Problem(f"After the exchange {' and '.join(trouble)}.", "Look into its journal.")
        if journal.answered:
            services.require_health(asset)
    except BaseException as failure:
        settle(journal, kind, asset)
        if not isinstance(failure, Problem):
            raise
        message = f"{failure.message} Then what was restored lives again; it can still be taken back."
        raise Problem(message, failure.hint, refused=failure.refused) from failure
    journal.reach(journals.UNDONE)
    return round(time.monotonic() - began, 3)


def _last(asset: str) -> Journal:
    """The asset's last finished restore; refuse when there is none or its time is over."""
    finished = [one for one in journals.of_asset(asset) if one.state in (journals.DONE, journals.UNDONE)]
    if not finished:
        raise Problem(f"There is no restore of {asset} on this host to take back.", refused=True)
    last = finished[-1]
    if last.state == journals.UNDONE:
        raise Problem(f"The last restore of {asset} was taken back already.", refused=True)
    if last.undo_until < utc_stamp():
        raise Problem(
            f"The time to take the last restore of {asset} back ended at {last.undo_until}.",
            "Ask for a permit to restore its safety copy.",
            refused=True,
        )
    return last


def _forget(job: Job, kind: Replaceable, trace: Trace) -> None:
    asset = trace.asset
    if job.check:
        trace.close("planned", f"{asset['id']}: what is kept beside and not needed can be removed.")
        return
    with journals.alone(asset["id"]):
        said = tidy(kind, asset, utc_stamp())
        kept = [one for one in journals.of_asset(asset["id"]) if one.state in (journals.DONE, journals.UNDONE)]
    if kept and not said:
        raise Problem(
            f"The restore of {kept[-1].point} can be taken back until {kept[-1].undo_until}.",
            "What it keeps beside is removed after that.",
            refused=True,
        )
    trace.close("ok" if said else "unchanged", " ".join(said) or f"Nothing of {asset['id']} is kept beside.")
