# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL's own client programs: how they are called, and what their complaints mean."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_programs import program
from ansible_collections.sopwrap.backup.plugins.module_utils.process import (
    Child,
    Explain,
    Handed,
    Secret,
    ended_by,
    last_line,
    reading,
    run,
)

_SPELLING = {
    "datestyle": "ISO,YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "search_path": "pg_catalog",
    "standard_conforming_strings": "on",
}
"""What the text of a row depends on.

Not for what loads a dump, which sets what it needs itself: a check may rest on the server's time zone, and the scripts
of extensions find what they need by the search path a session begins with.
"""

_FREEDOM = {
    "lc_monetary": "C",
    "row_security": "off",
    "default_transaction_read_only": "off",
    "default_transaction_isolation": "read committed",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
"""No limit that an administrator set for ordinary clients, and how a dump writes money.

`row_security = off` turns rows that the account may not see into an error instead of leaving them out.
"""

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("does not exist", "{text}", "Correct database or user in the asset's source."),
    ("password authentication failed", "{text}", "Correct the password in the asset's source."),
    ("no password supplied", "{text}", "Give a password in the asset's source, or let this account in without one."),
    ("authentication failed", "{text}", "Set os_user to the account PostgreSQL expects, or use a password."),
    ("server version mismatch", "The PostgreSQL programs are older than the server.", "Install those of its version."),
    ("ermission denied", "{text}", "Give the account the right to read everything, for example pg_read_all_data."),
    ("out of shared memory", "{place} has no room for so many locks", "Raise max_locks_per_transaction of the server."),
    ("the database system is", "{text}", "Wait for the server to be ready, then run again."),
    ("terminating connection", "{place} ended the connection", "Look into the server's log, then run again."),
    ("closed the connection", "{place} ended the connection", "Look into the server's log, then run again."),
    ("onnection", "{place} does not answer: {text}", "Start the server, or correct host and port."),
)


_MET: dict[str, str] = {}
"""What servers have said of their versions during this call, by the place they are at."""


class Client:
    """The server an asset's `source` names, as that user, reached with psql, pg_dump and pg_restore."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.database: str = source["database"]
        self._user: str | None = source.get("os_user")
        password = source.get("password")
        self._encodings: dict[str | None, str] = {}
        self._secrets = (Secret(f"*:*:*:*:{_escaped(password)}\n", self._user),) if password else ()

    def close(self) -> None:
        """Forget the password."""
        for secret in self._secrets:
            secret.close()

    @property
    def place(self) -> str:
        """The server in words."""
        return (
            f"PostgreSQL at {self.source.get('host') or '/var/run/postgresql'} port {self.source.get('port') or 5432}"
        )

    def met(self, version: str) -> None:
        """Remember what the server says of its version: from now on the programs of that version are called."""
        _MET[self.place] = version

    def program(self, name: str) -> str:
        """What to call one of PostgreSQL's programs by."""
        return program(name, _MET.get(self.place))

    def target(self, database: str | None = None, loading: bool = False) -> str:
        """The connection string, of a program that is `loading` a dump or of another; a name may hold anything."""
        chosen = _FREEDOM if loading else {**_SPELLING, **_FREEDOM}
        settings = " ".join(f"-c {key}={value.replace(' ', chr(92) + ' ')}" for key, value in chosen.items())
        words = {
            "dbname": self.database if database is None else database,
            "host": self.source.get("host") or "/var/run/postgresql",
            "port": str(self.source.get("port") or 5432),
            "user": self.source.get("user") or "postgres",
            "connect_timeout": "10",
            "client_encoding": "UTF8",
            "options": settings,
        }
        if self._secrets:
            words["passfile"] = self._secrets[0].path
        return " ".join(f"{key}={_quoted(value)}" for key, value in words.items())

    def psql(self, database: str | None = None) -> list[str]:
        """The command of a psql that reads statements from its input, prints bare values and stops at an error."""
        words = [self.program("psql"), "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"]
        return [*words, "--set=ON_ERROR_STOP=1", "--dbname", self.target(database)]

    def query(self, sql: str, database: str | None = None) -> list[Any]:
        """Run statements whose every row is one JSON value; return the values."""
        output = run(self.psql(database), self.explain("be asked"), sql.encode(), **self.setting)
        return [json.loads(line.decode("utf-8", "surrogateescape")) for line in output.splitlines() if line.strip()]

    def execute(self, sql: str, database: str | None = None) -> None:
        """Run statements that return nothing."""
        run(self.psql(database), self.explain("be changed"), sql.encode(), **self.setting)

    def child(self, argv: list[str], doing: str, *handed: Handed) -> Child:
        """Start a client program that is written to, and that may open these files in memory, too."""
        setting = {**self.setting, "secrets": (*self._secrets, *handed)}
        return Child(argv, self.explain(doing), stdin=subprocess.PIPE, **setting)

    def in_memory(self, text: str) -> Secret:
        """A file in memory that the client programs can read."""
        return Secret(text, self._user)

    def dump(self, *options: str) -> AbstractContextManager[BinaryIO]:
        """Give the output of pg_dump."""
        argv = [self.program("pg_dump"), "--no-password", self.encoding(), *options, "--dbname", self.target()]
        return reading(argv, self.explain("be dumped"), **self.setting, farewell=signal.SIGINT)

    def encoding(self, database: str | None = None) -> str:
        """The option that has pg_dump write a database as it is stored; what is in SQL_ASCII need not be any UTF-8."""
        if database not in self._encodings:
            self._encodings[database] = self.query("SELECT to_json(getdatabaseencoding());", database)[0]
        return f"--encoding={self._encodings[database]}"

    def know_encoding(self, name: str) -> None:
        """What `encoding` would ask of the asset's database, where a session has asked it already."""
        self._encodings[None] = name

    def version(self) -> str:
        """The version of pg_dump."""
        return run([self.program("pg_dump"), "--version"], self.explain("be dumped")).decode().split()[2]

    @property
    def setting(self) -> dict[str, Any]:
        """What the programs are started in."""
        return {"secrets": self._secrets, "user": self._user}

    def explain(self, doing: str) -> Explain:
        """Make sentences of what the programs complain about."""

        def explain(status: int, complaints: str) -> Problem:
            text = _reason(complaints)
            name = f"The database {self.database}"
            if status < 0:
                return Problem(f"{name} could not {doing}: the program was {ended_by(status)}.", "Run again.")
            for words, message, hint in _SENTENCES:
                if words in complaints:
                    reason = message.format(text=text, place=self.place)
                    return Problem(f"{name} could not {doing}: {reason.rstrip('.')}.", hint)
            return Problem(f"{name} could not {doing}: {text}.", f"Look into the log of {self.place}.")

        return explain


def _reason(complaints: str) -> str:
    """Return the line that names the error: psql puts it first, followed by context."""
    for line in complaints.splitlines():
        for word in ("FATAL: ", "ERROR: ", "error: "):
            if word in line:
                return line.split(word, 1)[1].split("failed: ", 1)[-1].strip().rstrip(".")[:300]
    return last_line(complaints)


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL (standard_conforming_strings is on)."""
    return "'" + text.replace("'", "''") + "'"


def _quoted(value: str) -> str:
    """Quote a value of a connection string (libpq, 34.1.1.1)."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _escaped(password: str) -> str:
    """Escape a password for a password file (libpq, 34.16)."""
    return password.replace("\\", "\\\\").replace(":", "\\:")


Ask = Callable[[str], bytes]


@contextmanager
def session(client: Client) -> Iterator[Ask]:
    """Give a function that runs one statement in one lasting session and returns its one line of output."""
    with client.child(client.psql(), "be read") as child:

        def ask(sql: str) -> bytes:
            child.stdin.write(sql.encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
            if not line:
                raise client.explain("be read")(child.process.wait(), child.complaints())
            return line.rstrip(b"\n")

        yield ask
        child.finish()
