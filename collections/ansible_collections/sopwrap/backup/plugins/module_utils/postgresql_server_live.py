# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole PostgreSQL server in the place of the living one: the names of all databases change in one transaction of it.

What is not in the point stays as it is: databases and roles that were made since. Roles belong to the server and have
no second place, so those that are missing are made, and they stay when a restore is taken back.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_dress as dress
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import Member, facts_of, manifest_of
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import ROLES_PART, Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import ALL, client_of, in_one, server_of
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target


def admin(asset: Asset) -> Asset:
    """The asset as one of the server's own database, for what concerns the server."""
    return {**asset, "source": {**asset["source"], "database": "postgres"}}


def part_name(database: str) -> str:
    """What a database's parts are called in a point: its name, with what no file's name can have escaped."""
    return quote(database, safe="").replace(".", "%2E")


class ServerLive(Replaceable):
    """Notes are those of each database, by its name. What lies beside bears the mark of the restore at its end."""

    name = "postgresql"

    def __init__(self, single: Postgresql) -> None:
        self._single = single
        self._restored: list[str] = []

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """The server as a whole."""
        if pieces:
            raise Problem(
                "A whole server is not replaced by pieces.", "Make an asset of that database for it.", refused=True
            )
        return asset

    def place(self, asset: Asset) -> dict[str, str]:
        """All databases, and the server."""
        return {"database": ALL, "server": server_of(asset)}

    def alive(self, asset: Asset) -> bool:
        """Whether there is any database but the server's own."""
        return bool(self.living(asset))

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Former names are taken on a fresh server alone: a database that exists is refused by itself."""
        return False

    def beside(self, asset: Asset, mark: str) -> Target:
        """Each database under its name with the mark, with the roles it needs."""
        return {"mark": mark, "create_roles": True}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """The sum of what the databases took; they all lie on one server."""
        members = self.named(asset, [unquote(name) for name in facts_of(manifest)])
        rooms = [self._single.room(member.asset, manifest_of(manifest, member.name)) for member in members]
        return Room(sum(room.needed for room in rooms), next((room.free for room in rooms), None))

    def stays(self, asset: Asset, stored: StoredPoint) -> list[str]:
        """Databases and roles that the point does not hold."""
        held = {unquote(name) for name in facts_of(stored.manifest)}
        found = [f"database:{unquote(one.name)}" for one in self.living(asset) if unquote(one.name) not in held]
        with client_of(admin(asset)) as client, stored.open(ROLES_PART) as stream:
            known = set(pieces.known(client, stream.read()))
            there = client.query(r"SELECT to_json(rolname) FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1::text;")
        return [*found, *(f"role:{role}" for role in there if role not in known)]

    def require_idle(self, asset: Asset) -> None:
        """Refuse while anybody is connected to a database that is replaced; before that is known, to any."""
        for member in self.named(asset, [unquote(n) for n in self._restored]) or self.living(asset):
            self._single.require_idle(member.asset)

    def note(self, pair: Pair) -> dict[str, Any]:
        """The server's numbers of both databases of each name."""
        names = list(pair.notes.get("databases", {})) or [unquote(name) for name in self._restored]
        return {"databases": {name: self._single.note(self._pair(pair, name)) for name in names}}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange all names, or none, whenever the server is killed."""
        with client_of(admin(pair.asset)) as client:
            lines: list[str] = []
            for name, notes in pair.notes["databases"].items():
                one = self._pair(pair, name)
                one.notes = notes
                lines += self._single.renames(client, one, back, dressed=True)
            in_one(client, lines)

    def discard(self, asset: Asset, target: Target) -> None:
        """Drop what bears the mark."""
        with client_of(admin(asset)) as client:
            found = client.query(f"SELECT to_json(datname) FROM pg_database WHERE datname LIKE {_ending(target)};")
            for name in found:
                client.execute(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE);")

    def living(self, asset: Asset) -> list[Member]:
        """The databases that are there, but for the server's own and for what is kept beside."""
        with client_of(admin(asset)) as client:
            return self.named(asset, [one["name"] for one in dress.databases(client)])

    def named(self, asset: Asset, databases: list[str]) -> list[Member]:
        """Databases of these names, each as an asset of its own."""
        source = {**asset["source"], "roles": False}
        return [
            Member(part_name(one), self._single, {**asset, "source": {**source, "database": one}}) for one in databases
        ]

    def _pair(self, pair: Pair, name: str) -> Pair:
        return Pair(self.named(pair.asset, [name])[0].asset, pair.mark)


def _ending(target: Target) -> str:
    return literal(f"%\\_{target['mark']}")
