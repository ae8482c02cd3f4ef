# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring an unfinished replacing restore back to the state before: by who began it, by the guard, or by the next run."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils import services
from ansible_collections.sopwrap.backup.plugins.module_utils.journal import Journal
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable

PATIENCE = 120.0
"""Seconds a database server that was killed is given to come up again before the way back is given up for now."""

REMOVAL = 10.0
"""Seconds it is given to remove what was loaded; if it is not up by then, the next run does that."""


def settle(journal: Journal, kind: Replaceable, asset: Asset, patience: float = PATIENCE) -> str:
    """Put the former data back where it is not, start the services again, remove what was loaded; say what was done.

    Does nothing to a restore that has ended. The services are started even when the data could not be put back: then
    the journal stays as it is, so that the next call tries again, and this raises.
    """
    if journal.state not in journals.UNFINISHED:
        return ""
    pair = Pair(asset, journal.mark, journal.notes)
    trouble: list[str] = []
    if journal.state in (journals.SWAPPING, journals.SWAPPED):
        with suppress(Problem):
            kind.pause(asset)
        services.stop_all(journal.services)
        trouble += _try_for(patience, lambda: kind.swap(pair, back=True))
    if journal.state != journals.LOADING:
        trouble += kind.resume(asset) + services.start(journal.services)
    if trouble:
        raise Problem(
            f"The way back of {journal.asset} is not complete: {'; '.join(trouble)}.",
            f"Mend that, then restore again, which goes on with it; the journal is in {journal.folder}.",
        )
    said = "the data of before is back" if journal.notes else "nothing was exchanged"
    journal.reach(journals.DONE if journal.keep else journals.BACK, said=said)
    if not journal.keep and not _try_for(min(patience, REMOVAL), lambda: kind.remove(pair)):
        journal.drop()
    return said


def tidy(kind: Replaceable, asset: Asset, now: str) -> list[str]:
    """Finish what former restores of an asset have left on this host; say what was done, a sentence for each.

    The former data of a restore is removed when the time to take it back is over (`now`, ISO 8601).
    """
    said = []
    for journal in journals.of_asset(asset["id"]):
        pair = Pair(asset, journal.mark, journal.notes)
        with journal.held() as free:
            if not free:
                raise Problem(
                    f"Another restore of {asset['id']} is running on this host.", "Wait for it to end.", refused=True
                )
            if journal.state in journals.UNFINISHED:
                ended = settle(journal, kind, asset)
                said.append(f"A restore that broke off on {journal.times[journals.LOADING]} was settled: {ended}.")
            elif journal.state == journals.BACK or journal.undo_until < now:
                kind.remove(pair)
                journal.drop()
                said.append(f"What the restore of {journal.point} had kept beside was removed.")
    return said


def _try_for(patience: float, work: Callable[[], None]) -> list[str]:
    """Try something until it succeeds or time is over; return what was wrong in the end, or nothing."""
    end = time.monotonic() + patience
    while True:
        try:
            work()
            return []
        except Problem as problem:
            if time.monotonic() > end:
                return [problem.message.rstrip(".")]
        time.sleep(1)
