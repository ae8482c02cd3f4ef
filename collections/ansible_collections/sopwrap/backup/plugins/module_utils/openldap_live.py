# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory's database in the place of the living one: two folders change names while slapd is stopped."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import exchange
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap_client import Programs, database_of, value
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target

DATA, CONFIG = "data", "config"
"""What a restored directory is made of: the database, and a configuration folder that leads to it."""


class OpenldapLive(Replaceable):
    """Entries change places; the living configuration stays as it is. `services` has to name slapd itself."""

    def place(self, asset: Asset) -> dict[str, str]:
        """The folder of the database."""
        return {"directory": folder_of(asset), "suffix": asset["source"]["suffix"]}

    def alive(self, asset: Asset) -> bool:
        """Whether there is a database."""
        return os.path.lexists(os.path.join(folder_of(asset), "data.mdb"))

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is the living folder, lies in it, or is above it."""
        places = [os.path.realpath(str(path)) + "/" for path in (target.get("path") or "/", folder_of(asset))]
        return places[0].startswith(places[1]) or places[1].startswith(places[0])

    def beside(self, asset: Asset, mark: str) -> Target:
        """A folder next to the living one."""
        above, name = os.path.split(folder_of(asset))
        return {"path": os.path.join(above, f".sopwrap-{mark}-{name}")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as the database took when it was backed up."""
        folder = folder_of(asset)
        exchange.require_exchangeable(folder)
        return Room(int(manifest["source"]["size_bytes"]), exchange.free_bytes(folder))

    def require_idle(self, asset: Asset) -> None:
        """Refuse while any process has the database open."""
        users = exchange.users_of([folder_of(asset)])
        if users:
            raise Problem(
                f"Processes have the directory {asset['source']['suffix']} open: {', '.join(users[:5])}.",
                "Name slapd in services of the asset, or end them.",
                refused=True,
            )

    def require_rest(self, asset: Asset) -> None:
        """slapd has its database open for writing all the time; what is taken is of one moment all the same."""

    def note(self, pair: Pair) -> dict[str, Any]:
        """What both names stand for at present."""
        live, beside = self._names(pair)
        return {"folder": live, "live": exchange.identity(live), "beside": exchange.identity(beside)}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange the names unless the right folder lives already."""
        live, beside = self._names(pair)
        if exchange.identity(live) != pair.notes["live" if back else "beside"]:
            exchange.exchange(live, beside)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove the folder."""
        exchange.remove(target["path"])

    def _names(self, pair: Pair) -> tuple[str, str]:
        return folder_of(pair.asset), os.path.join(self.beside(pair.asset, pair.mark)["path"], DATA)


def programs_of(asset: Asset) -> Programs:
    """The programs for the living directory."""
    return Programs(asset["source"]["suffix"], asset["source"].get("config") or "/etc/ldap/slapd.d")


def folder_of(asset: Asset) -> str:
    """Where the database of the asset lies, as the living configuration says."""
    programs = programs_of(asset)
    folder = value(database_of(programs.config, programs.suffix), "olcDbDirectory")
    if folder is None:
        raise Problem(f"The database of {programs.suffix} has no folder.", "Only mdb databases are backed up.")
    return os.path.realpath(folder)
