# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis' own programs: how they are called, what their complaints mean, and a second server of our own.

The second server reads a stored RDB file for us, as its own version understands it. It is reached through a socket in a
folder only its owner can enter, saves nothing, and dies with us.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child, Explain, ended_by, last_line, run

_PATIENCE = 600.0
"""Seconds a server is given to read a file or to take another one's data over."""

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("WRONGPASS", "it does not know this user and password", "Correct user and password in the asset's source."),
    ("NOAUTH", "it wants a password", "Give a password in the asset's source."),
    ("NOPERM", "{text}", "Give the account the right to do this (for a backup +psync +sync +replconf +info +ping)."),
    ("Could not connect", "{place} does not answer", "Start the server, or correct socket, host and port."),
    ("LOADING", "it is still reading its data", "Run again when it is ready."),
)


class Client:
    """A server as an asset's `source` names it."""

    def __init__(self, source: dict[str, Any]) -> None:
        host, port = source.get("host") or "127.0.0.1", source.get("port") or 6379
        self.place = str(source.get("socket") or f"{host} port {port}")
        way = ["-s", source["socket"]] if source.get("socket") else ["-h", host, "-p", str(port)]
        self._argv = ["redis-cli", *way, *(["--user", source["user"]] if source.get("user") else [])]
        self._setting = {"env": {"REDISCLI_AUTH": source["password"]}} if source.get("password") else {}

    def ask(self, *words: str, json: bool = False) -> str:
        """Say one command; return the answer as text, one line for each element."""
        argv = [*self._argv, "-e", *(["--json"] if json else []), *words]
        return run(argv, self.explain(f"do {words[0]}"), **self._setting).decode("utf-8", "surrogateescape").strip()

    def tell(self, *words: str) -> None:
        """Say one command that holds a secret, and so must not stand in a process list."""
        said = run(self._argv, self.explain(f"do {words[0]}"), " ".join(words).encode() + b"\n", **self._setting)
        if said.strip() != b"OK":
            raise self.explain(f"do {words[0]}")(1, said.decode("utf-8", "replace"))

    def info(self, section: str) -> dict[str, str]:
        """What the server says of itself."""
        pairs = (line.partition(":") for line in self.ask("INFO", section).splitlines() if ":" in line)
        return {key: value.strip() for key, _colon, value in pairs}

    def save(self, path: str) -> None:
        """Have the server send all its data as of one moment, like to a replica, into a new file."""
        run([*self._argv, "--rdb", path], self.explain("send its data"), **self._setting)

    def explain(self, doing: str) -> Explain:
        """Make sentences of what redis-cli complains about."""

        def explain(status: int, complaints: str) -> Problem:
            name, text = f"Redis at {self.place}", last_line(complaints)
            if status < 0:
                return Problem(f"{name} could not {doing}: the program was {ended_by(status)}.", "Run again.")
            for word, reason, hint in _SENTENCES:
                if word in complaints:
                    return Problem(f"{name} could not {doing}: {reason.format(text=text, place=self.place)}.", hint)
            return Problem(f"{name} could not {doing}: {text}.", "Look into its log.")

        return explain


def second(path: str) -> AbstractContextManager[Client]:
    """Read an RDB file with a server of our own, which keeps what has expired since: it takes itself for a replica."""
    return _server(path, ["port 0", "replicaof 127.0.0.1 1", "enable-debug-command yes"])


def feed(client: Client, path: str) -> None:
    """Have a living server on this host take over what an RDB file holds, all at once, in the place of what it has."""
    if client.ask("ROLE").splitlines()[0] != "master":
        raise Problem(f"Redis at {client.place} is a replica.", "Name its master in the asset's source.", refused=True)
    password, port = secrets.token_urlsafe(24), _free_port()
    former = client.ask("CONFIG", "GET", "masterauth").partition("\n")[2].strip()
    words = [f"port {port}", "bind 127.0.0.1", f"requirepass {password}", "repl-diskless-sync-delay 0"]
    with _server(path, words, password):
        try:
            client.tell("CONFIG", "SET", "masterauth", password)
            client.ask("REPLICAOF", "127.0.0.1", str(port))
            _await(
                lambda: client.info("replication").get("master_link_status") == "up", client.explain("take data over")
            )
        finally:
            client.ask("REPLICAOF", "NO", "ONE")
            client.tell("CONFIG", "SET", "masterauth", former or '""')
    _await(lambda: _on_disk(client), client.explain("write to its disk what it has taken over"))


def _on_disk(client: Client) -> bool:
    """Whether a server that keeps a log of its writes would come up with what it has, were it killed now.

    It begins its log anew for data it has taken over, in the background. One that keeps none promises less by itself.
    """
    told = client.info("persistence")
    busy = {told.get(f"aof_rewrite_{word}", "0") for word in ("in_progress", "scheduled")}
    return told.get("aof_enabled", "0") == "0" or (busy == {"0"} and told.get("aof_last_bgrewrite_status") == "ok")


@contextmanager
def _server(path: str, words: list[str], password: str = "") -> Iterator[Client]:
    """Start a server on an RDB file and wait until it has read it; its settings reach it through its input."""
    with tempfile.TemporaryDirectory(prefix="sopwrap-") as folder:
        place = os.path.join(folder, "socket")
        common = [f'unixsocket "{place}"', "unixsocketperm 700", 'save ""', "appendonly no", "daemonize no"]
        common += [f'dir "{os.path.dirname(path)}"', f'dbfilename "{os.path.basename(path)}"', "maxmemory 0"]

        def explain(status: int, complaints: str) -> Problem:
            return Problem(f"Redis cannot read {path}: {ended_by(status)}.", "Use another point.")

        with Child(["redis-server", "-"], explain, stdin=subprocess.PIPE) as child:
            child.stdin.write("\n".join([*common, *words, ""]).encode())
            child.stdin.close()
            client = Client({"socket": place, "password": password})
            _await(lambda: _answers(client, child), explain)
            yield client
            child.end()


def _answers(client: Client, child: Child) -> bool:
    if child.process.poll() is not None:
        child.finish()
        raise Problem("The second Redis ended at once.", "Run again.")
    try:
        return client.ask("PING") == "PONG"
    except Problem as problem:
        if re.search("still reading|does not answer|reset|closed", problem.message):
            return False
        raise


def _await(done: Any, explain: Explain) -> None:
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            raise explain(1, f"it took longer than {_PATIENCE:.0f} s")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
