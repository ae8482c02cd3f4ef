# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What putting tables of a point back into a living PostgreSQL database would change, and whether it could be done.

The point's rows go into temporary tables of one session that ends with a ROLLBACK: nothing of it stays, and nobody else
ever sees it. What is told of rows is how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_keys as keys
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_rows as rows
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, StoredPoint, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_content import cast_by_element
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_talk import Talk, talk

_ENTRIES = ("TABLE ", "TABLE DATA ", "CONSTRAINT ", "CHECK CONSTRAINT ")
_HEADS = {
    **{words: words for words in ("CREATE TABLE ", "ALTER TABLE ONLY ", "ALTER TABLE ", "COPY ")},
    "CREATE UNLOGGED TABLE ": "CREATE TABLE ",
}
"""How statements about a table begin, and how they begin for a temporary one."""

_SHAPE = """SELECT json_build_object('columns', (
  SELECT coalesce(json_object_agg(a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
    CASE WHEN a.attnotnull THEN 'NOT NULL' END, CASE WHEN a.attgenerated <> '' THEN
      'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')' END)), '{{}}')
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = {table}::regclass AND a.attnum > 0 AND NOT a.attisdropped),
'constraints', (SELECT coalesce(json_object_agg(k.conname, pg_get_constraintdef(k.oid)), '{{}}') FROM pg_constraint k
  WHERE k.conrelid = {table}::regclass AND k.contype IN ('p', 'u', 'c', 'x')),
'key', ARRAY(SELECT quote_ident(a.attname) FROM pg_constraint k JOIN pg_attribute a
  ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey) WHERE k.conrelid = {table}::regclass AND k.contype = 'p'),
'all', ARRAY(SELECT quote_ident(a.attname) FROM pg_attribute a
  WHERE a.attrelid = {table}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname));"""


def difference(client: Client, stored: StoredPoint, part: str, names: Sequence[str]) -> dict[str, Any]:
    """Count the rows that go and come, a line for each table, in the form of a record's `difference`.

    Refuse what could not be put back: a table that is another one now, rows that would point to nothing.
    """
    pieces.require(stored.content(), names)
    known = {item["name"].removeprefix("table "): item for item in stored.content().items}
    there = rows.tables(client.query, names)
    present = rows.state(client.query, names)["tables"]
    then = {name: [known[name]["count"], known[name]["digest"]] for name in names}
    other = {name: there[name] for name in there if present[name] != then[name]}
    counted = _compared(client, stored, part, other, names) if other else {}
    counted |= {name: (0, int(then[name][0]), 0) for name in names if name not in there}
    lines = [f"{'' if name in there else '+'}{_line(name, *counted[name])}" for name in sorted(counted)]
    removed, added = (sum(each[side] + each[2] for each in counted.values()) for side in (0, 1))
    lost = len(names) - len(there)
    return {"removed": removed, "added": added + lost, "hidden": 0, "lines": lines, "cut": False}


def _line(name: str, removed: int, added: int, changed: int) -> str:
    return f"{pieces.WORD}{printable(name)} -{removed} +{added} ~{changed}"


def _compared(
    client: Client, stored: StoredPoint, part: str, other: dict[str, dict[str, Any]], names: Sequence[str]
) -> dict[str, tuple[int, int, int]]:
    """For each of these living tables the rows that go, that come, and that are otherwise by their primary key."""
    stand = {name: f"pg_temp.sopwrap_{number}" for number, name in enumerate(sorted(other))}
    listed = client.in_memory(pieces.listed(client, stored, part, _ENTRIES, list(other)))
    with talk(client, "be compared") as session:
        session.query("SET LOCAL session_replication_role = replica;")
        with pieces.written(client, stored, part, listed) as lines:
            _load(session, lines, {other[name]["quoted"]: stand[name] for name in other})
        shapes = {name: _same_shape(session, name, other[name]["quoted"], stand[name]) for name in other}
        counted = {name: _count(session, other[name]["quoted"], stand[name], shapes[name]) for name in other}
        known = [key for key in keys.keys(session.query, list(other)) if not keys.of_partitions(key)]
        keys.require(known, keys.dangling(session.query, known, stand), {}, names)
        session.query("ROLLBACK;")
    return counted


def _load(session: Talk, lines: BinaryIO, stand: dict[str, str]) -> None:
    """Run the SQL of an archive with other names for the tables; their rows begin with no such word."""
    heads = {
        f"{words}{name}{end}".encode(): f"{instead}{other}{end}".encode()
        for name, other in stand.items()
        for words, instead in _HEADS.items()
        for end in " \n"
    }
    copying = False
    for line in lines:
        if copying:
            session.pass_on(line)
            copying = line != b"\\.\n"
            continue
        known = next((head for head in heads if line.startswith(head)), b"")
        line = heads.get(known, b"") + line[len(known) :]
        copying = line.startswith(b"COPY ")
        session.tell([line])


def _same_shape(session: Talk, name: str, living: str, other: str) -> dict[str, Any]:
    """Refuse a living table whose columns or constraints are not the point's; foreign keys are told by rows."""
    now, then = (session.query(_SHAPE.format(table=literal(table)))[0] for table in (living, other))
    for word, what in (("columns", "column"), ("constraints", "constraint")):
        sides = [{key: cast_by_element(text.encode()) for key, text in side[word].items()} for side in (now, then)]
        for key in sorted({*sides[0], *sides[1]}):
            if sides[0].get(key) != sides[1].get(key):
                said = [f"{side[key].decode()!r}" if key in side else "missing" for side in sides]
                raise Problem(
                    f"The table {printable(name)} is another one than at the backup: the {what} {printable(key)} is"
                    f" {said[0]} now and was {said[1]} then.",
                    f"Restore it into a fresh database (tables: [{printable(name)}]) and take over what fits.",
                    refused=True,
                )
    return dict(now)


def _count(session: Talk, living: str, other: str, shape: dict[str, Any]) -> tuple[int, int, int]:
    row = f'hashtextextended(ROW({", ".join(shape["all"])})::text COLLATE "C", 0) AS sopwrap_row'
    if not shape["key"]:
        sides = [f"SELECT {row} FROM ONLY {living}", f"SELECT {row} FROM {other}"]
        pairs = [f"SELECT count(*) FROM ({' EXCEPT ALL '.join(pair)}) AS x;" for pair in (sides, sides[::-1])]
        removed, added = session.query("\n".join(pairs))
        return int(removed), int(added), 0
    key = ", ".join(shape["key"])
    sql = f"""SELECT json_build_array(count(*) FILTER (WHERE old.sopwrap_row IS NULL),
      count(*) FILTER (WHERE new.sopwrap_row IS NULL), count(*) FILTER (WHERE new.sopwrap_row <> old.sopwrap_row))
      FROM (SELECT {key}, {row} FROM ONLY {living}) AS new
      FULL JOIN (SELECT {key}, {row} FROM {other}) AS old USING ({key});"""
    removed, added, changed = session.query(sql)[0]
    return int(removed), int(added), int(changed)
