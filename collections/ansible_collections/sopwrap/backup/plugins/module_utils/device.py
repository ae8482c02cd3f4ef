# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One network device: what it is called, how it is reached, and the operator's sentences about trouble with it."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line


@dataclass(frozen=True)
class Way:
    """Where an SSH server is and who logs in there. `algorithms` maps kex, ciphers, macs or host_keys to old names.

    With `telnet` it is a Telnet server, which knows no keys. `host_key` is the only key that is trusted, where one
    was seen already; it stands for what `known_hosts` says.
    """

    address: str
    port: int
    user: str
    known_hosts: str | None
    password: str | None = None
    key_file: str | None = None
    algorithms: dict[str, list[str]] = field(default_factory=dict, hash=False)
    telnet: bool = False
    host_key: Any = field(default=None, hash=False, compare=False)

    def check(self, name: str) -> None:
        """Raise a `Problem` when something is missing on our side, before anybody is asked."""
        for path, word in ((self.known_hosts, "known_hosts"), (self.key_file, "key_file")):
            if path and not os.access(path, os.R_OK):
                raise Problem(
                    f"The {word} of {name} cannot be read: {path}.", "Correct it in the asset's source.", refused=True
                )
        if self.telnet and not self.password:
            raise Problem(f"Telnet needs a password for {name}.", "Add it to its source, or take telnet away.", True)
        if not self.password and not self.key_file:
            raise Problem(f"There is neither a key_file nor a password for {name}.", "Add one to its source.", True)


@dataclass(frozen=True)
class Device:
    """One device. `timeout` is in seconds, for all that is done with it; `retries` how often a lost line is tried.

    `hostname` and `serial` are what it must say of itself, where that is known. `enable` is the password for the
    privileged mode. `undo_after` are the seconds after which the device undoes a restore that was not kept; 0 where
    somebody stands beside a device that cannot. `renamed` are names its prompt may get from another configuration.
    """

    name: str
    platform: Platform
    way: Way
    jump: Way | None = None
    enable: str | None = None
    hostname: str | None = None
    serial: str | None = None
    timeout: float = 30.0
    retries: int = 1
    paths: tuple[str, ...] = ()
    undo_after: float = 300.0
    renamed: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The device's name and address, for sentences."""
        return f"{self.name} ({self.way.address} port {self.way.port})"

    def check(self) -> None:
        """Raise a `Problem` when something is missing on our side, before the device is asked."""
        self.way.check(self.name)
        if self.jump:
            self.jump.check(f"the jump host of {self.name}")
        if self.way.telnet and (self.jump or self.platform.shape.session != "shell"):
            raise Problem(
                f"{self.name} cannot be asked over Telnet, which reaches only a device's prompt and no jump host.",
                "Take telnet out of its source.",
                refused=True,
            )
        if not self.way.known_hosts and not self.way.telnet:
            raise Problem(f"There is no known_hosts for {self.name}.", "Add it to its source.", refused=True)
        if self.platform.shape.session == "files" and not self.all_paths:
            raise Problem(f"There are no paths for {self.name}.", "Add paths to its source.", refused=True)

    @property
    def all_paths(self) -> list[str]:
        """The files to fetch, where the platform gives files."""
        return list(self.paths) or self.platform.shape.paths


@dataclass
class Answer:
    """What a device answered: its configuration, facts about it, and its files (platforms that give files).

    `silent`: it gave its configuration, and then no answer to the questions about itself.
    """

    text: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    unsaved: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    silent: bool = False


def explained(library: Any, device: Device, error: BaseException) -> Problem:
    """Make the operator's sentence from what went wrong with a session."""
    way = device.way
    if isinstance(error, library.HostKeyNotVerifiable):
        return Problem(
            f"The key that {device.place} shows is not the one in {way.known_hosts}, so it was not trusted.",
            "Compare its fingerprint at the device itself, then add the key that this prints:"
            f" ssh-keyscan -p {way.port} {way.address}.",
        )
    if isinstance(error, library.PermissionDenied):
        return Problem(
            f"{device.place} does not let the user {way.user} in.", "Correct user, key_file or password in its source."
        )
    if isinstance(error, (library.KeyImportError, library.KeyEncryptionError)):
        return Problem(
            f"The key_file of {device.name} is no private key, or needs a passphrase: {way.key_file}.",
            "Give it another key.",
        )
    if isinstance(error, library.KeyExchangeFailed):
        return Problem(
            f"{device.place} speaks only algorithms that are not used by default: {last_line(str(error))}.",
            "Renew its software, or allow the old names for it alone under algorithms in its source.",
        )
    if isinstance(error, asyncio.TimeoutError):
        return Problem(
            f"{device.place} did not answer within {device.timeout:g} seconds.", "Check the device and the way to it."
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Problem(f"{device.place} cannot be reached: {last_line(reason)}.", "Check the device and the way to it.")


def library() -> Any:
    """Import asyncssh only where devices are really asked; the collection is of use without it."""
    try:
        import asyncssh
    except ImportError:
        raise Problem(
            f"Network devices are asked with the Python library asyncssh, which {sys.executable} does not have.",
            f"Install it there: {sys.executable} -m pip install asyncssh.",
        ) from None
    return asyncssh
