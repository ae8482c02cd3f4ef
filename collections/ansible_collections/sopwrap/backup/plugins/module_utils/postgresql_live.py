# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL database in the place of the living one: names are exchanged, in one transaction of the server."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_dress import BESIDE
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target

ALL = "*"
"""What the source of a whole server has for a database."""

LONGEST_NAME = 63
"""Bytes of a name (NAMEDATALEN - 1); the server would cut a longer one off."""

_PATIENCE = 10.0
"""Seconds that clients of a stopped service are given to be gone."""


@contextmanager
def client_of(asset: Asset) -> Iterator[Client]:
    """Give the client for an asset's server, and forget its password afterwards."""
    client = Client(asset["source"])
    try:
        yield client
    finally:
        client.close()


class PostgresqlLive(Replaceable):
    """The living database is known by its name, and told from the one beside it by the number the server gave it."""

    def place(self, asset: Asset) -> dict[str, str]:
        """The database and the server, as the inventory names them."""
        source = asset["source"]
        if source["database"] in ("postgres", "template0", "template1"):
            raise Problem(
                f"The database {source['database']} belongs to the server itself and cannot be replaced.",
                "Restore it beside, into a database of another name.",
                refused=True,
            )
        return {"database": source["database"], "server": server_of(asset)}

    def alive(self, asset: Asset) -> bool:
        """Whether the database exists."""
        with client_of(asset) as client:
            return number(client, client.database) is not None

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is called as the living database."""
        return bool(target.get("database") == asset["source"]["database"])

    def beside(self, asset: Asset, mark: str) -> Target:
        """A database of the same name with the mark; roles the server lacks are refused as for any target."""
        return {"database": marked(asset["source"]["database"], f"_{mark}")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as the database took when it was backed up; what is free only where the server is on this host."""
        needed, free = int(manifest["source"].get("size_bytes") or 0), None
        if str(asset["source"].get("host") or "/").startswith("/"):
            with client_of(asset) as client, suppress(Problem, OSError):
                (folder,) = client.query("SELECT to_json(current_setting('data_directory'));", "postgres")
                status = os.statvfs(folder)
                free = status.f_bavail * status.f_frsize
        return Room(needed, free)

    def require_idle(self, asset: Asset) -> None:
        """Wait a little for the last clients, then refuse and name them."""
        end = time.monotonic() + _PATIENCE
        with client_of(asset) as client:
            while clients := client.query(_CLIENTS.format(name=literal(client.database)), "postgres"):
                if time.monotonic() > end:
                    raise Problem(
                        f"Clients are connected to the database {client.database}: {', '.join(clients[:5])}.",
                        "Name the services they belong to in services of the asset, or end them.",
                        refused=True,
                    )
                time.sleep(0.5)

    def note(self, pair: Pair) -> dict[str, Any]:
        """The server's numbers of both databases; null for one that does not exist."""
        with client_of(pair.asset) as client:
            return {"live": number(client, client.database), "beside": number(client, self._beside(pair))}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange the names. Settings and grants of the database itself, which no dump holds, go to the restored one.

        The server does all of it or nothing, whenever it is killed.
        """
        with client_of(pair.asset) as client:
            in_one(client, self.renames(client, pair, back))

    def renames(self, client: Client, pair: Pair, back: bool, dressed: bool = False) -> list[str]:
        """The statements that exchange the names; none where it is so already.

        `dressed` says that the point has held the database's own settings and grants. The comment stays with the name,
        and what goes beside is marked by one.
        """
        live, beside = pair.asset["source"]["database"], self._beside(pair)
        between = marked(live, f"_{pair.mark}_")
        present = {name: number(client, name) for name in (live, beside)}
        if present[live] == pair.notes["live" if back else "beside"]:
            return []
        again = back or dressed
        lines = [] if again else client.query(_DRESS.format(live=literal(live), beside=literal(beside)), "postgres")
        said = client.query(_COMMENT.format(live=literal(live)), "postgres")
        steps = [(live, between)] * (present[live] is not None)
        steps += [(beside, live)] * (present[beside] is not None)
        steps += [(between, beside)] * (present[live] is not None)
        lines += [f"ALTER DATABASE {identifier(old)} RENAME TO {identifier(new)};" for old, new in steps]
        if present[beside] is not None:
            lines.append(f"COMMENT ON DATABASE {identifier(live)} IS {literal(said[0]) if said else 'NULL'};")
        if present[live] is not None:
            lines.append(f"COMMENT ON DATABASE {identifier(beside)} IS {literal(BESIDE)};")
        return lines

    def discard(self, asset: Asset, target: Target) -> None:
        """Drop the database, whoever is connected to it."""
        with client_of(asset) as client:
            client.execute(f"DROP DATABASE IF EXISTS {identifier(target['database'])} WITH (FORCE);", "postgres")

    def _beside(self, pair: Pair) -> str:
        return str(self.beside(pair.asset, pair.mark)["database"])


def is_whole(asset: Asset) -> bool:
    """Whether an asset is a whole server."""
    return bool(asset["source"].get("database") == ALL)


def server_of(asset: Asset) -> str:
    """The server of an asset in public words."""
    return f"{asset['source'].get('host') or '/var/run/postgresql'} port {asset['source'].get('port') or 5432}"


def in_one(client: Client, lines: list[str]) -> None:
    """Run statements about databases in one transaction of the server's own."""
    if lines:
        client.execute("\n".join(["BEGIN;", *lines, "COMMIT;"]), "postgres")


def number(client: Client, name: str) -> int | None:
    """Return the server's own number of a database, which a change of its name does not change."""
    found = client.query(f"SELECT to_json(oid::bigint) FROM pg_database WHERE datname = {literal(name)};", "postgres")
    return int(found[0]) if found else None


def marked(name: str, mark: str) -> str:
    """A database's name with a mark at its end, not longer than the server takes it."""
    room = LONGEST_NAME - len(mark)
    return name.encode()[:room].decode(errors="ignore") + mark


_COMMENT = """SELECT to_json(shobj_description(oid, 'pg_database')) FROM pg_database
WHERE datname = {live} AND shobj_description(oid, 'pg_database') IS NOT NULL;"""

_CLIENTS = """SELECT to_json(concat_ws(' ', usename, application_name, client_addr, 'pid ' || pid))
FROM pg_stat_activity WHERE datname = {name} AND pid <> pg_backend_pid() AND backend_type = 'client backend';"""

_DRESS = r"""
WITH live AS (SELECT * FROM pg_database WHERE datname = {live}), fresh AS (
  SELECT * FROM pg_database d WHERE datname = {beside} AND datacl IS NULL
    AND NOT EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))
SELECT to_json(format('ALTER DATABASE %I CONNECTION LIMIT %s;', fresh.datname, live.datconnlimit)) FROM live, fresh
UNION ALL
SELECT to_json(format('REVOKE ALL ON DATABASE %I FROM PUBLIC;', fresh.datname))
FROM live, fresh WHERE live.datacl IS NOT NULL
UNION ALL
SELECT to_json(format('GRANT %s ON DATABASE %I TO %s%s;', a.privilege_type, fresh.datname,
  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END))
FROM live, fresh, aclexplode(live.datacl) a
UNION ALL
SELECT to_json(format('ALTER %s SET %I = %s;',
  CASE WHEN s.setrole = 0 THEN format('DATABASE %I', fresh.datname)
    ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), fresh.datname) END,
  split_part(c, '=', 1),
  CASE WHEN split_part(c, '=', 1) IN ('search_path', 'temp_tablespaces', 'session_preload_libraries',
    'local_preload_libraries', 'DateStyle') THEN substr(c, strpos(c, '=') + 1)
    ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END))
FROM live, fresh, pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = live.oid;
"""
"""Statements that give a restored database what the living one has of its own: limit, grants, settings. They are none
for a database that has such things already. Lists (search_path, ...) stand in the catalogue as they are written."""
