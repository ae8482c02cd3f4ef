# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `postgresql`: one database of a server, taken in one snapshot, brought back beside the living one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from shlex import quote
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, chosen
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
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
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_load import feed, jobs, load, require_room

PART, ROLES_PART = "database.dump", "roles.sql"
ROLES_BY_HAND = Step(
    "Hanya pada server yang baru: muat semua peran server semula beserta hash sandinya. Peran yang sudah ada akan ikut"
    " diubah; galat bahwa peran sudah ada boleh diabaikan.",
    (f"psql --dbname=postgres --file={ROLES_PART}",),
)

SOURCE = {
    "database": {"type": "str", "required": True},
    "host": {"type": "str", "default": "/var/run/postgresql"},
    "port": {"type": "int", "default": 5432},
    "user": {"type": "str", "default": "postgres"},
    "password": {"type": "str", "no_log": True},
    "os_user": {"type": "str"},
    "roles": {"type": "bool", "default": False},
    "jobs": {"type": "int", "default": 1},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Postgresql(PostgresqlLive):
    """One database. The dump and the fingerprint look at the same exported snapshot."""

    name = "postgresql"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Connect, and return the facts a new database has to be made with."""
        with client_of(asset) as client:
            facts = client.query(FACTS)[0]
            client.met(facts["server_version"])
        return {**facts, "database": asset["source"]["database"]}

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Hold a snapshot open while the database is dumped and fingerprinted."""
        with ExitStack() as stack:
            client = stack.enter_context(client_of(asset))
            version = Beside(client.version)
            ask = stack.enter_context(session(client))
            ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1;")
            snapshot = ask("SELECT pg_export_snapshot();").decode()
            client.know_encoding(ask("SELECT getdatabaseencoding();").decode())
            options = ("--format=custom", "--compress=0", f"--snapshot={snapshot}")
            server = [Blob(ROLES_PART, pieces.roles(client))] if asset["source"].get("roles") else []
            yield Capture(
                parts=[Stream(PART, lambda: client.dump(*options)), *server],
                content=lambda: fingerprint(client, snapshot),
                extras={"roles": json.loads(ask(ROLES))},
                tools={"pg_dump": version.result()},
            )

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let pg_restore turn the whole archive into SQL, which goes nowhere; of the roles count what is there."""
        if part == ROLES_PART:
            return f"{stream.read().count(b'CREATE ROLE ')} roles of the server"
        with client_of(asset) as client:
            feed(client, ["pg_restore", "--file=/dev/null"], stream)
        return "pg_restore read the whole archive"

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a database that exists, and one whose owners would be missing."""
        name = _target(target)
        pieces.require(stored.content(), pieces.tables(target))
        require_room(stored, PART, jobs(asset, target))
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
                    "Create them, or add create_roles: true to the target to have them made (without login where the "
                    "point holds no roles).",
                    refused=True,
                )

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Restore into a database that does not exist yet; drop it again when that fails."""
        name, chosen = _target(target), pieces.tables(target)
        with client_of(asset) as client:
            roles = _new_roles(client, stored, target)
            made = _create(name, stored.manifest["source"], target.get("tablespace"))
            client.execute("\n".join([*roles, made]), "postgres")
            try:
                listed = client.in_memory(pieces.entries(client, stored, PART, chosen)) if chosen else None
                words = [
                    "--dbname",
                    client.target(name, loading=True),
                    *([f"--use-list={listed.path}"] if listed else []),
                ]
                words += ["--no-tablespaces"] if target.get("no_tablespaces") else []
                load(client, stored, PART, words, jobs(asset, target), *([listed] if listed else []))
            except BaseException:
                client.execute(f"DROP DATABASE IF EXISTS {identifier(name)};", "postgres")
                raise

    def wanted(self, stored: StoredPoint, target: dict[str, Any]) -> Content:
        """All of the point, or the tables the target asks for."""
        return pieces.part(stored.content(), pieces.tables(target))

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """With PostgreSQL's own programs, into a new database; roles that are missing are made without login."""
        known = manifest["source"]
        words = ["createdb --template=template0", f"--encoding={quote(known['encoding'])}"]
        words += [f"--lc-collate={quote(known['collate'])} --lc-ctype={quote(known['ctype'])}"]
        if known.get("provider") == "i":
            words.append(f"--locale-provider=icu --icu-locale={quote(known['locale'])}")
        words += [f"--owner={quote(known['owner'])}"] if known.get("owner") else []
        roles = [quote(role["name"]) for role in manifest["extras"].get("roles", [])]
        make = tuple(f"createuser --no-login {role} || true" for role in roles)
        return [
            Step("Masuk dengan akun yang boleh membuat basis data (PGHOST, PGPORT, PGUSER bila perlu).", ("psql -l",)),
            chosen(f"{manifest['asset']}-pulih", "nama basis data yang baru"),
            *([ROLES_BY_HAND] if ROLES_PART in [part["name"] for part in manifest["parts"]] else []),
            *([Step("Buat peran pemilik data; galat bahwa peran sudah ada boleh diabaikan.", make)] if make else []),
            Step("Buat basis data kosong.", (f'{" ".join(words)} "$TUJUAN"',)),
            Step("Muat isinya.", (f'pg_restore --exit-on-error --dbname="$TUJUAN" {PART}',)),
        ]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of a restored database."""
        with client_of(asset) as client:
            return pieces.part(fingerprint(client, database=_target(target)), pieces.tables(target))


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


def _new_roles(client: Client, stored: StoredPoint, target: dict[str, Any]) -> list[str]:
    """The statements that make the roles that are missing: as they were, where the point holds the server's roles.

    `create_roles: all` makes every role of that server, not only those the database needs.
    """
    missing = _missing_roles(client, stored)
    if ROLES_PART not in [part["name"] for part in stored.manifest["parts"]]:
        return [f"CREATE ROLE {identifier(role)} NOLOGIN;" for role in missing]
    with stored.open(ROLES_PART) as stream:
        text = stream.read()
    if target.get("create_roles") == "all":
        there = set(client.query("SELECT to_json(rolname) FROM pg_roles;", "postgres"))
        missing = [role for role in pieces.known(client, text) if role not in there]
    return pieces.role_statements(client, text, missing)


def _create(name: str, facts: dict[str, Any], tablespace: str | None = None) -> str:
    """The statement that makes an empty database with the encoding and locale of the one that was backed up."""
    words = [
        f"CREATE DATABASE {identifier(name)} TEMPLATE template0 ENCODING {literal(facts['encoding'])}",
        f"LC_COLLATE {literal(facts['collate'])} LC_CTYPE {literal(facts['ctype'])}",
    ]
    if facts.get("provider") == "i":
        words.append(f"LOCALE_PROVIDER icu ICU_LOCALE {literal(facts['locale'])}")
    if facts.get("owner"):
        words.append(f"OWNER {identifier(facts['owner'])}")
    if tablespace:
        words.append(f"TABLESPACE {identifier(tablespace)}")
    return " ".join(words) + ";"
