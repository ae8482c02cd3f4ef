# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a store has become full: take away what was sent in vain, and say how much room is missing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils.job import human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store


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
