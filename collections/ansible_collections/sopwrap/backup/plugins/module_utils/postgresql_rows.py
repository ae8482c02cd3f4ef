# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of some tables of a living PostgreSQL database, exchanged in one transaction of it.

The tables themselves stay, and with them everything that hangs on them: views, grants, indexes, triggers. Only one that
is gone is made again. Rows that do not live are in the database beside, whose own tables hold the point's; what lived
before is kept there in a schema of ours, as texts, so that nothing of the living database's definitions matters to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_content as content
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_keys as keys
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_again import definitions, foreign_keys
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_talk import Query, Talk, talk

OURS = "sopwrap_beside"
"""The schema in the database beside for what no point holds."""

State = dict[str, Any]
"""What some tables hold, as plain JSON: `tables`, name → `[rows, digest]`, or null where there is no such table;
`sequences` that belong to them, name in SQL → `[last value, whether it was given out]`; `kept`, the word for where
these rows are beside (empty for those of the point); `dangling`, where that was asked, how many rows pointed to nothing
by which foreign key (`postgresql_keys`)."""

_TABLES = """SELECT json_build_object('name', n.nspname || '.' || c.relname,
  'quoted', format('%I.%I', n.nspname, c.relname), 'columns', ARRAY(
    SELECT quote_ident(a.attname) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum),
  'loud', ARRAY(SELECT json_build_array(quote_ident(t.tgname), t.tgenabled) FROM pg_trigger t
    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R')))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname IN ({names}) ORDER BY n.nspname, c.relname;"""
"""`loud` triggers fire in the role of a replica, too."""

_SEQUENCES = r"""SELECT format('SELECT json_build_array(%L, last_value, is_called) FROM %I.%I;',
  format('%I.%I', m.nspname, s.relname), m.nspname, s.relname)
FROM pg_class s JOIN pg_namespace m ON m.oid = s.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.relkind = 'S' AND n.nspname || '.' || c.relname IN ({names}) ORDER BY s.oid
\gexec"""

_KEYS_TO = """SELECT to_json(format('ALTER TABLE %s DROP CONSTRAINT %I;', conrelid::regclass, conname))
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND confrelid <> conrelid
  AND confrelid IN ({oids}) AND conrelid NOT IN ({oids});"""


def tables(query: Query, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of the tables that exist: how they and the columns that rows are given are written in SQL."""
    found = query(_TABLES.format(names=", ".join(map(literal, names)))) if names else []
    return {one["name"]: one for one in found}


def state(query: Query, names: Sequence[str], kept: str = "") -> State:
    """What these tables of a database hold at present."""
    items = content.rows(query, names)
    found = {name: [items[name]["count"], items[name]["digest"]] if name in items else None for name in names}
    sequences = {name: rest for name, *rest in query(_SEQUENCES.format(names=", ".join(map(literal, names))))}
    return {"tables": found, "sequences": sequences, "kept": kept}


def is_so(present: State, wanted: State) -> bool:
    """Whether the present state is the wanted one, as far as the sequences are the same ones."""
    known = {name: value for name, value in wanted["sequences"].items() if name in present["sequences"]}
    return present["tables"] == wanted["tables"] and present["sequences"] == {**present["sequences"], **known}


def prepare(client: Client, beside: str, statements: Sequence[str]) -> None:
    """Make our schema in the database beside, with the statements that make the point's foreign keys."""
    rows = "".join(f"INSERT INTO {OURS}.keys VALUES ({literal(one)});" for one in statements)
    client.execute(
        f"BEGIN; CREATE SCHEMA {OURS};"
        f"CREATE TABLE {OURS}.keys (statement text); CREATE TABLE {OURS}.apart (kept text);"
        f"{rows} COMMIT;",
        beside,
    )


def apart(client: Client, beside: str) -> str:
    """The word for the state that does not live."""
    found = client.query(f"SELECT to_json(kept) FROM {OURS}.apart;", beside)
    return str(found[0]) if found else ""


def set_apart(client: Client, beside: str, word: str) -> None:
    """Note which state does not live, when that is settled."""
    client.execute(f"BEGIN; TRUNCATE {OURS}.apart; INSERT INTO {OURS}.apart VALUES ({literal(word)}); COMMIT;", beside)


def keep(client: Client, beside: str, lives: State) -> None:
    """Copy the rows that live into the database beside, all or none."""
    names = list(lives["tables"])
    there = tables(client.query, names)
    with talk(client, "be kept beside", beside) as session:
        for name, table in there.items():
            kept = _kept(lives, name)
            columns = ", ".join(f"{column} text" for column in table["columns"])
            session.query(f"DROP TABLE IF EXISTS {kept}; CREATE TABLE {kept} ({columns});")
            session.fill(kept, _with_columns(table["quoted"], table))
        session.query("COMMIT;")


def exchange(client: Client, beside: str, wanted: State, back: bool = False) -> None:
    """Give the living tables the rows of a state; all of it, or, whatever happens, nothing.

    Before the end the content is compared with the state's, and, but on the way `back` from an exchange that is not
    over, foreign keys are looked at in both directions: no more rows than before may point to nothing.
    """
    names = list(wanted["tables"])
    with talk(client, "be changed") as session:
        session.query("SET LOCAL lock_timeout = '30s'; SET LOCAL session_replication_role = replica;")
        there = tables(session.query, names)
        lost = [name for name in names if wanted["tables"][name] is not None and name not in there]
        again = tables(lambda sql: client.query(sql, beside), lost)
        session.tell(definitions(client, beside, [one["quoted"] for one in again.values()]))
        _drop(session, [one["quoted"] for name, one in there.items() if wanted["tables"][name] is None])
        there = tables(session.query, names)
        known = keys.keys(session.query, names)
        _lock(session, there, known)
        for name, table in there.items():
            _refill(session, beside, table, _kept(wanted, name) if wanted["kept"] else table["quoted"])
        statements = client.query(f"SELECT to_json(statement) FROM {OURS}.keys;", beside) if lost else []
        made = foreign_keys(session.query, statements, [there[name]["quoted"] for name in lost])
        session.query("\n".join(made))
        if not back:
            keys.require(known, keys.dangling(session.query, known), wanted.get("dangling", {}), names)
        _set_sequences(session, names, wanted)
        _require_content(session, wanted)
        session.query("COMMIT;")


def _lock(session: Talk, there: dict[str, dict[str, Any]], known: Sequence[keys.Key]) -> None:
    """Nobody reads the tables meanwhile, and nobody writes to those that point to them or that they point to."""
    partners = sorted({key[end]["text"] for key in known for end in ("own", "other")})
    lines = [f"LOCK TABLE {', '.join(partners)} IN SHARE MODE;"] if partners else []
    own = ", ".join(f"ONLY {table['quoted']}" for table in there.values())
    session.query("\n".join([f"LOCK TABLE {own} IN ACCESS EXCLUSIVE MODE;" if own else "", *lines]))


def _refill(session: Talk, beside: str, table: dict[str, Any], source: str) -> None:
    quoted = table["quoted"]
    hush = [f"ALTER TABLE {quoted} DISABLE TRIGGER {name};" for name, _when in table["loud"]]
    session.query("\n".join([*hush, f"DELETE FROM ONLY {quoted};"]))
    session.fill(_with_columns(quoted, table), _with_columns(source, table), beside)
    words = {"A": "ALWAYS", "R": "REPLICA"}
    session.query(
        "\n".join(f"ALTER TABLE {quoted} ENABLE {words[when]} TRIGGER {name};" for name, when in table["loud"])
    )


def _drop(session: Talk, gone: Sequence[str]) -> None:
    """Remove tables that the wanted state does not have, and foreign keys to them, but nothing else in the way."""
    if gone:
        oids = ", ".join(f"{literal(name)}::regclass" for name in gone)
        lines = session.query(_KEYS_TO.format(oids=oids))
        session.query("\n".join([*lines, f"DROP TABLE {', '.join(gone)};"]))


def _set_sequences(session: Talk, names: Sequence[str], wanted: State) -> None:
    """Have the sequences go on where the state has them.

    What setval does cannot be taken back, but for a sequence that was given a new file in the same transaction, which
    is what RESTART does (sequence.c, AlterSequence).
    """
    for name in state(session.query, names)["sequences"]:
        if name in wanted["sequences"]:
            last, called = wanted["sequences"][name]
            given = f"{literal(name)}, {int(last)}, {'true' if called else 'false'}"
            session.query(f"ALTER SEQUENCE {name} RESTART; SELECT pg_catalog.setval({given});")


def _require_content(session: Talk, wanted: State) -> None:
    found = state(session.query, list(wanted["tables"]))
    other = [name for name, known in wanted["tables"].items() if found["tables"][name] != known]
    if other:
        raise Problem(
            f"{other[0]} would not hold what it is to hold, so nothing was exchanged.",
            "Compare its definition with that of the time of the backup, or restore the whole database.",
        )


def _kept(lives: State, name: str) -> str:
    return f"{OURS}.{lives['kept']}_{sorted(lives['tables']).index(name)}"


def _with_columns(source: str, table: dict[str, Any]) -> str:
    return f"{source} ({', '.join(table['columns'])})"
