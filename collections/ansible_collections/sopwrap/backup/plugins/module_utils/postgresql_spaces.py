# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tablespaces of a PostgreSQL server: made again where the office gives them a folder, or done without.

A target says where: `tablespaces: {NAME: /FOLDER}`. The folder is one on the server's host, empty, and of its account.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_dress as dress
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, identifier, literal

_OWN = "pg_default"
"""The tablespace that every server has."""


def require(client: Client, stored: StoredPoint, target: dict[str, Any]) -> None:
    """Refuse folders for tablespaces that the point does not know, or that the server has elsewhere."""
    given = target.get("tablespaces") or {}
    if not isinstance(given, dict) or not all(isinstance(path, str) and path[:1] == "/" for path in given.values()):
        raise Problem(
            "The target's tablespaces are no folders by names.", "Write {tablespaces: {NAME: /FOLDER}}.", refused=True
        )
    known = {one["name"] for one in stored.manifest["extras"]["tablespaces"]}
    there = {one["name"]: one["location"] for one in dress.tablespaces(client)}
    for name, path in given.items():
        if name not in known:
            raise Problem(
                f"The point knows no tablespace {name}.",
                f"It knows {', '.join(sorted(known)) or 'none'}.",
                refused=True,
            )
        if name in there and there[name] != path.rstrip("/"):
            raise Problem(
                f"The server has the tablespace {name} at {there[name]}.", "Leave it out of tablespaces.", refused=True
            )


def lost(client: Client, stored: StoredPoint, target: dict[str, Any]) -> list[str]:
    """The tablespaces of the point that the server has not, and that it is not going to have."""
    there = {one["name"] for one in dress.tablespaces(client)} | set(target.get("tablespaces") or {})
    return [one["name"] for one in stored.manifest["extras"]["tablespaces"] if one["name"] not in there]


def make(client: Client, stored: StoredPoint, target: dict[str, Any]) -> list[str]:
    """Make those that are given a folder, for their former owners; return their names. All or none are made."""
    owners = {one["name"]: one["owner"] for one in stored.manifest["extras"]["tablespaces"]}
    there = {one["name"] for one in dress.tablespaces(client)}
    made: list[str] = []
    for name, path in (target.get("tablespaces") or {}).items():
        if name in there:
            continue
        owner = f"OWNER {identifier(owners[name])} " if owners.get(name) else ""
        try:
            client.execute(f"CREATE TABLESPACE {identifier(name)} {owner}LOCATION {literal(path)};", "postgres")
        except Problem as problem:
            drop(client, made)
            reason = problem.message.partition("be changed: ")[2] or problem.message
            raise Problem(
                f"The tablespace {name} could not be made: {reason}",
                "Give a folder on the server's host that is empty and belongs to the server's account.",
            ) from problem
        made.append(name)
    return made


def drop(client: Client, names: list[str]) -> None:
    """Take back what `make` has made."""
    for name in names:
        client.execute(f"DROP TABLESPACE IF EXISTS {identifier(name)};", "postgres")


def placed(own: dict[str, Any], gone: list[str]) -> dict[str, Any]:
    """What a target says about where a database lies: in the tablespace it was in, and its tables too, if it can be."""
    there = own.get("tablespace") not in (None, _OWN, *gone)
    return {"tablespace": own["tablespace"] if there else None, "no_tablespaces": bool(gone)}
