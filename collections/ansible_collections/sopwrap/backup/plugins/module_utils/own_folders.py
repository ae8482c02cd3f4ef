# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stores' own folders on this host, which are no part of anything that is backed up.

A store below a folder that is backed up to it would hold itself: every point would store all earlier ones once more,
until the disk is full. restic does not notice that. So trees leave out every store of the call, and it is said; with
them goes what restic caches, which changes while it reads. A store that is reached over a network is not recognised.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import literally
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

_CACHED = "?" * 64
"""restic's cache has a folder for each repository, called by its id of 64 hexadecimal digits."""


def known(stores: Iterable[Store]) -> dict[str, Any]:
    """The fields of an asset that tell where the stores of its call lie: path → store, and restic's caches."""
    used = list(stores)
    folders = {os.path.realpath(store.restic.folder): store.name for store in used if store.restic.folder is not None}
    return {"store_folders": folders, "store_caches": sorted({os.path.realpath(store.restic.cache) for store in used})}


def exclude(asset: Asset, paths: list[str]) -> list[str]:
    """Return restic's patterns for what a tree of these paths leaves out: the source's own, the stores, their caches.

    Raise a `Problem` for a path that is a store, or lies in one.
    """
    for path in paths:
        _require_outside(asset, path)
    given = [str(pattern) for pattern in (asset.get("source") or {}).get("exclude") or []]
    stores = [literally(place) for place in inside(asset, paths)]
    caches = [literally(place) for cache in asset.get("store_caches") or () for place in _seen(cache, paths)]
    own = [*stores, *(f"{cache}/{_CACHED}" for cache in caches)]
    return [*given, *(pattern for pattern in own if pattern not in given)]


def inside(asset: Asset, paths: Iterable[str]) -> dict[str, str]:
    """The stores that are, or lie below, some paths: where, as seen from there, and which."""
    tops = list(paths)
    folders: dict[str, str] = asset.get("store_folders") or {}
    return {place: name for folder, name in folders.items() for place in _seen(folder, tops)}


def left_out(asset: Asset, paths: Iterable[str], patterns: list[str]) -> dict[str, str]:
    """The stores below a tree, which these patterns leave out; raise a `Problem` where they do not."""
    tops = list(paths)
    for path in tops:
        _require_outside(asset, path)
    found = inside(asset, tops)
    for place, name in found.items():
        if literally(place) not in patterns:
            raise Problem(
                f"The store {name} at {printable(place)} lies in what {asset['id']} consists of: each backup would"
                " store all earlier ones.",
                "Put the store elsewhere, or leave its folder out of the asset's source.",
                refused=True,
            )
    return found


def sentences(stores: dict[str, str], verb: str) -> list[str]:
    """Say of stores (where, and which) what becomes of them: one "was", or "would be", left out."""
    return [f"The store {name} at {printable(place)} {verb} left out." for place, name in stores.items()]


def require_none(asset: Asset, path: str) -> None:
    """Refuse a living tree with a store in it: the store would go with what is replaced, and be removed with it."""
    for place, name in inside(asset, [path]).items():
        raise Problem(
            f"The store {name} at {printable(place)} would go with {printable(path)}.",
            "Restore it into a fresh place, and put back from there what is needed.",
            refused=True,
        )


def _require_outside(asset: Asset, path: str) -> None:
    for folder, name in (asset.get("store_folders") or {}).items():
        if _below(os.path.realpath(path), folder):
            raise Problem(
                f"{printable(path)} {'is' if os.path.realpath(path) == folder else 'lies in'} the store {name}, which"
                " cannot be backed up to a store.",
                "Correct paths in the asset's source; a further store among the asset's stores gets a copy.",
                refused=True,
            )


def _seen(folder: str, paths: Iterable[str]) -> list[str]:
    """What a folder without links in its path is called as one of these paths, or below one."""
    tops = [(path, os.path.realpath(path)) for path in paths]
    return [
        os.path.normpath(os.path.join(path, os.path.relpath(folder, top))) for path, top in tops if _below(folder, top)
    ]


def _below(path: str, top: str) -> bool:
    return os.path.join(path, "").startswith(os.path.join(top, ""))
