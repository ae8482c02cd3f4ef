# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A MariaDB database in the place of the living one: all tables change places in one statement.

The server has no name to change for a database, and tables with triggers cannot move. So triggers, views, routines and
events, which hold no data, are dropped on both sides before, and made again from their own texts afterwards. Which side
is which tells a table without rows that is renamed by the very statement that moves the data.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import Client, identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_content import facts, numbered, relocated
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target

_LONGEST_NAME = 64
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


class MariadbLive(Replaceable):
    """Notes hold, for both databases, the names of the tables and the texts of everything that is no table."""

    def place(self, asset: Asset) -> dict[str, str]:
        """The database and the server, as the inventory names them."""
        source = asset["source"]
        if source["database"] in ("mysql", "sys", "information_schema", "performance_schema"):
            raise Problem(
                f"The database {source['database']} belongs to the server itself and cannot be replaced.",
                "Restore it beside, into a database of another name.",
                refused=True,
            )
        server = source.get("socket") or f"{source.get('host') or 'localhost'} port {source.get('port') or 3306}"
        return {"database": source["database"], "server": server}

    def alive(self, asset: Asset) -> bool:
        """Whether the database exists."""
        with client_of(asset) as client:
            return facts(client.query, client.database) is not None

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is called as the living database."""
        return bool(target.get("database") == asset["source"]["database"])

    def beside(self, asset: Asset, mark: str) -> Target:
        """A database of the same name with the mark."""
        return {"database": _marked(asset["source"]["database"], mark)}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as the stored dump; what is free only where the server is on this host."""
        needed, free = sum(part["size_bytes"] for part in manifest["parts"]), None
        if asset["source"].get("socket"):
            with client_of(asset) as client, suppress(Problem, OSError):
                status = os.statvfs(client.query("SELECT JSON_QUOTE(@@datadir);")[0])
                free = status.f_bavail * status.f_frsize
        return Room(needed, free)

    def require_idle(self, asset: Asset) -> None:
        """Wait a little for the last clients, then refuse and name them."""
        end = time.monotonic() + _PATIENCE
        with client_of(asset) as client:
            while clients := client.query(_CLIENTS.format(name=literal(client.database))):
                if time.monotonic() > end:
                    raise Problem(
                        f"Clients are connected to the database {client.database}: {', '.join(clients[:5])}.",
                        "Name the services they belong to in services of the asset, or end them.",
                        refused=True,
                    )
                time.sleep(0.5)

    def note(self, pair: Pair) -> dict[str, Any]:
        """The tables and the other things of both databases; null for one that does not exist."""
        with client_of(pair.asset) as client:
            sides = {"live": client.database, "beside": self._beside(pair)}
            return {
                "mark": secrets.token_hex(4),
                **{side: _inventory(client, name) for side, name in sides.items()},
            }

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Move the tables unless they are where they belong, then make everything else anew on both sides."""
        live, beside, notes = pair.asset["source"]["database"], self._beside(pair), pair.notes
        with client_of(pair.asset) as client:
            hub = _Hub(client, _marked(live, f"{pair.mark}_"), notes["mark"])
            if back and hub.state() is None:
                return
            if hub.state() is None:
                hub.make()
            wanted = "apart" if back else "exchanged"
            if hub.state() != wanted:
                for name in (live, beside):
                    client.execute(f"CREATE DATABASE IF NOT EXISTS {identifier(name)};")
                    _strip(client, name)
                hub.exchange(live, beside, wanted)
            sides = ("live", "beside") if back else ("beside", "live")
            for name, side in zip((live, beside), sides, strict=True):
                _dress(client, name, notes[side], (live, beside))

    def discard(self, asset: Asset, target: Target) -> None:
        """Drop the database."""
        with client_of(asset) as client:
            client.execute(f"DROP DATABASE IF EXISTS {identifier(target['database'])};")

    def remove(self, pair: Pair) -> None:
        """Drop the database beside and the one the tables went through."""
        for name in (self._beside(pair), _marked(pair.asset["source"]["database"], f"{pair.mark}_")):
            self.discard(pair.asset, {"database": name})

    def _beside(self, pair: Pair) -> str:
        return str(self.beside(pair.asset, pair.mark)["database"])


class _Hub:
    """The database through which tables pass, and in it the empty table that says on which side they are."""

    def __init__(self, client: Client, name: str, mark: str) -> None:
        self._client = client
        self.name = name
        self._mark = mark

    def state(self) -> str | None:
        """`apart`, `exchanged`, or None before the beginning."""
        known = _tables(self._client, self.name)
        return next((word for word in ("apart", "exchanged") if f"{word}_{self._mark}" in known), None)

    def make(self) -> None:
        """Begin: nothing is exchanged."""
        marker = f"{identifier(self.name)}.{identifier(f'apart_{self._mark}')}"
        self._client.execute(
            f"CREATE DATABASE IF NOT EXISTS {identifier(self.name)};\nCREATE TABLE {marker} (i INT) ENGINE=InnoDB;"
        )

    def exchange(self, live: str, beside: str, wanted: str) -> None:
        """Move all tables of both databases, and with them the sign of where they are."""
        ways = [(live, self.name), (beside, live), (self.name, beside)]
        known = {name: _tables(self._client, name) for name in (live, beside)}
        known[self.name] = known[live]
        moves = [f"{_full(old, table)} TO {_full(new, table)}" for old, new in ways for table in known[old]]
        signs = [f"{word}_{self._mark}" for word in ("apart", "exchanged")]
        present, coming = signs if wanted == "exchanged" else reversed(signs)
        moves.append(f"{_full(self.name, present)} TO {_full(self.name, coming)}")
        self._client.execute(f"SET SESSION lock_wait_timeout = 30;\nRENAME TABLE {', '.join(moves)};")


def _inventory(client: Client, name: str) -> dict[str, Any] | None:
    """What is made anew in a database after its tables have moved: its character set, and texts without data."""
    known = facts(client.query, name)
    if known is None:
        return None
    bare = client.dumper("--no-data", "--no-create-info", "--skip-lock-tables", "--", name)
    texts = [run(bare, client.explain("have its triggers read"), **client.setting)]
    views = _tables(client, name, views=True)
    if views:
        argv = client.dumper("--no-data", "--skip-lock-tables", "--skip-triggers", "--skip-routines", "--skip-events")
        texts.insert(0, run([*argv, "--", name, *views], client.explain("have its views read"), **client.setting))
    return {
        "name": name,
        "character_set": known["character_set"],
        "collation": known["collation"],
        "views": views,
        "text": b"\n".join(texts).decode("utf-8", "surrogateescape"),
    }


def _strip(client: Client, name: str) -> None:
    """Drop everything of a database that holds no data."""
    drops = client.query(_DROPS.format(name=literal(name)))
    lines = [f"DROP {word} IF EXISTS {_full(name, thing)};" for word, thing in drops]
    client.execute("\n".join(lines) or "DO 0;")


def _dress(client: Client, name: str, known: dict[str, Any] | None, exchanged: tuple[str, ...]) -> None:
    """Give a database the things that belong to the tables it has now; one that did not exist goes away empty.

    The tables may come from either of the `exchanged` databases, and may have been given something already.
    """
    if known is None:
        if not _tables(client, name):
            client.execute(f"DROP DATABASE IF EXISTS {identifier(name)};")
        return
    _strip(client, name)
    charset = f"CHARACTER SET {known['character_set']} COLLATE {known['collation']}"
    client.execute(f"ALTER DATABASE {identifier(name)} {charset};")
    prefix = identifier(name).encode() + b"."
    lines = known["text"].encode("utf-8", "surrogateescape").splitlines(keepends=True)
    text = b"".join(relocated(line, known["name"], prefix) for line in lines)
    for table, column, default in client.query(_NUMBERED.format(name=literal(name))):
        moved = default.encode()
        for former in exchanged:
            moved = numbered(moved, former, prefix)
        place = f"{_full(name, table)} ALTER COLUMN {identifier(column)}"
        client.execute(f"ALTER TABLE {place} SET DEFAULT ({moved.decode()});")
    run(client.mariadb(name), client.explain("be changed"), text, **client.setting)


def _tables(client: Client, name: str, views: bool = False) -> list[str]:
    """The names of what holds data (tables, sequences), or of the views."""
    return client.query(
        "SELECT JSON_QUOTE(table_name) FROM information_schema.tables "
        f"WHERE table_schema = {literal(name)} AND table_type {'=' if views else '<>'} 'VIEW' ORDER BY table_name;"
    )


def _full(database: str, name: str) -> str:
    return f"{identifier(database)}.{identifier(name)}"


def _marked(name: str, mark: str) -> str:
    return f"{name[: _LONGEST_NAME - len(mark) - 1]}_{mark}"


_CLIENTS = """SELECT JSON_QUOTE(CONCAT_WS(' ', user, host, CONCAT('id ', id))) FROM information_schema.processlist
WHERE db = {name} AND id <> CONNECTION_ID();"""

_DROPS = """
SELECT JSON_ARRAY('TRIGGER', trigger_name) FROM information_schema.triggers WHERE trigger_schema = {name}
UNION ALL SELECT JSON_ARRAY('VIEW', table_name) FROM information_schema.views WHERE table_schema = {name}
UNION ALL SELECT JSON_ARRAY(routine_type, routine_name) FROM information_schema.routines WHERE routine_schema = {name}
UNION ALL SELECT JSON_ARRAY('EVENT', event_name) FROM information_schema.events WHERE event_schema = {name};
"""

_NUMBERED = """SELECT JSON_ARRAY(table_name, column_name, column_default) FROM information_schema.columns
WHERE table_schema = {name} AND column_default REGEXP '(next|last)val[(]';"""
"""Columns whose default takes a number from a sequence, which goes on naming the database it was made in."""
