# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a store is too small or has become full: say how much room is missing, take away what was sent in vain."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils.job import human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store


def require_room(store: Store, assets: Iterable[str], at_most: int | None, needed: Callable[[], int | None]) -> None:
    """Refuse a medium that is smaller than what comes to it for the first time; sizes are bytes.

    `needed` is asked only where `at_most` (null: not known) may not fit. What a later point of an asset takes is its
    changes, which nobody can tell beforehand. A medium with `minimum_free` has its room stated by the office: data that
    compresses well may need less than it is large.
    """
    free = store.restic.free_bytes() if store.medium and not store.medium.get("minimum_free") else None
    if free is None or (at_most is not None and at_most <= free) or not any(_fresh(store, asset) for asset in assets):
        return
    size = needed()
    if size is None or size <= free:
        return
    raise Problem(
        f"The medium {store.label} has {human(free)} free and {human(size)} are to be stored: {human(size - free)} are"
        " missing.",
        "Use a larger medium; where the data compresses well enough, state the room it takes as minimum_free.",
        refused=True,
    )


def _fresh(store: Store, asset: str) -> bool:
    """Whether a store holds no finished point of an asset yet."""
    return not store.exists() or store.newest(asset) is None


def shortage(store: Store, full: Full, needed: int | None) -> Full:
    """Return the failure with what was `needed` (bytes, at most), what is free, and the difference.

    What a call that ran into the end has already sent belongs to no point; while it lies there the next, smaller
    backup has no room either. On a server it is left to those who keep it.
    """
    if store.restic.folder is not None:
        with suppress(Problem):
            store.restic.reclaim()
    with suppress(Problem, OSError):
        free = store.restic.free_bytes()
        if free is not None and needed is not None and needed > free:
            gap = human(needed - free)
            said = f"Up to {human(needed)} are to be stored and {human(free)} are free: up to {gap} are missing."
            return Full(f"{full.message} {said}", full.hint)
    return full


def tree_size(paths: Iterable[str]) -> int:
    """The bytes of all files below some paths; what cannot be read does not count."""
    total = 0
    for path in paths:
        total += 0 if os.path.isdir(path) else _size(path)
        for top, _folders, names in os.walk(path):
            total += sum(_size(os.path.join(top, name)) for name in names)
    return total


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
