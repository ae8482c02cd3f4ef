# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `postgresql`: one database of a server, taken in one snapshot, brought back beside the living one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import (
    Client,
    identifier,
    literal,
    session,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_content import FACTS, ROLES, fingerprint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import PostgresqlLive, client_of
from ansible_collections.sopwrap.backup.plugins.module_utils.process import pump

PART = "database.dump"

SOURCE = {
    "database": {"type": "str", "required": True},
    "host": {"type": "str", "default": "/var/run/postgresql"},
    "port": {"type": "int", "default": 5432},
    "user": {"type": "str", "default": "postgres"},
    "password": {"type": "str", "no_log": True},
    "os_user": {"type": "str"},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Postgresql(PostgresqlLive):
    """One database. The dump and the fingerprint look at the same exported snapshot."""

    name = "postgresql"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Connect, and return the facts a new database has to be made with."""
        with client_of(asset) as client:
            facts = client.query(FACTS)[0]
        return {**facts, "database": asset["source"]["database"]}

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Hold a snapshot open while the database is dumped and fingerprinted."""
        with ExitStack() as stack:
            client = stack.enter_context(client_of(asset))
            ask = stack.enter_context(session(client))
            ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1;")
            snapshot = ask("SELECT pg_export_snapshot();").decode()
            options = ("--format=custom", "--compress=0", f"--snapshot={snapshot}")
            yield Capture(
                parts=[Stream(PART, lambda: client.dump(*options))],
                content=lambda: fingerprint(client, snapshot),
                extras={"roles": json.loads(ask(ROLES))},
                tools={"pg_dump": client.version()},
            )

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let pg_restore turn the whole archive into SQL, which goes nowhere."""
        with client_of(asset) as client:
            _feed(client, ["pg_restore", "--file=/dev/null"], stream)
        return "pg_restore read the whole archive"

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a database that exists, and one whose owners would be missing."""
        name = _target(target)
        with client_of(asset) as client:
            if client.query(f"SELECT 1 FROM pg_database WHERE datname = {literal(name)};", "postgres"):
                raise Problem(
                    f"The database {name} exists already at {client.place}.",
                    "Restore into a new one, or remove it yourself.",
                    refused=True,
                )
            missing = _missing_roles(client, stored)
            if missing and not target.get("create_roles"):
                raise Problem(
                    f"Roles that own or use things in the dump are missing at {client.place}: {', '.join(missing)}.",
                    "Create them, or add create_roles: true to the target to have them made without login.",
                    refused=True,
                )

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Restore into a database that does not exist yet; drop it again when that fails."""
        name = _target(target)
        with client_of(asset) as client:
            roles = [f"CREATE ROLE {identifier(role)} NOLOGIN;" for role in _missing_roles(client, stored)]
            client.execute("\n".join([*roles, _create(name, stored.manifest["source"])]), "postgres")
            try:
                argv = ["pg_restore", "--no-password", "--exit-on-error", "--dbname", client.target(name)]
                with stored.open(PART) as stream:
                    _feed(client, argv, stream)
            except BaseException:
                client.execute(f"DROP DATABASE IF EXISTS {identifier(name)};", "postgres")
                raise

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of a restored database."""
        with client_of(asset) as client:
            return fingerprint(client, database=_target(target))


def _feed(client: Client, argv: list[str], stream: BinaryIO) -> None:
    """Pump a stored dump into pg_restore."""
    with client.child(argv, "be restored") as child:
        pump(stream, child.stdin, lambda piece: None)
        child.finish()


def _target(target: dict[str, Any]) -> str:
    name = target.get("database")
    if not name or not isinstance(name, str):
        raise Problem(
            "The target names no database.", "Give the name of a new database: {database: NAME}.", refused=True
        )
    return name


def _missing_roles(client: Client, stored: StoredPoint) -> list[str]:
    """The roles the dump needs that the server does not have."""
    needed = {role["name"] for role in stored.manifest["extras"].get("roles", [])}
    known = set(client.query("SELECT to_json(rolname) FROM pg_roles;", "postgres"))
    return sorted(needed - known)


def _create(name: str, facts: dict[str, Any]) -> str:
    """The statement that makes an empty database with the encoding and locale of the one that was backed up."""
    words = [
        f"CREATE DATABASE {identifier(name)} TEMPLATE template0 ENCODING {literal(facts['encoding'])}",
        f"LC_COLLATE {literal(facts['collate'])} LC_CTYPE {literal(facts['ctype'])}",
    ]
    if facts.get("provider") == "i":
        words.append(f"LOCALE_PROVIDER icu ICU_LOCALE {literal(facts['locale'])}")
    if facts.get("owner"):
        words.append(f"OWNER {identifier(facts['owner'])}")
    return " ".join(words) + ";"
