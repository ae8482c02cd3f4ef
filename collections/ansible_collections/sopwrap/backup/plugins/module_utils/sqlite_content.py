# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of an SQLite database: its tables' rows in any order, its schema, the numbers in its header.

A row is the text Python has for a tuple of NULL, int, float, text (as bytes, so that text that is no Unicode counts,
too) and blob; 1, 1.0, '1' and x'31' are four different values. In a row with long values, each of those is there by its
own SHA-256: Python would write up to four letters for a byte. A table is the sum of its rows' SHA-256. A virtual table
has its rows in ordinary tables, which are counted; its own module may not even be there.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content

RULES = 2
"""See `Content`; by rules 1 long values were written out."""

_SIZE = 32
_LONG = 64
"""Bytes a value has at most to be written out."""

_HEADER = ("user_version", "application_id", "page_size", "encoding", "auto_vacuum", "journal_mode")
_COMPARED = _HEADER[:5]
_ORDINARY = 0
"""`hidden` in `PRAGMA table_xinfo`: generated columns follow from the others and may need functions we lack."""


_COLLATION = re.compile(r"""\bCOLLATE\s+("(?:[^"]|"")+"|'(?:[^']|'')+'|`(?:[^`]|``)+`|\[[^\]]+\]|\w+)""", re.IGNORECASE)


def lend_collations(connection: sqlite3.Connection) -> bool:
    """Give the connection an order for each one that only the database's own program has; tell whether there are any.

    Without it SQLite reads nothing that is sorted that way. No row changes by it, but whether an index is in order
    cannot be told then, so only `quick_check` is of use.
    """
    known = {str(row[1]).upper() for row in connection.execute("PRAGMA collation_list")}
    texts = connection.execute("SELECT CAST(sql AS BLOB) FROM sqlite_master WHERE sql IS NOT NULL")
    named = {_unquoted(name) for (text,) in texts for name in _COLLATION.findall(text.decode("utf-8", "replace"))}
    lent = {name for name in named if name.upper() not in known}
    for name in lent:
        connection.create_collation(name, lambda one, other: (one > other) - (one < other))
    return bool(lent)


def _unquoted(name: str) -> str:
    end = name[-1]
    return name[1:-1].replace(end * 2, end) if end in "\"'`]" else name


def header(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what the database's header says."""
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _HEADER}


def take(connection: sqlite3.Connection) -> Content:
    """Return the fingerprint; `count` is the number of tables."""
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    tables = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
    ).fetchall()
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    facts = header(connection)
    connection.text_factory = bytearray  # keeps text apart from blobs, which are bytes
    items = [_table(connection, name) for name, _sql in tables]
    rows = sum(item["count"] for item in items)
    items.append(_item("(schema)", len(schema), sorted(map(repr, schema))))
    items.append(_item("(header)", None, [f"{name}={facts[name]}" for name in _COMPARED]))
    return Content.of(items, count=len(tables), rows=rows, rules=RULES)


def _table(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    columns = connection.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
    wanted = ", ".join(_quoted(column[1].decode()) for column in columns if column[6] == _ORDINARY)
    total = rows = 0
    for row in connection.execute(f"SELECT {wanted} FROM {_quoted(name)} NOT INDEXED"):
        total += int.from_bytes(hashlib.sha256(_text(row).encode("ascii")).digest(), "big")
        rows += 1
    digest = (total % (1 << 8 * _SIZE)).to_bytes(_SIZE, "big").hex()
    return {"name": name, "count": rows, "digest": digest}


def _text(row: tuple[Any, ...]) -> str:
    for value in row:
        if value.__class__ in (bytes, bytearray) and len(value) > _LONG:
            return repr([_short(value) for value in row])
    return repr(row)


def _short(value: Any) -> Any:
    """A long value as its type and hash, which stand in a tuple so that no value of a row looks like them."""
    if value.__class__ in (bytes, bytearray) and len(value) > _LONG:
        return (value.__class__.__name__, hashlib.sha256(value).digest())
    return value


def _item(name: str, count: int | None, lines: list[str]) -> dict[str, Any]:
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return {"name": name, "count": count, "digest": hashlib.sha256(text).hexdigest()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
