# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table that is gone from a living PostgreSQL database is made again as the database beside has it.

That one has all of a table (columns, constraints, indexes, triggers, grants, sequences) but its foreign keys, since it
has not the rows of other tables. These are taken from the archive, in both directions.
"""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_talk import Query
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run

_BEGIN = ("ALTER TABLE ONLY ", "ALTER TABLE ")


def archived_keys(client: Client, stored: StoredPoint, part: str) -> list[str]:
    """The statements of an archive that make its foreign keys."""
    listed = client.in_memory(pieces.listed(client, stored, part, ("FK CONSTRAINT ",)))
    found: list[str] = []
    with pieces.written(client, stored, part, listed) as lines:
        for line in (raw.decode("utf-8", "surrogateescape") for raw in lines):
            if line.startswith(_BEGIN):
                found.append(line)
            elif found and not found[-1].endswith(";\n"):
                found[-1] += line
    return found


def definitions(client: Client, beside: str, quoted: Sequence[str]) -> list[bytes]:
    """The statements that make these tables (in SQL) with all that belongs to them, in lines."""
    if not quoted:
        return []
    words = ["pg_dump", "--no-password", "--schema-only", client.encoding(beside)]
    argv = [*words, *(f"--table={name}" for name in quoted), "--dbname", client.target(beside)]
    return run(argv, client.explain("have its tables read"), **client.setting).splitlines(keepends=True)


def foreign_keys(living: Query, known: Sequence[str], quoted: Sequence[str]) -> list[str]:
    """Those of the archive's statements that make foreign keys from and to these tables (in SQL).

    One from a table that does not live is left out.
    """
    found = []
    for statement in known:
        own = statement.partition("\n")[0]
        for words in _BEGIN:
            own = own.removeprefix(words)
        to_them = any(f" REFERENCES {name}(" in statement for name in quoted)
        if own in quoted or (to_them and living(f"SELECT to_json(to_regclass({literal(own)}) IS NOT NULL);")[0]):
            found.append(statement)
    return found
