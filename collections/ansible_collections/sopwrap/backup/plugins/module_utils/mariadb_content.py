# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of a MariaDB database: what is compared after a restore."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import Ask, Client, identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run

RULES = 2
"""See `Content`; by rules 1 long values were written out."""

_AS_BYTES = {"char", "varchar", "tinytext", "binary", "varbinary", "tinyblob", "point"}
"""Types that are taken as their bytes in hexadecimal: no character set and no collation has a say in them."""

_AS_HASH = {"text", "mediumtext", "longtext", "blob", "mediumblob", "longblob"}
_AS_HASH |= {"geometry", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"}
"""Types that may be long, and are taken as the hash of their bytes: no copy of them is made, and they may be as long as
the server allows, where hexadecimal would have no room and be NULL.
"""

_PASSING = re.compile(rb" AUTO_INCREMENT=\d+|^DO SETVAL\(.*$", re.MULTILINE)
"""The next number of a table or a sequence, which goes on counting while the dump runs, in no snapshot."""

_VIEW, _COLUMN = b"/*!50001 VIEW ", b"  `"
"""How mariadb-dump begins the line with a view's text, and the server that of a column."""


def relocated(line: bytes, database: str, prefix: bytes) -> bytes:
    """Change in a line of a dump the prefix that names the dumped database, where the server writes it out.

    In a view's text that is before columns (`database`.`table`.`column`): MariaDB leaves it out there, but not when the
    account that defined the view is no longer there. In a column's default it is before a sequence.
    """
    if line.startswith(_VIEW):
        name = re.escape(identifier(database).encode())
        return re.sub(rb"(?<!`)%b\.(?=`(?:[^`]|``)+`\.`)" % name, lambda _found: prefix, line)
    return numbered(line, database, prefix) if line.startswith(_COLUMN) else line


def numbered(default: bytes, database: str, prefix: bytes) -> bytes:
    """Change that prefix of the sequences from which a column's default takes its number."""
    name = re.escape(identifier(database).encode())
    return re.sub(rb"\b((?:next|last)val\()%b\." % name, lambda found: found[1] + prefix, default)


def fingerprint(client: Client, ask: Ask, database: str) -> Content:
    """Take the fingerprint of a database within a session that has its transaction open; count its tables."""
    items = []
    for name, columns in _tables(ask, database).items():
        (item,) = ask(_row_query(database, name, columns))
        items.append(item)
    tables = [item["count"] for item in items if item["name"].startswith("table ")]
    return Content.of([*items, schema(client, database)], count=len(tables), rows=sum(tables), rules=RULES)


def _names(ask: Ask, database: str, *types: str) -> list[str]:
    wanted = ", ".join(literal(word) for word in types)
    return ask(
        "SELECT JSON_QUOTE(table_name) FROM information_schema.tables "
        f"WHERE table_schema = {literal(database)} AND table_type IN ({wanted}) ORDER BY table_name;"
    )


def _tables(ask: Ask, database: str) -> dict[str, list[dict[str, str]]]:
    """Return every table with its columns, but for those that are computed from others."""
    found: dict[str, list[dict[str, str]]] = {
        name: [] for name in _names(ask, database, "BASE TABLE", "SYSTEM VERSIONED")
    }
    rows = ask(
        "SELECT JSON_OBJECT('table', table_name, 'name', column_name, 'type', data_type) "
        f"FROM information_schema.columns WHERE table_schema = {literal(database)} AND is_generated <> 'ALWAYS' "
        "ORDER BY table_name, ordinal_position;"
    )
    for row in rows:
        if row["table"] in found:
            found[row["table"]].append(row)
    return found


def _row_query(database: str, table: str, columns: list[dict[str, str]]) -> str:
    """The query for one table's item: rows are hashed and the hashes summed, so their order does not matter."""
    texts = ", ".join(f"IFNULL({_text(column)}, 'N')" for column in columns) or "''"
    digest = f"CAST(CONV(LEFT(MD5(CONCAT_WS('|', {texts})), 16), 16, 10) AS DECIMAL(30))"
    return (
        f"SELECT JSON_OBJECT('name', {literal('table ' + table)}, 'count', COUNT(*), "
        f"'digest', CAST(IFNULL(SUM({digest}), 0) AS CHAR)) FROM {identifier(database)}.{identifier(table)};"
    )


def _text(column: dict[str, str]) -> str:
    """A column as ASCII that tells NULL, the empty text and every value apart, as exactly as the dump does."""
    name = identifier(column["name"])
    if column["type"] in _AS_BYTES:
        return f"HEX({name})"
    if column["type"] in _AS_HASH:
        return f"SHA1({name})"
    if column["type"] == "bit":
        return f"CAST({name} + 0 AS CHAR)"
    if column["type"] in ("enum", "set"):
        return f"HEX(CAST({name} AS CHAR CHARACTER SET utf8mb4))"
    return f"CAST({name} AS CHAR)"


def schema(client: Client, database: str) -> dict[str, Any]:
    """Return the item `schema`: the digest of a dump without data and without what goes on counting."""
    argv = client.dumper("--no-data", "--skip-lock-tables", "--skip-add-drop-table", "--", database)
    text = _PASSING.sub(b"", run(argv, client.explain("have its schema read"), **client.setting))
    lines = [
        relocated(line, database, b"")
        for line in text.splitlines()
        if line and not line.startswith((b"--", b"/*M!999999"))
    ]
    return {"name": "schema", "count": len(lines), "digest": hashlib.sha256(b"\n".join(lines)).hexdigest()}


def facts(ask: Ask, database: str) -> dict[str, Any] | None:
    """Return the public facts of a database, or None when it does not exist."""
    rows = ask(
        "SELECT JSON_OBJECT('database', s.schema_name, 'server_version', VERSION(), "
        "'character_set', s.default_character_set_name, 'collation', s.default_collation_name, "
        "'size_bytes', (SELECT IFNULL(SUM(data_length), 0) FROM information_schema.tables "
        f"WHERE table_schema = {literal(database)}), "
        "'other_engines', (SELECT COUNT(*) FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
        f"AND engine <> 'InnoDB' AND table_schema = {literal(database)})) "
        f"FROM information_schema.schemata s WHERE s.schema_name = {literal(database)};"
    )
    return dict(rows[0]) if rows else None
