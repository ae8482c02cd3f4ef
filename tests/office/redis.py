"""A Redis server of the tests: on a socket, with a password and an append-only file, ended by its own pid."""

from __future__ import annotations

import secrets
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.office.process import program


class Redis:
    """Use it as a context manager; ``folder`` must have a short path."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket, self.password = folder, folder / "redis.sock", secrets.token_urlsafe(12)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says to reach it."""
        return {"socket": str(self.socket), "password": self.password, "scratch": str(self.folder)}

    def __enter__(self) -> Redis:
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = ["port 0", f"unixsocket {self.socket}", f"dir {self.folder}", f"requirepass {self.password}"]
        lines += ["appendonly yes", "repl-diskless-sync-delay 0"]
        with (self.folder / "redis.log").open("wb") as log:
            words = [program("redis-server"), "-"]
            self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, stderr=log)
        assert self._process.stdin is not None
        self._process.stdin.write("\n".join([*lines, ""]).encode())
        self._process.stdin.close()
        end = time.monotonic() + 30
        while not self.socket.exists() or self("PING") != "PONG":
            assert time.monotonic() < end, (self.folder / "redis.log").read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def __call__(self, *words: str) -> str:
        """Say one command; return the answer."""
        command = [program("redis-cli"), "-s", str(self.socket), *words]
        done = subprocess.run(
            command, env={"REDISCLI_AUTH": self.password}, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def fill(self) -> None:
        """Keys of all types in two databases, one that is about to expire, and a function."""
        for words in (
            ("FLUSHALL",),
            ("SET", "judul", "Surat é"),
            ("SADD", "tag", *map(str, range(300)), "x"),
            ("HSET", "orang:1", "nama", "Sari", "nip", "1980"),
            ("RPUSH", "antrian", "a", "b", "a"),
            ("ZADD", "nilai", "1.5", "a", "2", "b"),
            ("XADD", "aliran", "1-1", "k", "v"),
            ("SET", "sesi", "1", "PX", "1500"),
            ("SET", "lama", "1", "EX", "100000"),
            ("FUNCTION", "LOAD", "REPLACE", "#!lua name=uji\nredis.register_function('f', function() return 1 end)"),
        ):
            self(*words)
        self("-n", "3", "SET", "lain", "1")
