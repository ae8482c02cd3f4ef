# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts that may use a database and what they may there: they are the server's, and no dump of one has them.

One line of JSON for each account and each role: who it is, the statements that make it again, an account's default
role, a role's members. Passwords are in them as the server keeps them, hashed. What an account may in other databases
is not among them, nor what everybody may (PUBLIC), nor an administrator of the server who holds a role of it.
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
WHERE u.User <> 'PUBLIC' ORDER BY 1;"""

_ALL = """SELECT JSON_OBJECT('user', User, 'host', Host, 'role', is_role = 'Y', 'default_role', default_role,
'administrator', Super_priv = 'Y') FROM mysql.user WHERE User <> 'PUBLIC';"""

_MEMBERS = """SELECT JSON_OBJECT('user', User, 'host', Host, 'role', Role, 'admin', Admin_option = 'Y')
FROM mysql.roles_mapping ORDER BY 1;"""

_CREATOR = """SELECT JSON_OBJECT('user', SUBSTRING_INDEX(CURRENT_USER(), '@', 1),
'host', SUBSTRING_INDEX(CURRENT_USER(), '@', -1));"""

Who = tuple[str, str]
"""A user and a host; a role's host is empty."""


def read(client: Client) -> bytes:
    """Return the accounts and roles that hold a privilege in the asset's database, by themselves or by a role."""
    known = {_who(one): one for one in client.query(_ALL)}
    members = client.query(_MEMBERS)
    direct = [_who(one) for one in client.query(_WHO.format(name=literal(client.database)))]
    lines = []
    for who in _holders(direct, members, known):
        one, name = known[who], _name(who)
        created = [f"CREATE ROLE {name}"] if one["role"] else _rows(client, f"SHOW CREATE USER {name};")
        granted = [line for line in _rows(client, f"SHOW GRANTS FOR {name};") if _is_of(line, client.database, name)]
        told: dict[str, Any] = {"user": one["user"], "host": one["host"], "statements": [*created, *granted]}
        if one["role"]:
            own = [member for member in members if member["role"] == one["user"]]
            told["members"] = [{key: member[key] for key in ("user", "host", "admin")} for member in own]
        elif one["default_role"]:
            told["default_role"] = one["default_role"]
        lines.append(json.dumps(told, sort_keys=True))
    return "".join(f"{line}\n" for line in lines).encode()


def missing(client: Client, text: bytes) -> list[dict[str, Any]]:
    """Return the stored accounts and roles that the server does not have, with whom they have to be joined.

    `joins` of the first of them are the memberships that come with any of them: role, member, and whether the member
    may give the role to others; `defaults` the default roles, likewise.
    """
    there = {_who(one) for one in client.query(_ALL)}
    stored = [json.loads(line) for line in text.splitlines()]
    found = [one for one in stored if _who(one) not in there]
    if found:
        made = {_who(one) for one in found}
        roles = [one for one in stored if "members" in one]
        pairs = [((role["user"], ""), _who(member), member["admin"]) for role in roles for member in role["members"]]
        defaults = [((one["default_role"], ""), _who(one)) for one in stored if one.get("default_role")]
        both = there | made
        found[0]["joins"] = [pair for pair in pairs if {*pair[:2]} <= both and {*pair[:2]} & made]
        found[0]["defaults"] = [pair for pair in defaults if {*pair} <= both and {*pair} & made]
    return found


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
    """Make these accounts and roles (as `missing` gives them) as they were."""
    if not accounts:
        return
    (creator,) = client.query(_CREATOR)
    statements = [one for account in accounts for one in account["statements"]]
    joins = accounts[0].get("joins", [])
    for role, member, admin in joins:
        statements.append(f"GRANT {_name(role)} TO {_name(member)}" + (" WITH ADMIN OPTION" if admin else ""))
    for role, member in accounts[0].get("defaults", []):
        statements.append(f"SET DEFAULT ROLE {_name(role)} FOR {_name(member)}")
    for account in accounts:
        role = (account["user"], "")
        if "members" in account and not any(join[0] == role and join[1] == _who(creator) for join in joins):
            statements.append(f"REVOKE {_name(role)} FROM {_name(_who(creator))}")
    client.execute("".join(f"{one};\n" for one in statements))


def _holders(direct: list[Who], members: list[dict[str, Any]], known: dict[Who, dict[str, Any]]) -> list[Who]:
    """Those who hold a privilege, and the members of roles among them, and the members of these; roles come first."""
    found, waiting = set(direct), [who for who in direct if known[who]["role"]]
    while waiting:
        role = waiting.pop()[0]
        for who in (_who(one) for one in members if one["role"] == role):
            if who in known and who not in found and not known[who]["administrator"]:
                found.add(who)
                waiting += [who] if known[who]["role"] else []
    return sorted(found, key=lambda who: (not known[who]["role"], who))


def _who(one: dict[str, Any]) -> Who:
    return one["user"], one["host"]


def _name(who: Who) -> str:
    user, host = who
    return f"{identifier(user)}@{identifier(host)}" if host else identifier(user)


def _is_of(grant: str, database: str, name: str) -> bool:
    """Whether a grant to this name is about this database: its tables, or (ON PROCEDURE `a`.`b`) its routines.

    The server tells the grants of a role together with those of the roles it is a member of.
    """
    where, to, whom = grant.partition(" ON ")[2].partition(" TO ")
    place = where.replace("\\_", "_")
    own = any(word.startswith(f"{identifier(database)}.") for word in (place, place.partition(" ")[2]))
    return own and bool(to) and (whom == name or whom.startswith(f"{name} "))


def _rows(client: Client, sql: str) -> list[str]:
    output = run(client.mariadb(), client.explain("have its accounts read"), sql.encode(), **client.setting)
    return output.decode().splitlines()
