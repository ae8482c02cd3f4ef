# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open the line to a device: over SSH, through a jump host where there is one, or Telnet where its source says so.

A device's key must be known beforehand. There is no switch that lets an unknown one in: whoever answers in the device's
place would be given the password, and his text would be stored as the device's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import FLOOD, Dropped, Shell
from ansible_collections.sopwrap.backup.plugins.module_utils.device_telnet import TelnetLine
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

_OPTIONS = {"kex": "kex_algs", "ciphers": "encryption_algs", "macs": "mac_algs", "host_keys": "server_host_key_algs"}
_SWIFT = {"encryption_algs": "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"}
"""Before the others: with the library's own first choice a session costs half as much again."""

_WIDE = (511, 1000)
"""Columns and rows of the terminal we claim to have: long lines must not be folded, and few pages turned."""


class Roads:
    """What all sessions of one call share: known hosts and private keys that were read, jump hosts that are open."""

    def __init__(self, library: Any) -> None:
        self.library = library
        self._known: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._jumps: dict[Way, asyncio.Future[Any]] = {}

    @asynccontextmanager
    async def open(self, device: Device) -> AsyncIterator[Any]:
        """Give a connection to the device; whatever happens on it, leaving the block does not wait for the device."""
        if device.way.telnet:
            connection: Any = await TelnetLine.open(device, *_WIDE)
        else:
            tunnel = await self._jump(device.jump) if device.jump else None
            connection = await self.connect(device.way, tunnel)
        try:
            yield connection
        except BaseException:
            connection.abort()
            raise
        connection.close()

    async def connect(self, way: Way, tunnel: Any = None) -> Any:
        """Log in with what the inventory says and nothing else (no agent, no key or setting of who runs this)."""
        old = {_OPTIONS[name]: "+" + ",".join(names) for name, names in way.algorithms.items() if names}
        return await self.library.connect(
            way.address,
            port=way.port,
            username=way.user,
            password=way.password,
            client_keys=self._key(way.key_file) if way.key_file else (),
            known_hosts=([way.host_key], [], []) if way.host_key else self._known_hosts(str(way.known_hosts)),
            client_factory=_asked_for_password(self.library, way.password),
            tunnel=tunnel or (),
            agent_path=None,
            config=[],
            **{**_SWIFT, **old},
        )

    async def _jump(self, way: Way) -> Any:
        """Open a jump host once for all devices behind it."""
        if way not in self._jumps:
            self._jumps[way] = asyncio.ensure_future(self.connect(way))
        return await asyncio.shield(self._jumps[way])

    def close(self) -> None:
        """Leave the jump hosts."""
        for jump in self._jumps.values():
            if jump.done() and not jump.cancelled() and not jump.exception():
                jump.result().close()
            jump.cancel()

    def _known_hosts(self, path: str) -> Any:
        if path not in self._known:
            try:
                self._known[path] = self.library.read_known_hosts(path)
            except (OSError, ValueError) as error:
                raise Problem(f"The known_hosts {path} cannot be read: {error}.", "Correct it.", True) from error
        return self._known[path]

    def _key(self, path: str) -> Any:
        if path not in self._keys:
            self._keys[path] = [self.library.read_private_key(path)]
        return self._keys[path]


def _asked_for_password(library: Any, password: str | None) -> Any:
    """Make the class of clients that answer a device which asks for the password in its own words, in any language.

    What is asked once, alone and without showing what is typed is the password; asyncssh knows the English word only.
    """

    class Client(library.SSHClient):  # type: ignore[misc,name-defined]
        asked = False

        def kbdint_auth_requested(self) -> str | None:
            self.asked, before = True, self.asked
            return None if before or password is None else ""

        def kbdint_challenge_received(
            self, _name: str, _instructions: str, _lang: str, prompts: Any
        ) -> list[str] | None:
            if not prompts:
                return []
            hidden = len(prompts) == 1 and not prompts[0][1]
            return [str(password)] if hidden else None

    return Client


@asynccontextmanager
async def shell(connection: Any, device: Device) -> AsyncIterator[Shell]:
    """Give a dialogue at the device's prompt, in the mode the platform wants."""
    process = await connection.create_process(
        term_type="vt100", term_size=_WIDE, encoding="utf-8", errors="surrogateescape"
    )
    secrets = {"enable": device.enable or device.way.password, "password": device.way.password}
    made = Shell(process.stdout, process.stdin, device.platform.shape, secrets, device.renamed)
    await made.begin()
    yield made


async def carried_out(connection: Any, command: str) -> str:
    """Run one command without a terminal and return what it printed, its complaints where that is nothing."""
    process = await connection.create_process(command, encoding="utf-8", errors="surrogateescape")
    complaints = asyncio.ensure_future(_all_of(process.stderr))
    try:
        printed = await _all_of(process.stdout)
        complained = await complaints
    finally:
        complaints.cancel()
    await process.wait_closed()
    if process.exit_status is None and process.exit_signal:
        raise Dropped
    return printed or complained


async def _all_of(reader: Any) -> str:
    pieces: list[str] = []
    size = 0
    while True:
        piece = await reader.read(65536)
        if not piece:
            return "".join(pieces)
        pieces.append(piece)
        size += len(piece)
        if size > FLOOD:
            raise Problem(f"It did not stop after {FLOOD // 1_000_000} million characters.", "Check the device.")
