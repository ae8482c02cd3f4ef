# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MariaDB's own client programs: how they are called, and what their complaints mean."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import (
    Child,
    Explain,
    Secret,
    ended_by,
    last_line,
    run,
)

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("Unknown database", "it does not exist", "Correct the database in the asset's source."),
    ("using password", "{text}", "Correct user and password in the asset's source."),
    ("Access denied", "{text}", "Give the account the right to do this."),
    ("insufficient privileges", "{text}", "Give the account SELECT on mysql.proc, so that it can read routines."),
    ("command denied", "{text}", "Give the account the right to do this."),
    ("references invalid", "{text}", "Repair that view or drop it; mariadb-dump stops at a view that cannot be used."),
    ("Can't connect", "{place} does not answer", "Start the server, or correct socket, host and port."),
    ("Lock wait timeout", "a long statement kept its tables locked", "Run again when the server is less busy."),
    ("server has gone away", "{place} closed the connection", "Look into the server's log, then run again."),
    ("Lost connection", "{place} closed the connection", "Look into the server's log, then run again."),
)


class Client:
    """The server an asset's `source` names, as that user, reached with mariadb and mariadb-dump."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.database: str = source["database"]
        self._options = Secret(_options(source))

    def close(self) -> None:
        """Forget the password."""
        self._options.close()

    @property
    def place(self) -> str:
        """The server in words."""
        source = self.source
        where = source.get("socket") or f"{source.get('host') or 'localhost'} port {source.get('port') or 3306}"
        return f"MariaDB at {where}"

    def program(self, name: str, *words: str) -> list[str]:
        """A command that takes account and password from a file in memory."""
        common = ["--default-character-set=utf8mb4", "--max-allowed-packet=1G"]
        return [name, f"--defaults-extra-file={self._options.path}", *common, *words]

    def mariadb(self, database: str | None = None) -> list[str]:
        """The command of a client that reads statements from its input and prints bare values."""
        words = ["--batch", "--raw", "--skip-column-names", "--unbuffered", "--quick", "--binary-mode"]
        words += ["--connect-timeout=10", "--skip-reconnect", "--no-auto-rehash"]
        return self.program("mariadb", *words, *([f"--database={database}"] if database else []))

    def query(self, sql: str) -> list[Any]:
        """Run statements whose every row is one JSON value; return the values."""
        output = run(self.mariadb(), self.explain("be asked"), sql.encode(), **self.setting)
        return [json.loads(line) for line in output.splitlines() if line.strip()]

    def execute(self, sql: str) -> None:
        """Run statements that return nothing."""
        run(self.mariadb(), self.explain("be changed"), sql.encode(), **self.setting)

    def child(self, argv: list[str], doing: str) -> Child:
        """Start a client program that is written to."""
        return Child(argv, self.explain(doing), stdin=subprocess.PIPE, **self.setting)

    def dumper(self, *words: str) -> list[str]:
        """The command of mariadb-dump for the asset's database, or for another one named after `--`.

        The dump locks no table while it is loaded: it names none of the sequences that defaults use, and then fails.
        """
        fixed = [
            "--skip-add-locks",
            "--quick",
            "--hex-blob",
            "--routines",
            "--triggers",
            "--events",
            "--no-tablespaces",
        ]
        return self.program("mariadb-dump", *fixed, "--skip-comments", "--skip-dump-date", *words)

    def version(self) -> str:
        """The version of mariadb-dump."""
        words = run(["mariadb-dump", "--version"], self.explain("be dumped")).decode().split()
        return next(word.rstrip(",") for word in words if "MariaDB" in word).split("-")[0]

    @property
    def setting(self) -> dict[str, Any]:
        """What the programs are started in."""
        return {"secrets": (self._options,)}

    def explain(self, doing: str) -> Explain:
        """Make sentences of what the programs complain about."""

        def explain(status: int, complaints: str) -> Problem:
            name = f"The database {self.database}"
            if status < 0:
                return Problem(f"{name} could not {doing}: the program was {ended_by(status)}.", "Run again.")
            text = last_line(complaints)
            for words, reason, hint in _SENTENCES:
                if words in complaints:
                    return Problem(f"{name} could not {doing}: {reason.format(text=text, place=self.place)}.", hint)
            return Problem(f"{name} could not {doing}: {text}.", f"Look into the log of {self.place}.")

        return explain


Ask = Callable[[str], list[Any]]

_END = "sopwrap: end of answer"


@contextmanager
def session(client: Client) -> Iterator[Ask]:
    """Give a function that runs statements in one lasting session; each row of the answer is one JSON value."""
    with client.child(client.mariadb(), "be read") as child:

        def ask(sql: str) -> list[Any]:
            child.stdin.write(f"{sql}\nSELECT JSON_QUOTE('{_END}');\n".encode())
            child.stdin.flush()
            answer: list[Any] = []
            for line in iter(child.stdout.readline, b""):
                value = json.loads(line)
                if value == _END:
                    return answer
                answer.append(value)
            raise client.explain("be read")(child.process.wait(), child.complaints())

        ask(_SESSION)
        yield ask
        child.finish()


_SESSION = """SET SESSION time_zone = '+00:00', sql_mode = '', lock_wait_timeout = 30, max_statement_time = 0,
wait_timeout = 604800, net_write_timeout = 86400, net_read_timeout = 86400;"""
"""Everything the text of a row depends on, and no limit that an administrator set for ordinary clients."""


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """Quote a text for SQL, whatever the server's sql_mode says of backslashes."""
    return f"CONVERT(X'{text.encode().hex()}' USING utf8mb4)"


def _options(source: dict[str, Any]) -> str:
    """Write an option file: where the server is, who we are, and the password."""
    known = {key: source.get(key) for key in ("socket", "host", "port", "user", "password")}
    if known["socket"]:
        known["host"] = known["port"] = None
    lines = [f'{key}="{_escaped(str(value))}"' for key, value in known.items() if value]
    if not known["socket"] and known["host"]:
        lines.append("protocol=tcp")
    return "\n".join(["[client]", *lines, ""])


def _escaped(value: str) -> str:
    """Escape a value of an option file (MariaDB knowledge base, Configuring MariaDB with Option Files)."""
    return value.replace("\\", "\\\\").replace('"', '\\"')
