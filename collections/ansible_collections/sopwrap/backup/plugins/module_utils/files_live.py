# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of files in the place of the living ones: each tree's name is exchanged with that of the restored tree."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import exchange, own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target


class FilesLive(Replaceable):
    """The trees lie beside in one folder with a hidden name, next to the first of them.

    What the backup leaves out (`exclude`) is not in the restored tree; it stays with the former one.
    """

    def place(self, asset: Asset) -> dict[str, str]:
        """The paths, as the inventory names them."""
        return {"paths": " ".join(_paths(asset))}

    def alive(self, asset: Asset) -> bool:
        """Whether any of the trees is there."""
        return any(os.path.lexists(path) for path in _paths(asset))

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is one of the trees, lies in one, or is above one."""
        place = os.path.realpath(str(target.get("path") or "/")).rstrip("/") + "/"
        tops = [os.path.realpath(path).rstrip("/") + "/" for path in _paths(asset)]
        return any(place.startswith(top) or top.startswith(place) for top in tops)

    def beside(self, asset: Asset, mark: str) -> Target:
        """A folder next to the first tree."""
        first = _paths(asset)[0]
        return {"path": os.path.join(os.path.dirname(first), f".sopwrap-{mark}-{os.path.basename(first)}")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as all files; refuse a point of other paths, and trees that lie on several file systems."""
        paths, stored = _paths(asset), sorted(manifest["source"]["names"])
        if stored != paths:
            raise Problem(
                f"The point holds {', '.join(stored)}, and the asset now names {', '.join(paths)}.",
                "Restore it into a fresh place.",
                refused=True,
            )
        for path in paths:
            exchange.require_exchangeable(path)
            own_folders.require_none(asset, path)
        if len({os.stat(os.path.dirname(path)).st_dev for path in paths}) > 1:
            raise Problem(
                "The trees of the asset lie on several file systems and cannot be exchanged together.",
                "Make an asset of each.",
                refused=True,
            )
        return Room(sum(part["size_bytes"] for part in manifest["parts"]), exchange.free_bytes(paths[0]))

    def require_idle(self, asset: Asset) -> None:
        """Refuse while any process has a file of the trees open, or works in them."""
        _refuse("use", _paths(asset), exchange.users_of(_paths(asset)))

    def require_rest(self, asset: Asset) -> None:
        """Refuse while any process has a file of the trees open for writing."""
        _refuse("write to", _paths(asset), exchange.writers_of(_paths(asset)))

    def note(self, pair: Pair) -> dict[str, Any]:
        """What each tree's two names stand for at present."""
        names = self._names(pair)
        return {
            "trees": {
                path: {"live": exchange.identity(path), "beside": exchange.identity(name)}
                for path, name in names.items()
            },
            "names": names,
        }

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange the names of each tree that is not where it belongs."""
        for path, known in pair.notes["trees"].items():
            if exchange.identity(path) != known["live" if back else "beside"]:
                exchange.exchange(path, pair.notes["names"][path])

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove the folder."""
        exchange.remove(target["path"])

    def _names(self, pair: Pair) -> dict[str, str]:
        """Where each tree lies beside: the folder itself for a single folder, else below it with its whole path."""
        if pair.notes:
            return dict(pair.notes["names"])
        top, paths = self.beside(pair.asset, pair.mark)["path"], _paths(pair.asset)
        if len(paths) == 1 and not os.path.lexists(os.path.join(top, paths[0].lstrip("/"))):
            return {paths[0]: top}
        return {path: os.path.join(top, path.lstrip("/")) for path in paths}


def _refuse(doing: str, paths: list[str], processes: list[str]) -> None:
    if processes:
        raise Problem(
            f"Processes {doing} {', '.join(paths)}: {', '.join(processes[:5])}.",
            "Name the services they belong to in services of the asset, or end them.",
            refused=True,
        )


def _paths(asset: Asset) -> list[str]:
    """The trees, the ones that lie below another left out, like at the backup."""
    given = sorted({os.path.realpath(str(path)) for path in asset["source"].get("paths") or []})
    return [path for path in given if not any(path.startswith(top.rstrip("/") + "/") for top in given if top != path)]
