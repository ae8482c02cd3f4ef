# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign keys of a PostgreSQL database, checked by asking which rows would point to nothing.

Rows are put back while no trigger fires, and the server checks foreign keys by triggers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_talk import Query

Key = dict[str, Any]
"""`name`; `own` and `other`, the table that points and the one it points to, each with `name` and `text` (in SQL);
`given` and `joined`, the conditions that a row points at all and that it points to a row."""

_ALONE = "ONLY "

_KEYS = """
WITH chosen AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname IN ({names})),
family AS (SELECT oid FROM chosen UNION SELECT a.relid FROM chosen, pg_partition_ancestors(chosen.oid) a),
ends AS (
  SELECT c.oid, json_build_object('name', n.nspname || '.' || c.relname,
    'text', CASE WHEN c.relkind = 'r' THEN '{alone}' ELSE '' END || format('%I.%I', n.nspname, c.relname)) AS told
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace)
SELECT json_build_object('name', k.conname, 'own', own.told, 'other', other.told, 'given', w.given, 'joined', w.joined)
FROM pg_constraint k
JOIN ends own ON own.oid = k.conrelid JOIN ends other ON other.oid = k.confrelid
CROSS JOIN LATERAL (
  SELECT string_agg(format('own.%I IS NOT NULL', f.attname), ' AND ') AS given,
    string_agg(format('other.%I OPERATOR(%I.%s) own.%I%s', p.attname, o.nspname, op.oprname, f.attname,
      CASE WHEN p.attcollation <> 0 AND p.attcollation <> f.attcollation
        THEN format(' COLLATE %s', p.attcollation::regcollation) ELSE '' END), ' AND ') AS joined
  FROM unnest(k.conkey, k.confkey, k.conpfeqop) AS u(f, p, op)
  JOIN pg_attribute f ON f.attrelid = k.conrelid AND f.attnum = u.f
  JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = u.p
  JOIN pg_operator op ON op.oid = u.op JOIN pg_namespace o ON o.oid = op.oprnamespace) AS w
WHERE k.contype = 'f' AND k.convalidated AND k.conparentid = 0
  AND (k.conrelid IN (SELECT oid FROM family) OR k.confrelid IN (SELECT oid FROM family));
"""
"""A key of a partitioned table is asked for as a whole. The server does not vouch for a key that is NOT VALID, and
neither do we."""


def keys(query: Query, names: Sequence[str]) -> list[Key]:
    """Every foreign key from or to one of these tables (`SCHEMA.TABLE`)."""
    return list(query(_KEYS.format(alone=_ALONE, names=", ".join(map(literal, names)))))


def dangling(query: Query, known: Sequence[Key], instead: Mapping[str, str] | None = None) -> dict[str, int]:
    """Count the rows that point to nothing, by `called`; keys without any are left out.

    `instead` names what stands for a table at present, in SQL.
    """
    stand: Mapping[str, str] = instead or {}
    found = {}
    for key in known:
        own, other = (stand.get(key[end]["name"], key[end]["text"]) for end in ("own", "other"))
        count = f"SELECT count(*) FROM {own} AS own WHERE {key['given']}"
        found[called(key)] = query(f"{count} AND NOT EXISTS (SELECT FROM {other} AS other WHERE {key['joined']});")[0]
    return {name: int(rows) for name, rows in found.items() if rows}


def require(known: Sequence[Key], found: Mapping[str, int], before: Mapping[str, int], chosen: Collection[str]) -> None:
    """Refuse when more rows point to nothing than before; `chosen` are the tables whose rows are put back."""
    for key in known:
        rows = found.get(called(key), 0)
        if rows > before.get(called(key), 0):
            raise _dangling(key, rows, chosen)


def of_partitions(key: Key) -> bool:
    """Whether it is of a partitioned table: nothing can stand for the rows of one partition there."""
    return not all(key[end]["text"].startswith(_ALONE) for end in ("own", "other"))


def called(key: Key) -> str:
    """A foreign key by table and name."""
    return f"{key['own']['name']} {key['name']}"


def _dangling(key: Key, rows: int, chosen: Collection[str]) -> Problem:
    own, other = (printable(key[end]["name"]) for end in ("own", "other"))
    left = [name for name in (key["own"]["name"], key["other"]["name"]) if name not in chosen]
    return Problem(
        f"{rows} rows of {own} would point to nothing in {other} (foreign key {printable(key['name'])}).",
        f"Put {printable(left[0])} back with it, as a further piece from the same point, or restore the whole database."
        if left
        else "Restore the whole database.",
        refused=True,
    )
