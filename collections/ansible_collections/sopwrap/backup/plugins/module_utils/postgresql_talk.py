# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One lasting session of psql that is asked and written to in turns, so that all of it is one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child, pump, reading

Query = Callable[[str], list[Any]]
"""Runs statements whose every row is one JSON value; returns the values (`Client.query`, `Talk.query`)."""

_END = "no more"
_NOISE = (b"\\restrict ", b"\\unrestrict ", b"SELECT pg_catalog.set_config(")
"""Lines of a plain dump that would have a session answer, or take its own commands away."""


class Talk:
    """The session. Leaving its block without a COMMIT takes back what it has done."""

    def __init__(self, client: Client, child: Child, doing: str) -> None:
        self._client, self._child, self._doing = client, child, doing

    def query(self, sql: str) -> list[Any]:
        """Run statements whose every row is one JSON value; return the values when all of them are done."""
        self.tell([f"{sql}\nSELECT to_json('{_END}'::text);\n".encode()])
        self._child.stdin.flush()
        found: list[Any] = []
        while line := self._child.stdout.readline():
            value = json.loads(line.decode("utf-8", "surrogateescape"))
            if value == _END:
                return found
            found.append(value)
        raise self._client.explain(self._doing)(self._child.process.wait(), self._child.complaints())

    def tell(self, lines: Iterable[bytes]) -> None:
        """Pass on lines of a script that answers nothing, such as a plain dump."""
        for line in lines:
            if not line.startswith(_NOISE):
                self._child.stdin.write(line)

    def pass_on(self, line: bytes) -> None:
        """Write a line as it is: a row of a COPY."""
        self._child.stdin.write(line)

    def fill(self, table: str, source: str, database: str | None = None) -> None:
        """Put rows into a table: all that `COPY source TO STDOUT` gives in another database of the server.

        Both are in SQL already, with their columns. Rows travel as texts, which the settings of `Client` make exact.
        """
        raw = self._client.encoding(database).endswith("=SQL_ASCII")
        words = ["--command", "SET client_encoding = SQL_ASCII"] if raw else []
        argv = [*self._client.psql(database), *words, "--command", f"COPY {source} TO STDOUT"]
        self.tell([f"COPY {table} FROM STDIN;\n".encode()])
        with reading(argv, self._client.explain("be read"), **self._client.setting) as rows:
            pump(rows, self._child.stdin, lambda piece: None)
        self.tell([b"\\.\n"])


@contextmanager
def talk(client: Client, doing: str, database: str | None = None) -> Iterator[Talk]:
    """Open a session with a transaction; what fails in it is explained as something that could not `doing`."""
    with client.child(client.psql(database), doing) as child:
        own = Talk(client, child, doing)
        own.query("BEGIN;\nSELECT 'SET client_encoding = SQL_ASCII' WHERE getdatabaseencoding() = 'SQL_ASCII' \\gexec")
        yield own
        child.finish()
