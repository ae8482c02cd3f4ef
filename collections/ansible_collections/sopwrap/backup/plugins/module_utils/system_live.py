# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of a machine in the place of the living ones: files of /etc, units, accounts, groups, crontabs, packages.

All of the point's /etc is loaded beside. Files change places with those there, by name. What is no file of its own (a
line of passwd, a package) is written by `system_sections`; the state that does not live is kept beside in a file that
only root can open. So the way back and the taking back are the same step the other way round.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import (
    exchange,
    selection,
    services,
    system_files,
    system_sections,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.machine_state import read_state
from ansible_collections.sopwrap.backup.plugins.module_utils.permit_register import write_whole
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish

TREE, STATE = "etc", "state.json"
"""The parts of a point, and what a restore calls them in its folder."""

_PACKAGES, _VALUES = "packages", "values.json"


def etc_of(asset: Asset) -> str:
    """The folder with the system's settings."""
    return os.path.realpath(str((asset.get("source") or {}).get("etc") or "/etc"))


class SystemLive(Replaceable):
    """The asset of such a restore has `pieces`, a list of words (see `system_pieces`); notes have them, too."""

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """A running machine is replaced by pieces or not at all."""
        if not pieces:
            raise Problem(
                "Nobody has said which pieces of the machine are to be put back.",
                "Name them in the target's pieces: /etc/hosts, package:NAME, user:NAME, unit:NAME, crontab:NAME.",
                refused=True,
            )
        return {**asset, "pieces": Wish.of(pieces, etc_of(asset)).words()}

    def place(self, asset: Asset) -> dict[str, str]:
        """The folder, and the pieces as one line."""
        return {"etc": etc_of(asset), "pieces": selection.as_line(asset.get("pieces") or [])}

    def alive(self, asset: Asset) -> bool:
        """A machine that runs this lives."""
        return True

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is /etc, lies in it, or is above it."""
        place, etc = os.path.realpath(str(target.get("path") or "/")).rstrip("/") + "/", f"{etc_of(asset)}/"
        return place.startswith(etc) or etc.startswith(place)

    def beside(self, asset: Asset, mark: str) -> Target:
        """A folder next to /etc that only root can enter."""
        folder, name = os.path.split(etc_of(asset))
        return {"path": os.path.join(folder, f".sopwrap-{mark}-{name}")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as all of the point; refuse a point of another folder, and files that cannot change places."""
        etc, stored = etc_of(asset), str(manifest["source"]["etc"])
        if stored != etc:
            raise Problem(f"The point is of {stored}, and the asset names {etc}.", "Use another point.", refused=True)
        for path in _wish(asset).paths:
            system_files.require_exchangeable(path, etc)
        return Room(sum(part["size_bytes"] for part in manifest["parts"]), exchange.free_bytes(etc))

    def require_pieces(self, asset: Asset, stored: StoredPoint) -> None:
        """Refuse pieces the point does not hold, and those that could not be put or taken back."""
        wish, state, etc = _wish(asset), _state(stored), etc_of(asset)
        if wish.paths:
            selection.require([Root(etc, TREE)], stored.content(), {"only": list(wish.paths)})
        system_files.require_units(wish, stored.content())
        system_sections.require(system_sections.names(wish, state), state, etc)

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """Every chosen thing that is otherwise, a line for what goes and one for what comes; no text of a file."""
        wish, etc, state = _wish(asset), etc_of(asset), _state(stored)
        exclude = [str(pattern) for pattern in stored.manifest["source"].get("exclude") or []]
        files = system_files.told(wish, etc, stored.content(), exclude)
        wanted = system_sections.names(wish, state)
        with system_files.accounts_of(stored, TREE, etc, bool({"user", "group"} & set(wanted))) as folder:
            then = system_sections.told(system_sections.then(wanted, state, folder))
        now = system_sections.told(system_sections.now(wanted, etc))
        return system_files.difference({**files[0], **now}, {**files[1], **then})

    def require_idle(self, asset: Asset) -> None:
        """Refuse while any process has a chosen file open for writing."""
        writers = exchange.writers_of(_wish(asset).paths)
        if writers:
            raise Problem(f"Processes write to the files: {', '.join(writers[:5])}.", "End them.", refused=True)

    def load(self, asset: Asset, folder: str) -> None:
        """Have beside what the point's packages need, for there and back, while the services still run."""
        system_sections.fetch(_beside(_wish(asset), folder), os.path.join(folder, _PACKAGES))

    def note(self, pair: Pair) -> dict[str, Any]:
        """What each file's two names stand for, and which of the two kept states lives."""
        asset = {**pair.asset, "pieces": pair.notes.get("pieces") or pair.asset.get("pieces")}
        folder, etc, wish = self.beside(asset, pair.mark)["path"], etc_of(asset), _wish(asset)
        kept = _kept(folder)
        beside = kept["states"][kept["beside"]] if kept else _beside(wish, folder)
        live = system_sections.now({word: list(values) for word, values in beside.items()}, etc)
        known = {"live": _digest(live), "beside": _digest(beside)}
        write_whole(os.path.join(folder, _VALUES), {"states": {known["live"]: live, known["beside"]: beside}, **known})
        return {
            "pieces": list(asset["pieces"]),
            "files": system_files.pairs(wish, etc, os.path.join(folder, TREE)),
            "values": known,
        }

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange the files that are not where they belong, then write what is none."""
        folder, etc, side = self.beside(pair.asset, pair.mark)["path"], etc_of(pair.asset), "live" if back else "beside"
        for path, known in pair.notes["files"].items():
            if exchange.identity(path) != known[side]:
                exchange.exchange(path, known["name"])
        if etc == "/etc" and any(system_files.is_of_systemd(path, etc) for path in pair.notes["files"]):
            services.read_again()
        kept, wanted = _kept(folder), pair.notes["values"][side]
        system_sections.write(kept["states"][wanted], etc, os.path.join(folder, _PACKAGES))
        other = pair.notes["values"]["beside" if back else "live"]
        write_whole(os.path.join(folder, _VALUES), {**kept, "beside": other})

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove the folder."""
        exchange.remove(target["path"])


def _wish(asset: Asset) -> Wish:
    return Wish.of(asset.get("pieces") or [], etc_of(asset))


def _state(stored: StoredPoint) -> dict[str, Any]:
    with stored.open(STATE) as stream:
        return read_state(stream)


def _beside(wish: Wish, folder: str) -> system_sections.Values:
    """The chosen things as the point has them, which was loaded into this folder."""
    with open(os.path.join(folder, STATE), "rb") as stream:
        state = read_state(stream)
    return system_sections.then(system_sections.names(wish, state), state, os.path.join(folder, TREE))


def _kept(folder: str) -> dict[str, Any]:
    """The two states of this restore by their digests, and which of them does not live."""
    try:
        with open(os.path.join(folder, _VALUES), encoding="utf-8") as stream:
            known: dict[str, Any] = json.load(stream)
    except FileNotFoundError:
        return {}
    return known


def _digest(values: system_sections.Values) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode("ascii")).hexdigest()
