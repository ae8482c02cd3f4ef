"""A device that keeps a state, over real SSH: its whole configuration can be replaced, and its timer takes that back.

Each platform's way of doing it, as small as the platform's own words need. Nothing here is part of what is shipped.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh

SECOND = 0.02
"""How long a second of the device's timer takes."""

LOCKED_OUT = "PUTUS"
"""A configuration with this word lets nobody in."""


class Box:
    """One device of a platform with its first configuration. `cut_at` is the number of the line it dies at."""

    def __init__(self, platform: str, text: str, folder: Path) -> None:
        self.platform, self.running, self.before, self.folder = platform, text, text, folder
        self.candidate = ""
        self.locked_out = LOCKED_OUT
        self.saved: dict[str, str] = {}
        self.said: list[str] = []
        self.cut_at: int | None = None
        self.cut_after = False
        self.port = 0
        self._timer: asyncio.TimerHandle | None = None
        self._down = False
        self.takes: Callable[[str], str] = str
        self._lines = _WORDS[platform]
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def open(self) -> bool:
        """Whether its configuration lets us in."""
        return self.locked_out not in self.running and not self._down

    @property
    def prompt(self) -> str:
        """How it asks for the next line: with the name that its configuration gives it."""
        found = re.search(r'(?:host-?name|sysname|set name=) ?"?([\w-]+)', self.running)
        return _PROMPTS.get(self.platform, "{}# ").format(found[1] if found else "")

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
        self.keep()
        self._timer = asyncio.get_running_loop().call_later(seconds * SECOND, self.undo)

    def keep(self) -> None:
        """Stop the timer."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def undo(self) -> None:
        """Go back."""
        self.keep()
        self.running = self.before

    def restart(self, text: str) -> None:
        """Go down in a moment and come up with another configuration."""
        self.said.append("fgt-restore-config")
        if self.cut_at == len(self.said) - 1 and not self.cut_after:
            return
        loop = asyncio.get_running_loop()
        loop.call_later(2 * SECOND, setattr, self, "_down", True)
        loop.call_later(4 * SECOND, self.apply, self.takes(text))
        loop.call_later(4 * SECOND, setattr, self, "_down", False)

    async def _serve(self, process: asyncssh.SSHServerProcess[str]) -> None:
        if process.command is not None:
            if not self._dies(process, process.command):
                process.stdout.write(self._answer(process.command))
                process.exit(0)
            return
        process.stdout.write(f"\r\nSelamat datang\r\n{self.prompt}")
        waiting = ""
        while data := await process.stdin.read(4096):
            waiting += data
            while "\n" in waiting:
                line, _newline, waiting = waiting.partition("\n")
                if self._dies(process, line):
                    return
                answer = self._answer(line).replace("\n", "\r\n")
                process.stdout.write(f"{line}\r\n{answer}{self.prompt}")

    def _dies(self, process: Any, line: str) -> bool:
        """Cut the line at the wanted place, before or after what was said is done."""
        self.said.append(line)
        if self.cut_at is None or len(self.said) - 1 != self.cut_at:
            return False
        if self.cut_after:
            self._answer(line)
        process.get_extra_info("connection").abort()
        return True

    def _answer(self, line: str) -> str:
        for pattern, deed in self._lines:
            found = re.fullmatch(pattern, line)
            if found:
                return deed(self, found) or ""
        return "" if line.startswith(("terminal", "set cli", "set terminal", "screen-length")) else _UNKNOWN


_PROMPTS = {"junos": "budi@{}> ", "vyos": "budi@{}:~$ ", "comware": "<{}>"}
_UNKNOWN = "% Invalid input detected at '^' marker.\nsyntax error\nInvalid command\n"


class _Files(asyncssh.SFTPServer):
    """The device's files; one of them is a configuration that it restarts with."""

    def __init__(self, box: Box, channel: Any) -> None:
        super().__init__(channel, chroot=str(box.folder).encode())
        self._box = box

    def close(self, file_obj: Any) -> None:
        """A file is complete."""
        super().close(file_obj)
        path = self._box.folder / "fgt-restore-config"
        if path.exists():
            text = path.read_text(encoding="utf-8")
            path.unlink()
            self._box.restart(text)


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


Deed = Callable[[Box, re.Match[str]], "str | None"]


def _shows(box: Box, _found: re.Match[str]) -> str:
    return box.running


def _nothing(_box: Box, _found: re.Match[str]) -> None:
    return None


def _keeps(box: Box, _found: re.Match[str]) -> None:
    box.keep()


def _undoes(box: Box, _found: re.Match[str]) -> None:
    box.undo()


def _applies(unit: float) -> Deed:
    """Take a file at once, for so many units of time."""

    def deed(box: Box, found: re.Match[str]) -> None:
        box.apply(box.file(found["file"]), float(found["time"]) * unit)

    return deed


def _loads(box: Box, found: re.Match[str]) -> None:
    box.candidate = box.file(found["file"])


def _commits(unit: float) -> Deed:
    """Take what was loaded, for so many units of time."""

    def deed(box: Box, found: re.Match[str]) -> None:
        box.apply(box.candidate, float(found["time"]) * unit)

    return deed


def _junos_commit(box: Box, _found: re.Match[str]) -> None:
    box.keep()
    if box.candidate:
        box.running, box.candidate = box.candidate, ""


def _junos_confirmed(box: Box, found: re.Match[str]) -> None:
    box.apply(box.candidate, float(found["time"]) * 60)
    box.candidate = ""


def _junos_rollback(box: Box, _found: re.Match[str]) -> None:
    box.candidate = box.before


def _arms(box: Box, found: re.Match[str]) -> None:
    box.before = box.running
    box.arm(float(found["time"]) * 60)


def _comware_replace(box: Box, found: re.Match[str]) -> None:
    box.running = box.file(found["file"])


def _mikrotik_reset(box: Box, _found: re.Match[str]) -> None:
    box.running = box.file("sopwrap.rsc")


_TIME = r"(?P<time>\d+)"
_WORDS: dict[str, list[tuple[str, Deed]]] = {
    "ios": [
        ("show running-config", _shows),
        (rf"configure replace (?P<file>\S+) force revert trigger error timer {_TIME}", _applies(60)),
        ("configure confirm|copy running-config startup-config|show .*", lambda box, found: _keeps(box, found)),
        ("configure revert now", _undoes),
    ],
    "nxos": [
        ("show running-config", _shows),
        (rf"configure replace (?P<file>\S+) commit-timeout {_TIME}", _applies(1)),
        ("configure replace commit|copy running-config startup-config", _keeps),
        ("configure replace abort", _undoes),
        ("show .*", _nothing),
    ],
    "eos": [
        (r"show running-config.*", _shows),
        ("configure session sopwrap|rollback clean-config|copy running-config startup-config|show .*", _nothing),
        (r"copy flash:(?P<file>\S+) session-config", lambda box, found: _eos_load(box, found)),
        (rf"commit timer \d\d:{_TIME}:00", _commits(60)),
        ("configure session sopwrap commit", _keeps),
        ("configure session sopwrap abort", _undoes),
    ],
    "junos": [
        (r"show configuration.*", _shows),
        (r"load override (?P<file>\S+)", _loads),
        (rf"commit confirmed {_TIME}", _junos_confirmed),
        ("commit", _junos_commit),
        ("rollback 1", _junos_rollback),
        ("configure exclusive|exit configuration-mode|show .*", _nothing),
    ],
    "routeros": [
        ("/export show-sensitive", _shows),
        (rf"/system scheduler add name=sopwrap-undo interval={_TIME}m .*", _arms),
        (r"/system reset-configuration .*run-after-reset=sopwrap.rsc", _mikrotik_reset),
        (r"/system scheduler remove .*", _keeps),
        (r"/system backup load .*", _undoes),
        (r"/system .*", _nothing),
    ],
    "fortios": [(r"show \| grep \.", _shows), ("get system status", _nothing)],
    "comware": [
        ("display current-configuration", _shows),
        (rf"configuration commit delay {_TIME}", _arms),
        (r"configuration replace file (?P<file>\S+)", _comware_replace),
        ("configuration commit", _keeps),
        ("system-view|return|save force|display .*", _nothing),
    ],
    "vyos": [
        (r"show configuration.*", _shows),
        (r"load (?P<file>\S+)", _loads),
        (rf"commit-confirm {_TIME}", _commits(60)),
        ("confirm", _keeps),
        ("rollback 1", _undoes),
        ("configure|save|exit|show .*", _nothing),
    ],
}


def _eos_load(box: Box, found: re.Match[str]) -> None:
    box.candidate = box.file(f"/mnt/flash/{found['file']}")


PLATFORMS = tuple(_WORDS)
