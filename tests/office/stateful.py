"""A device that keeps a state, over real SSH: its whole configuration can be replaced, and its timer takes that back.

Its line can be cut, or fall silent, at any line that is said to it and at any file that is brought. Nothing here is
part of what is shipped.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh

from tests.office.stateful_words import MODES, PROMPTS, UNKNOWN, WORDS

SECOND = 0.02
"""How long a second of the device's timer takes."""

LOCKED_OUT = "PUTUS"
"""A configuration with this word lets nobody in."""


_NEVER = "(?!)"


class Box:
    """One device of a platform with its first configuration. `cut_at` is the number of the line it dies at.

    With `silent` it does not die there: it says nothing any more, and the line stays open.
    """

    def __init__(self, platform: str, text: str, folder: Path) -> None:
        self.platform, self.running, self.before, self.folder = platform, text, text, folder
        self.candidate = self.startup = ""
        self.sessions: dict[str, str] = {}
        self.locked_out = LOCKED_OUT
        self.said: list[str] = []
        self.cut_at: int | None = None
        self.cut_after = self.silent = self.deaf = False
        self.port = 0
        self._timer: asyncio.TimerHandle | None = None
        self._down = False
        self.takes: Callable[[str], str] = str
        self._lines = WORDS[platform]
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def open(self) -> bool:
        """Whether its configuration lets us in."""
        return self.locked_out not in self.running and not self._down

    @property
    def pending(self) -> bool:
        """Whether its timer runs."""
        return self._timer is not None

    def prompt(self, mode: str = "") -> str:
        """How it asks for the next line: with the name that its configuration gives it, and the mode it is in."""
        found = re.search(r'(?:host-?name|sysname|set name=) ?"?([\w-]+)', self.running)
        return PROMPTS.get(self.platform + mode.strip(), "{}# ").format(found[1] if found else "")

    async def start(self, known_hosts: Path) -> None:
        """Serve on a free port of loopback."""
        key = asyncssh.generate_private_key("ssh-ed25519")
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Doorman(self),
            server_host_keys=[key],
            process_factory=self._serve,
            sftp_factory=lambda channel: _Files(self, channel),
            allow_scp=True,
            line_editor=False,
        )
        self.port = int(server.get_port())
        known_hosts.write_text(f"[127.0.0.1]:{self.port} {key.export_public_key().decode()}", encoding="ascii")

    def file(self, path: str) -> str:
        """A file that was brought, by the device's own name for it."""
        name = path.split(":", 1)[-1].lstrip("/")
        return self.takes((self.folder / name).read_text(encoding="utf-8"))

    def apply(self, text: str, seconds: float | None = None) -> None:
        """Take a configuration; with a time, for so long unless it is kept."""
        self.before, self.running = self.running, text
        if seconds is not None:
            self.arm(seconds)

    def arm(self, seconds: float) -> None:
        """Start the timer; it brings back what runs when it is started or, after an `apply`, what ran before."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds * SECOND, self.undo)

    def keep(self) -> bool:
        """Stop the timer; say whether it ran. One that is `deaf` says yes and lets it run."""
        ran = self.pending
        if self._timer and not self.deaf:
            self._timer.cancel()
            self._timer = None
        return ran

    def undo(self) -> None:
        """Go back."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self.running = self.before

    def restart(self, text: str) -> None:
        """Go down in a moment and come up with another configuration, not all of it at once."""
        loop = asyncio.get_running_loop()
        loop.call_later(2 * SECOND, setattr, self, "_down", True)
        loop.call_later(4 * SECOND, setattr, self, "running", self.takes(text).replace("Kantor", "Sebentar"))
        loop.call_later(4 * SECOND, setattr, self, "_down", False)
        loop.call_later(7 * SECOND, self.apply, self.takes(text))

    async def _serve(self, process: asyncssh.SSHServerProcess[str]) -> None:
        if process.command is not None:
            if not await self._dies(process, process.command):
                process.stdout.write(self._answer(process.command))
                process.exit(0)
            return
        process.stdout.write(f"\r\nSelamat datang\r\n{self.prompt()}")
        waiting = mode = ""
        while data := await process.stdin.read(4096):
            waiting += data
            while "\n" in waiting:
                line, _newline, waiting = waiting.partition("\n")
                if await self._dies(process, line, mode):
                    return
                answer = self._answer(mode + line).replace("\n", "\r\n")
                mode = self._mode(line, mode)
                process.stdout.write(f"{line}\r\n{answer}{self.prompt(mode)}")

    def _mode(self, line: str, mode: str) -> str:
        """Configuration is a mode of its own on some platforms, and each session begins outside of it."""
        enter, leave = MODES.get(self.platform, (_NEVER, _NEVER))
        if not re.fullmatch(leave if mode else enter, line):
            return mode
        return "" if mode else "# "

    async def _dies(self, process: Any, line: str, mode: str = "") -> bool:
        """Cut the line at the wanted place, before or after what was said is done."""
        if not self.moment(line):
            return False
        if self.cut_after:
            self._answer(mode + line)
        if not self.silent:
            process.get_extra_info("connection").abort()
        while self.silent and await process.stdin.read(4096):
            pass
        return True

    def moment(self, line: str) -> bool:
        """Note what is said; True where the line is to be cut there."""
        self.said.append(line)
        return self.cut_at == len(self.said) - 1

    def _answer(self, line: str) -> str:
        for pattern, deed in self._lines:
            found = re.fullmatch(pattern, line)
            if found:
                return deed(self, found) or ""
        return "" if line.startswith(("terminal", "set cli", "set terminal", "screen-length")) else UNKNOWN


class _Files(asyncssh.SFTPServer):
    """The device's files; one of them is a configuration that it restarts with."""

    def __init__(self, box: Box, channel: Any) -> None:
        super().__init__(channel, chroot=str(box.folder).encode())
        self._box, self._channel, self._dying = box, channel, False

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:  # type: ignore[override]
        """A file begins; where the line is to be cut, it is there and empty, or complete and nobody hears of it."""
        self._dying = self._box.moment(f"< {path.decode()}")
        made = super().open(path, pflags, attrs)
        if self._dying and not self._box.cut_after:
            await self._cut()
        return made

    async def close(self, file_obj: Any) -> None:  # type: ignore[override]
        """A file is complete, unless the line was cut before."""
        super().close(file_obj)
        path = self._box.folder / "fgt-restore-config"
        if path.exists() and not (self._dying and not self._box.cut_after):
            text = path.read_text(encoding="utf-8")
            path.unlink()
            self._box.restart(text)
        if self._dying and self._box.cut_after:
            await self._cut()

    async def _cut(self) -> None:
        if self._box.silent:
            await self._channel.wait_closed()
        else:
            self._channel.get_extra_info("connection").abort()


class _Doorman(asyncssh.SSHServer):
    def __init__(self, box: Box) -> None:
        self._box = box

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        if not self._box.open:
            conn.abort()

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


PLATFORMS = tuple(WORDS)
