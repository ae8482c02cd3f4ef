# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `mariadb`: one database of a server, dumped and fingerprinted as of one moment."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import mariadb_accounts as accounts
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
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import (
    Ask,
    Client,
    identifier,
    session,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_content import facts, fingerprint, relocated
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_live import MariadbLive, client_of
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child

PART, ACCOUNTS_PART = "database.sql", "accounts.jsonl"
_ACCOUNTS_BY_HAND = Step(
    "Hanya pada server yang belum mempunyai akun-akun itu: buat akun yang boleh memakai basis data ini beserta hash"
    f" sandinya. Berkas {ACCOUNTS_PART} memuat satu akun per baris; haknya berlaku pada basis data dengan nama semula.",
    (
        "python3 -c \"import json; print(*(one + ';' for line in open('"
        + ACCOUNTS_PART
        + "') for one in json.loads(line)['statements']), sep='\\n')\" | mariadb",
    ),
)
_LAST = b"/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;"
"""What mariadb-dump writes as its last statement."""

_MODE = b"/*!40101 SET @OLD_SQL_MODE="
"""How the line begins with which a dump sets its own sql_mode."""

_BEGIN = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT;"

SOURCE = {
    "database": {"type": "str", "required": True},
    "socket": {"type": "path"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "accounts": {"type": "bool", "default": False},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Mariadb(MariadbLive):
    """One database. A short global read lock makes the dump and the fingerprint begin at the same moment."""

    name = "mariadb"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Connect, and return the facts a new database has to be made with."""
        with client_of(asset) as client:
            found = facts(client.query, client.database)
            if found is None:
                raise Problem(
                    f"There is no database {client.database} at {client.place}.",
                    "Correct the database in the asset's source.",
                )
            if set(client.database) & set("'\""):
                raise Problem(
                    f"mariadb-dump cannot dump routines and events of the database {client.database}, because its name "
                    "holds a quotation mark.",
                    "Give the database another name.",
                )
            return found

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Hold our own snapshot open while the database is dumped and fingerprinted."""
        with client_of(asset) as client, ExitStack() as stack:
            ask = stack.enter_context(session(client))
            known = facts(ask, client.database) or {}
            lock = _lock(client, stack)
            ask(_BEGIN)
            argv = client.dumper("--single-transaction", "--", client.database)
            dump = stack.enter_context(Child(argv, client.explain("be dumped"), **client.setting))
            _wait_for_first_output(dump)
            if lock and not known.get("other_engines"):
                lock("UNLOCK TABLES;")
            server = [Blob(ACCOUNTS_PART, accounts.read(client))] if asset["source"].get("accounts") else []
            yield Capture(
                parts=[Stream(PART, lambda: _to_the_end(dump)), *server],
                content=lambda: fingerprint(client, ask, client.database),
                facts={**known, "fingerprint_moment": "same" if lock else "near"},
                tools={"mariadb-dump": client.version()},
            )

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Read the dump: as many tables as the fingerprint counts, and the statement that ends every dump."""
        if part == ACCOUNTS_PART:
            return f"{sum(1 for _line in stream)} accounts of the server"
        tables, last = 0, b""
        for line in stream:
            tables += line.startswith(b"CREATE TABLE `")
            last = line.strip() or last
        if last != _LAST or tables < stored.content().count:
            raise Problem(f"The dump of {stored.id} is not whole.", "Use another point.")
        return f"the dump holds {tables} tables and its end"

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a database that exists."""
        name = _target(target)
        with client_of(asset) as client:
            if facts(client.query, name) is not None:
                raise Problem(
                    f"The database {name} exists already at {client.place}.",
                    "Restore into a new one, or remove it yourself.",
                    refused=True,
                )
            accounts.require(client, _lost_accounts(client, stored, target), stored.manifest["source"]["database"])

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Restore into a database that does not exist yet; drop it again when that fails."""
        name = _target(target)
        source = stored.manifest["source"]
        with client_of(asset) as client:
            accounts.make(client, _lost_accounts(client, stored, target))
            client.execute(
                f"CREATE DATABASE {identifier(name)} CHARACTER SET {source['character_set']} "
                f"COLLATE {source['collation']};"
            )
            try:
                with stored.open(PART) as stream, client.child(client.mariadb(name), "be restored") as child:
                    for line in stream:
                        child.stdin.write(_fitting(line, source["database"], name))
                    child.stdin.flush()
                    child.finish()
            except BaseException:
                client.execute(f"DROP DATABASE IF EXISTS {identifier(name)};")
                raise

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """With MariaDB's own client, into a new database; days the calendar does not have are let pass (`_fitting`)."""
        known = manifest["source"]
        create = f"CREATE DATABASE \\`$TUJUAN\\` CHARACTER SET {known['character_set']} COLLATE {known['collation']}"
        mode = "NO_AUTO_VALUE_ON_ZERO"
        load = f"""sed "/SET @OLD_SQL_MODE=/s/SQL_MODE='{mode}'/SQL_MODE='{mode},ALLOW_INVALID_DATES'/" {PART}"""
        return [
            Step("Masuk dengan akun yang boleh membuat basis data (~/.my.cnf).", ("mariadb --execute='SELECT 1'",)),
            chosen(f"{known['database']}_pulih", "nama basis data yang baru"),
            Step("Buat basis data kosong.", (f'mariadb --execute="{create}"',)),
            Step("Muat isinya.", (f'{load} | mariadb "$TUJUAN"',)),
            *([_ACCOUNTS_BY_HAND] if ACCOUNTS_PART in [part["name"] for part in manifest["parts"]] else []),
        ]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of a restored database."""
        with client_of(asset) as client, session(client) as ask:
            ask(_BEGIN)
            return fingerprint(client, ask, _target(target))


def _lost_accounts(client: Client, stored: StoredPoint, target: dict[str, Any]) -> list[dict[str, Any]]:
    """The accounts of the point that the server lacks, where the target wants them made."""
    if not target.get("create_accounts"):
        return []
    if ACCOUNTS_PART not in [part["name"] for part in stored.manifest["parts"]]:
        raise Problem(
            f"The point {stored.id} holds no accounts.", "Set accounts: true in the asset's source.", refused=True
        )
    with stored.open(ACCOUNTS_PART) as stream:
        return accounts.missing(client, stream.read())


def _fitting(line: bytes, former: str, name: str) -> bytes:
    """Make a line of a dump fit for a database of another name; let days pass that the calendar does not have.

    Without ALLOW_INVALID_DATES the server would turn a stored 31 February into zeros.
    """
    if line.startswith(_MODE):
        return line.replace(
            b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO'", b"SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
        )
    return relocated(line, former, identifier(name).encode() + b".")


def _lock(client: Client, stack: ExitStack) -> Ask | None:
    """Stop all writing for a moment and return the session that does; without the right to (RELOAD), return None.

    The fingerprint may then be of a moment a little before the dump's, and the manifest says `near` instead of `same`.
    """
    own = ExitStack()
    ask = own.enter_context(session(client))
    try:
        ask("FLUSH TABLES WITH READ LOCK;")
    except Problem as problem:
        with suppress(Problem):
            own.close()
        if "Access denied" not in problem.message:
            raise
        return None
    stack.push(own)
    return ask


def _wait_for_first_output(dump: Child) -> None:
    """Wait until the dump's own transaction is open.

    mariadb-dump writes into a full buffer of several KiB, more than its heading has, so its first output comes when it
    reads tables, which is after it has begun its transaction; or at its end, when there is little to dump.
    """
    select.select([dump.stdout], [], [])


@contextmanager
def _to_the_end(dump: Child) -> Iterator[BinaryIO]:
    """Give the output of the dump that is running; at the end of the block it must have ended well."""
    yield dump.stdout
    dump.finish()


def _target(target: dict[str, Any]) -> str:
    name = target.get("database")
    if not name or not isinstance(name, str):
        raise Problem(
            "The target names no database.", "Give the name of a new database: {database: NAME}.", refused=True
        )
    return name
