# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that may use a database and what they may there: they are the server's, and no dump of one has them.

One line of JSON for each account: who it is, and the statements that make it again. Passwords are in them as the
server keeps them, hashed. Roles of the server, and what an account may in other databases, are not among them.
"""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import Client, identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run

_WHO = """SELECT DISTINCT JSON_OBJECT('user', u.User, 'host', u.Host) FROM mysql.user u JOIN (
  SELECT User, Host FROM mysql.db WHERE {name} LIKE Db
  UNION SELECT User, Host FROM mysql.tables_priv WHERE Db = {name}
  UNION SELECT User, Host FROM mysql.columns_priv WHERE Db = {name}
  UNION SELECT User, Host FROM mysql.procs_priv WHERE Db = {name}) g ON g.User = u.User AND g.Host = u.Host
WHERE u.is_role = 'N' ORDER BY 1;"""

_NAMES = "SELECT JSON_OBJECT('user', User, 'host', Host) FROM mysql.user WHERE is_role = 'N';"


def read(client: Client) -> bytes:
    """Return the accounts that hold a privilege in the asset's database."""
    lines = []
    for who in client.query(_WHO.format(name=literal(client.database))):
        name = f"{identifier(who['user'])}@{identifier(who['host'])}"
        made = _rows(client, f"SHOW CREATE USER {name};")
        granted = [line for line in _rows(client, f"SHOW GRANTS FOR {name};") if _is_of(line, client.database)]
        lines.append(json.dumps({**who, "statements": [*made, *granted]}, sort_keys=True))
    return "".join(f"{line}\n" for line in lines).encode()


def missing(client: Client, text: bytes) -> list[dict[str, Any]]:
    """Return the stored accounts that the server does not have."""
    there = {(one["user"], one["host"]) for one in client.query(_NAMES)}
    stored = [json.loads(line) for line in text.splitlines()]
    return [one for one in stored if (one["user"], one["host"]) not in there]


def require(client: Client, accounts: list[dict[str, Any]], database: str) -> None:
    """Refuse accounts with privileges on single tables or routines of a database that this server does not have."""
    whole = f"ON {identifier(database)}.* TO "
    single = [
        account["user"]
        for account in accounts
        for one in account["statements"]
        if one.startswith("GRANT ") and whole not in one.replace("\\_", "_")
    ]
    if single and not client.query(
        f"SELECT 1 FROM information_schema.schemata WHERE schema_name = {literal(database)};"
    ):
        raise Problem(
            f"{single[0]} has privileges on single tables of {database}, and this server has no {database}.",
            "Bring the database back under its name first, then make the accounts.",
            refused=True,
        )


def make(client: Client, accounts: list[dict[str, Any]]) -> None:
    """Make these accounts as they were."""
    statements = [f"{one};" for account in accounts for one in account["statements"]]
    if statements:
        client.execute("\n".join(statements))


def _is_of(grant: str, database: str) -> bool:
    """Whether a grant is about this database: its tables, or (ON PROCEDURE `a`.`b`) its routines."""
    where = grant.partition(" ON ")[2].partition(" TO ")[0].replace("\\_", "_")
    return any(word.startswith(f"{identifier(database)}.") for word in (where, where.partition(" ")[2]))


def _rows(client: Client, sql: str) -> list[str]:
    output = run(client.mariadb(), client.explain("have its accounts read"), sql.encode(), **client.setting)
    return output.decode().splitlines()
