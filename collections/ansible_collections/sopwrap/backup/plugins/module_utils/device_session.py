# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask many network devices for their configurations at once, over SSH, from one process.

A device's key must be known beforehand. There is no switch that lets an unknown one in: whoever answers in the device's
place would be given the password, and his text would be stored as the device's.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from typing import Any, Union

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line

AT_ONCE = 50
"""Sessions open at a time; more brought nothing on two cores."""

Answer = Union[str, Problem]
"""A device's configuration, or why there is none."""


@dataclass(frozen=True)
class Device:
    """One device: what it is called in sentences, its platform, how it is reached. `timeout` is in seconds, for all."""

    name: str
    platform: Platform
    address: str
    port: int
    user: str
    known_hosts: str
    password: str | None = None
    key_file: str | None = None
    hostname: str | None = None
    timeout: float = 30.0

    @property
    def place(self) -> str:
        """The device's name and address, for sentences."""
        return f"{self.name} ({self.address} port {self.port})"

    def check(self) -> None:
        """Raise a `Problem` when something is missing on our side, before the device is asked."""
        for path, word in ((self.known_hosts, "known_hosts"), (self.key_file, "key_file")):
            if path and not os.access(path, os.R_OK):
                raise Problem(
                    f"The {word} of {self.name} cannot be read: {path}.",
                    "Correct it in the asset's source.",
                    refused=True,
                )
        if not self.password and not self.key_file:
            raise Problem(
                f"There is neither a key_file nor a password for {self.name}.", "Add one to its source.", refused=True
            )


def ask(devices: list[Device]) -> list[Answer]:
    """Return each device's configuration or the `Problem` with it, in the order of the devices."""
    library = _library()
    known = {device.known_hosts: _known_hosts(library, device.known_hosts) for device in devices}
    return asyncio.run(_ask_all(library, devices, known))


async def _ask_all(library: Any, devices: list[Device], known: dict[str, Any]) -> list[Answer]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(device: Device) -> Answer:
        async with gate:
            try:
                return await asyncio.wait_for(_session(library, device, known[device.known_hosts]), device.timeout)
            except Problem as problem:
                return problem
            except (asyncio.TimeoutError, OSError, ValueError, library.Error) as error:
                return _explained(library, device, error)

    return list(await asyncio.gather(*(one(device) for device in devices)))


async def _session(library: Any, device: Device, known: Any) -> str:
    """Log in with what the inventory says and nothing else (no agent, no key or setting of the user who runs this)."""
    async with library.connect(
        device.address,
        port=device.port,
        username=device.user,
        password=device.password,
        client_keys=[device.key_file] if device.key_file else (),
        known_hosts=known,
        agent_path=None,
        config=[],
    ) as connection:
        for command in device.platform.commands:
            ended = await connection.run(command, check=False, encoding="utf-8", errors="surrogateescape")
            answer = str(ended.stdout or ended.stderr or "")
            if device.platform.recognises(answer):
                break
    return device.platform.whole(answer, device.name, device.hostname)


def _explained(library: Any, device: Device, error: BaseException) -> Problem:
    """Make the operator's sentence from what went wrong with a session."""
    if isinstance(error, library.HostKeyNotVerifiable):
        return Problem(
            f"The key that {device.place} shows is not the one in {device.known_hosts}, so it was not trusted.",
            "Compare its fingerprint at the device itself, then add the key that this prints:"
            f" ssh-keyscan -p {device.port} {device.address}.",
        )
    if isinstance(error, library.PermissionDenied):
        return Problem(
            f"{device.place} does not let the user {device.user} in.",
            "Correct user, key_file or password in its source.",
        )
    if isinstance(error, (library.KeyImportError, library.KeyEncryptionError)):
        return Problem(
            f"The key_file of {device.name} is no private key, or needs a passphrase: {device.key_file}.",
            "Give it another key.",
        )
    if isinstance(error, asyncio.TimeoutError):
        return Problem(
            f"{device.place} did not answer within {device.timeout:g} seconds.", "Check the device and the way to it."
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem(f"{device.place} cannot be reached: {last_line(reason)}.", "Check the device and the way to it.")


def _known_hosts(library: Any, path: str) -> Any:
    try:
        return library.read_known_hosts(path)
    except (OSError, ValueError) as error:
        raise Problem(f"The known_hosts {path} cannot be read: {error}.", "Correct it.", refused=True) from error


def _library() -> Any:
    """Import asyncssh only where devices are really asked; the collection is of use without it."""
    try:
        import asyncssh
    except ImportError:
        raise Problem(
            f"Network devices are asked with the Python library asyncssh, which {sys.executable} does not have.",
            f"Install it there: {sys.executable} -m pip install asyncssh.",
        ) from None
    return asyncssh
