# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of a PostgreSQL database: what is compared after a restore."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run

RULES = 2
"""See `Content`; by rules 1 long values were written out."""

_SETTINGS = r"""SELECT 'SET client_encoding = SQL_ASCII' WHERE getdatabaseencoding() = 'SQL_ASCII'
\gexec
SELECT 'SET jit = off' WHERE current_setting('server_version_num')::int >= 110000
\gexec
"""
_LET_GO = "ROLLBACK TO SAVEPOINT sopwrap; "
_TABLES = r"""SELECT format(
    '{first}SELECT json_build_object(''name'', %L, ''count'', count(*), ''digest'', '
    'coalesce(sum(hashtextextended((%s)::text COLLATE "C", 0)), 0)::text) FROM ONLY %I.%I AS sopwrap_row',
    'table ' || n.nspname || '.' || c.relname, coalesce(wide.columns, 'sopwrap_row.*'), n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT 'ROW(' || string_agg(format(CASE
      WHEN a.atttypid = 'bytea'::regtype THEN 'md5(sopwrap_row.%I)'
      WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'xml'::regtype)
      THEN 'hashtextextended(sopwrap_row.%I::text COLLATE "C", 0)'
      ELSE 'sopwrap_row.%I' END, a.attname), ', ' ORDER BY a.attnum) || ')' AS columns
  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS wide
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  AND {chosen}
ORDER BY c.relpages DESC
\gexec
"""
_LARGE_OBJECTS = r"""SELECT 'SELECT json_build_object(''name'', ''large objects'', ''count'', count(*), ''digest'', '
  '(sum(hashtextextended(oid::text, 0))' || CASE WHEN has_table_privilege('pg_largeobject', 'SELECT') THEN
    ' + (SELECT coalesce(sum(hashtextextended(concat_ws('':'', loid, pageno, page), 0)), 0) FROM (SELECT loid, pageno, '
    'trim(trailing ''\x00''::bytea FROM data) AS page FROM pg_largeobject) AS pages WHERE page <> '''')'
    ELSE '' END || ')::text) FROM pg_largeobject_metadata HAVING count(*) > 0'
\gexec
"""
"""Each query writes queries, which psql then runs; each but the first of those gives one item as JSON. The first lets
names pass that are no UTF-8, which an SQL_ASCII database may have; the second spares each process that takes part a
compilation that takes longer than what it saves.

Rows are hashed as text and the hashes are summed, so their order does not matter. In that text a value that may be long
is there by its own hash, since PostgreSQL looks at every letter of a row's text twice to quote it. Tables of extensions
are left out, since pg_dump leaves them out. What number a sequence is at does not count: it goes on
counting while the dump runs, in no snapshot. Large objects are read by pages where the account may; trailing zeros of a
page and whole pages of zeros do not count, because a restore fills holes.

A server has room for so many locks, those of a transaction's tables and of all their indexes among them: before each
table those of the one before are let go, or a database of some thousand tables could not be read.
"""


def fingerprint(client: Client, snapshot: str | None = None, database: str | None = None) -> Content:
    """Take the fingerprint of a database, in an exported snapshot if one is given; count its tables."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
    begin += f"SET TRANSACTION SNAPSHOT {literal(snapshot)};\n" if snapshot else ""
    with Beside(schema, client, snapshot, database) as outline:
        tables = _TABLES.format(chosen="true", first=_LET_GO)
        queries = f"{begin}{_SETTINGS}SAVEPOINT sopwrap;\n{tables}{_LARGE_OBJECTS}"
        items: list[dict[str, Any]] = client.query(queries, database)
        counts = [item["count"] for item in items if item["name"].startswith("table ")]
        return Content.of([*items, outline.result()], count=len(counts), rows=sum(counts), rules=RULES)


def rows(query: Callable[[str], list[Any]], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the items of these tables (`SCHEMA.TABLE`) alone, by their names; one that is not there has none."""
    chosen = f"n.nspname || '.' || c.relname IN ({', '.join(map(literal, names))})"
    items = query(_SETTINGS + _TABLES.format(chosen=chosen, first=""))
    return {str(item["name"]).removeprefix("table "): item for item in items}


def schema(client: Client, snapshot: str | None, database: str | None) -> dict[str, Any]:
    """Return the item `schema`: the digest of a dump without data, comments and lines that are new each time."""
    argv = [
        client.program("pg_dump"),
        "--no-password",
        "--schema-only",
        client.encoding(database),
        *([f"--snapshot={snapshot}"] if snapshot else []),
    ]
    argv += ["--dbname", client.target(database)]
    text = run(argv, client.explain("have its schema read"), **client.setting)
    lines = [
        cast_by_element(line)
        for line in text.splitlines()
        if line and not line.startswith((b"--", b"\\restrict", b"\\unrestrict"))
    ]
    lines = _without_places(lines)
    return {"name": "schema", "count": len(lines), "digest": hashlib.sha256(b"\n".join(lines)).hexdigest()}


_PLACE = b"SET default_tablespace = "


def _without_places(lines: list[bytes]) -> list[bytes]:
    """Say of no table in which tablespace it lies, which is the server's affair: as in a database that uses none."""
    first = next((number for number, line in enumerate(lines) if line.startswith(_PLACE)), None)
    if first is None:
        return lines
    kept = [line for line in lines if not line.startswith(_PLACE)]
    return [*kept[:first], _PLACE + b"'';", *kept[first:]]


_ARRAY = b"(ARRAY["
_CAST = re.compile(rb"\)::([^(),:'\[\]]+(?:\([\d,]+\))?)\[\]")
_TOKEN = re.compile(rb"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]""")


def cast_by_element(line: bytes) -> bytes:
    """Write `(ARRAY[a, b])::text[]` as `ARRAY[(a)::text, (b)::text]`.

    PostgreSQL writes `varchar_column IN ('a', 'b')` in the first way, reads that, and writes it in the second way from
    then on (parse_expr.c, transformTypeCast): without this no such database would equal what was restored from it.
    """
    start = line.find(_ARRAY)
    while start >= 0:
        elements, end = _elements(line, start + len(_ARRAY))
        cast = _CAST.match(line, end)
        if cast:
            inner = b", ".join(b"(%b)::%b" % (element, cast[1]) for element in elements)
            line = line[:start] + b"ARRAY[" + inner + b"]" + line[cast.end() :]
        start = line.find(_ARRAY, start + 1)
    return line


def _elements(line: bytes, start: int) -> tuple[list[bytes], int]:
    """Split what stands between the brackets of an array at its own commas; return it and the place behind them."""
    depth, begin, found = 0, start, []
    for token in _TOKEN.finditer(line, start):
        if token[0] in (b"]", b",") and not depth:
            found.append(line[begin : token.start()].strip())
            begin = token.end()
            if token[0] == b"]":
                return found, token.end()
        depth += (token[0] in (b"(", b"[")) - (token[0] in (b")", b"]"))
    return [], len(line)


FACTS = r"""
SELECT json_build_object(
  'server_version', current_setting('server_version'),
  'size_bytes', pg_database_size(d.oid),
  'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
  'provider', to_jsonb(d) ->> 'datlocprovider',
  'locale', coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale'),
  'owner', pg_get_userbyid(d.datdba))
FROM pg_database d WHERE d.datname = current_database();
"""
"""What a new database has to be made with, read so that it works on servers that do not have all columns."""

ROLES = r"""
SELECT coalesce(json_agg(json_build_object('name', r.rolname, 'login', r.rolcanlogin) ORDER BY r.rolname), '[]')::jsonb
FROM pg_roles r WHERE r.rolname !~ '^pg_' AND r.oid IN (
  SELECT d.refobjid FROM pg_shdepend d JOIN pg_database b ON b.datname = current_database()
  WHERE d.refclassid = 'pg_authid'::regclass
    AND (d.dbid = b.oid OR (d.classid = 'pg_database'::regclass AND d.objid = b.oid))
  UNION SELECT relowner FROM pg_class WHERE relnamespace NOT IN (
    SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
  UNION SELECT datdba FROM pg_database WHERE datname = current_database());
"""
"""The roles that own something in the database or were granted something, without their passwords."""
