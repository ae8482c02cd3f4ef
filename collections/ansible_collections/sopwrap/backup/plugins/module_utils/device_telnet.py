# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line to a device that knows nothing better than Telnet: passwords and configurations go over it in clear text.

It is taken only where a device's own source says so, and what is fetched over it is marked as such.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import PASSWORD, Dropped, clean
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

_NAME = re.compile(
    r"(?i)(?:user ?name|login|user|nama pengguna|benutzer(?:name)?|usu[a\u00e1]rio|utilisateur|\u7528\u6237\u540d)"
    r" ?[:\uff1a] ?$"
)


class TelnetLine:
    """One connection; it gives what a dialogue at a prompt needs of an SSH connection, and nothing more."""

    def __init__(self, reader: Any, writer: Any, device: Device) -> None:
        self._reader, self._writer, self._device = reader, writer, device
        self._said: set[str] = set()
        self._heard = ""
        self._inside = False

    @classmethod
    async def open(cls, device: Device, columns: int, rows: int) -> TelnetLine:
        """Connect to the device."""
        reader, writer = await _library().open_connection(
            device.way.address,
            device.way.port,
            encoding="utf8",
            encoding_errors="surrogateescape",
            term="vt100",
            cols=columns,
            rows=rows,
            connect_minwait=0.05,
            connect_maxwait=1.0,
        )
        return cls(reader, writer, device)

    async def create_process(self, **_terminal: Any) -> TelnetLine:
        """Log in, and be the process whose streams are talked to."""
        while "password" not in self._said:
            await self._hear()
            self._respond()
        return self

    @property
    def stdout(self) -> TelnetLine:
        """What the device says."""
        return self

    @property
    def stdin(self) -> TelnetLine:
        """What it is told."""
        return self

    async def read(self, _size: int) -> str:
        """Read on; raise when name or password are asked for once more: then they were not taken."""
        piece = await self._hear()
        last = clean(self._heard).rpartition("\n")[2]
        if not self._inside and (_NAME.search(last) or PASSWORD.search(last)):
            raise self._not_let_in()
        return piece

    def write(self, text: str) -> None:
        """Say something. The first thing said at a prompt ends the login."""
        self._inside = True
        self._say(text)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    abort = close

    def _say(self, text: str) -> None:
        """A line ends as with a terminal's Return key (RFC 854); a line feed would be a second line for some."""
        self._writer.write(text.replace("\r\n", "\n").replace("\n", "\r" if self._writer.outbinary else "\r\x00"))

    async def _hear(self) -> str:
        piece = str(await self._reader.read(65536))
        if not piece:
            raise Dropped
        self._heard = (self._heard + piece)[-2000:]
        return piece

    def _respond(self) -> None:
        """Say name and password when they are asked for, each once."""
        last = clean(self._heard).rpartition("\n")[2]
        told = {"name": self._device.way.user, "password": self._device.way.password}
        for word, question in (("name", _NAME), ("password", PASSWORD)):
            if question.search(last):
                if word in self._said:
                    raise self._not_let_in()
                self._said.add(word)
                self._heard = ""
                self._say(f"{told[word]}\n")
                return

    def _not_let_in(self) -> Problem:
        way = self._device.way
        return Problem(
            f"{self._device.place} does not let the user {way.user} in.", "Correct user or password in its source."
        )


def _library() -> Any:
    try:
        import telnetlib3
    except ImportError:
        raise Problem(
            f"Telnet is spoken with the Python library telnetlib3, which {sys.executable} does not have.",
            f"Install it there: {sys.executable} -m pip install telnetlib3.",
        ) from None
    return telnetlib3
