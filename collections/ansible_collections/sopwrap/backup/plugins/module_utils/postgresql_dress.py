# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database has of its own and no dump of it holds: connection limit, grants on the database, settings in it.

Kept as plain JSON with a point of a whole server; the statements are made for whatever name the database then has.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, identifier, literal

BESIDE = "sopwrap.backup keeps this beside the living database"
"""The comment of a database that is no part of what lives on the server."""

_LISTS = (
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "local_preload_libraries",
    "DateStyle",
)
"""Settings that stand in the catalogue as they are written (see `postgresql_live`)."""

_OWN = """SELECT to_json(t) FROM (SELECT d.datname AS name, d.datconnlimit AS limit, d.datacl IS NOT NULL AS granted,
  (SELECT spcname FROM pg_tablespace WHERE oid = d.dattablespace) AS tablespace,
  ARRAY(SELECT json_build_array(CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
    a.privilege_type, a.is_grantable) FROM aclexplode(d.datacl) a) AS grants,
  ARRAY(SELECT json_build_array(CASE WHEN s.setrole = 0 THEN NULL ELSE pg_get_userbyid(s.setrole) END, c)
    FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = d.oid) AS settings
FROM pg_database d WHERE d.datallowconn AND NOT d.datistemplate AND d.datname <> 'postgres'
  AND shobj_description(d.oid, 'pg_database') IS DISTINCT FROM {beside} ORDER BY d.datname) t;"""

_TABLESPACES = """SELECT to_json(t) FROM (SELECT spcname AS name, pg_tablespace_location(oid) AS location,
  pg_get_userbyid(spcowner) AS owner FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%' ORDER BY spcname) t;"""


def databases(client: Client) -> list[dict[str, Any]]:
    """Every database of the server but its own (postgres, templates) and those beside, with what no dump holds."""
    return list(client.query(_OWN.format(beside=literal(BESIDE)), "postgres"))


def tablespaces(client: Client) -> list[dict[str, Any]]:
    """The tablespaces somebody has made, with where they are and whose."""
    return list(client.query(_TABLESPACES, "postgres"))


def statements(own: dict[str, Any], name: str) -> list[str]:
    """What gives a database of this name what another one had."""
    place = identifier(name)
    made = [f"ALTER DATABASE {place} CONNECTION LIMIT {int(own['limit'])};"]
    made += [f"REVOKE ALL ON DATABASE {place} FROM PUBLIC;"] if own["granted"] else []
    for grantee, privilege, grantable in own["grants"]:
        whom = "PUBLIC" if grantee is None else identifier(grantee)
        made.append(f"GRANT {privilege} ON DATABASE {place} TO {whom}{' WITH GRANT OPTION' if grantable else ''};")
    for role, setting in own["settings"]:
        key, _sign, value = setting.partition("=")
        where = f"DATABASE {place}" if role is None else f"ROLE {identifier(role)} IN DATABASE {place}"
        made.append(f"ALTER {where} SET {identifier(key)} = {value if key in _LISTS else literal(value)};")
    return made
