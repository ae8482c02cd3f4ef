# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a repository is reached: where it is, what opens the way to it, and how each secret reaches the right program.

restic takes a password in an address from the command line, and an account of S3 from the environment, where others
could see them; here they go through files in memory.
"""

from __future__ import annotations

import glob
import os
import re
import shlex
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Handed, Secret, run
from ansible_collections.sopwrap.backup.plugins.module_utils.silence import Patience

_REMOTE = re.compile(r"(sftp|rest|s3|swift|b2|azure|gs|rclone):")
_ALIVE = ("-oBatchMode=yes", "-oConnectTimeout=60", "-oServerAliveInterval=15", "-oServerAliveCountMax=4")
"""A server that does not greet, and a link that was cut, are noticed after a minute and not waited for for ever."""

TIMEOUT = 120
"""Seconds in which a server may neither take nor give anything, where `timeout` does not say otherwise."""


LONGEST_DRAFT = 60.0
"""Seconds that a living restic takes at most to write the 200 bytes of a lock."""


class Folder:
    """An open folder that programs are handed: what they write goes there, whatever is mounted over its path."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_PATH | os.O_DIRECTORY)

    @property
    def path(self) -> str:
        """The name under which a child that was handed this folder finds it."""
        return f"/dev/fd/{self.fd}"

    def close(self) -> None:
        """Let go of it."""
        os.close(self.fd)


class Access:
    """The way to one repository. `access` is the store's entry of that name: what its server asks for."""

    def __init__(self, repository: str, access: dict[str, Any] | None = None) -> None:
        self.repository = repository
        self._access = {key: value for key, value in (access or {}).items() if value}
        self._handed: dict[str, Handed] = {}
        self._anchor: Folder | None = None
        self.patience = None if self.folder is not None else Patience(float(self._access.get("timeout", TIMEOUT)))
        for name in ("ssh_key", "known_hosts", "cacert"):
            if name in self._access:
                self._keep(name, self._access[name].rstrip("\n") + "\n")
        if "password" in self._access:
            self._keep("address", _with_password(repository, self._access["password"]))
        if "key_id" in self._access:
            account = (self._access["key_id"], self._access.get("secret", ""))
            lines = ("[default]", "aws_access_key_id = {}", "aws_secret_access_key = {}")
            self._keep("account", "\n".join(lines).format(*account) + "\n")

    def close(self) -> None:
        """Forget the secrets."""
        for one in self.handed:
            one.close()

    def anchor(self) -> None:
        """From now on mean the folder that is at the repository's path now, whatever comes in its place."""
        if self._anchor is None and self.folder is not None and os.path.isdir(self.folder):
            self._anchor = Folder(self.folder)

    @property
    def handed(self) -> tuple[Handed, ...]:
        """What a program has to be handed to come in."""
        return (*self._handed.values(), *((self._anchor,) if self._anchor else ()))

    @property
    def folder(self) -> str | None:
        """Where the repository is on this host, or None when it is reached over a network."""
        if _REMOTE.match(self.repository):
            return None
        return self.repository.removeprefix("local:")

    @property
    def public(self) -> str:
        """The address without the password some addresses hold."""
        return re.sub(r"://([^:/@\s]+):[^@\s]+@", r"://\1:***@", os.fspath(self.repository))

    def plain(self, complaints: str) -> str:
        """What a program complained of with the repository under its own name."""
        return complaints.replace(self._anchor.path, str(self.folder)) if self._anchor else complaints

    def named(self, option: str = "--") -> list[str]:
        """The words that name the repository to restic; `--from-` for the one that is copied from."""
        if "address" in self._handed:
            return [f"{option}repository-file", self._path("address")]
        return [f"{option}repo", self._anchor.path if self._anchor else self.repository]

    def options(self) -> list[str]:
        """The options restic needs on the way."""
        words = ["--cacert", self._path("cacert")] if "cacert" in self._handed else []
        if self.repository.startswith("sftp:"):
            words += ["-o", f"sftp.command={shlex.join(self._ssh())}"]
        if "region" in self._access:
            words += ["-o", f"s3.region={self._access['region']}"]
        return words

    def environment(self) -> dict[str, str]:
        """What restic reads the name of the account's file from; no secret."""
        return {"AWS_SHARED_CREDENTIALS_FILE": self._path("account")} if "account" in self._handed else {}

    def beside(self, other: Access) -> tuple[list[str], dict[str, str]]:
        """The options and environment for a call that needs both; refuse where restic could tell them apart no more.

        restic has one way for all servers of a kind: one command for SFTP, one account for S3. Of authorities it
        believes as many as it is told, and what opens a REST server stands in its address.
        """
        both = [one for one in (self, other) if one.options() or one.environment()]
        kinds = [one.repository.partition(":")[0] for one in both]
        if kinds and self._way() == other._way():
            both = [self]
        elif len(set(kinds)) < len(kinds) and kinds[0] != "rest":
            raise Problem(
                f"restic cannot copy between two servers it reaches by {kinds[0]}: {other.public} and {self.public}.",
                "Name a store on this host first, and copy from there to both.",
                refused=True,
            )
        options = [word for one in both for word in one.options()]
        return options, {name: value for one in both for name, value in one.environment().items()}

    def _way(self) -> tuple[Any, ...]:
        """What leads to the server, whatever lies on it."""
        kind = self.repository.partition(":")[0]
        return (kind, _sftp(self.repository)[:2] if kind == "sftp" else None, sorted(self._access.items()))

    def free_bytes(self) -> int | None:
        """The room left where the repository lies or would be made; None where its server does not tell."""
        if self.folder is not None:
            folder = self.folder if os.path.isdir(self.folder) else os.path.dirname(self.folder.rstrip("/"))
            try:
                status = os.statvfs(self._anchor.fd if self._anchor else folder)
            except FileNotFoundError:
                return None
            return status.f_bavail * status.f_frsize
        if self.repository.startswith("sftp:"):
            with suppress(Problem, ValueError, IndexError):
                return self._free_by_sftp()
        return None

    def remove_drafts_of_locks(self) -> None:
        """Remove what a restic has left that was killed while it wrote its lock: restic neither reads nor removes it.

        For as long as it lies there, the repository counts as locked for all that needs it alone.
        """
        for path in glob.glob(f"{glob.escape(self.folder or os.devnull)}/locks/*-tmp-*"):
            with suppress(OSError):
                if time.time() - os.stat(path).st_mtime > LONGEST_DRAFT:
                    os.unlink(path)

    def _free_by_sftp(self) -> int:
        """Ask OpenSSH's sftp for the room: its `df` tells kilobytes, `Size Used Avail (root) %Capacity`."""
        host, port, path = _sftp(self.repository)
        words = ["sftp", "-q", "-b", "-", *_ALIVE, *self._keys(), *(["-P", port] if port else []), host]
        command = f'df "{path}"\n'.encode()
        output = run(words, lambda status, said: Problem(said), command, secrets=self.handed, patience=self.patience)
        return int(output.decode().splitlines()[-1].split()[2]) * 1024

    def _ssh(self) -> list[str]:
        host, port, _path = _sftp(self.repository)
        return ["ssh", *_ALIVE, *self._keys(), *(["-p", port] if port else []), host, "-s", "sftp"]

    def _keys(self) -> list[str]:
        words = []
        if "ssh_key" in self._handed:
            words += ["-oIdentitiesOnly=yes", "-i", self._ours("ssh_key")]
        if "known_hosts" in self._handed:
            words += ["-oStrictHostKeyChecking=yes", f"-oUserKnownHostsFile={self._ours('known_hosts')}"]
        return words

    def _keep(self, name: str, text: str) -> None:
        self._handed[name] = Secret(text)

    def _path(self, name: str) -> str:
        return self._handed[name].path

    def _ours(self, name: str) -> str:
        """As `_path`, for ssh, which closes what it was handed: this process lives as long as its children."""
        return f"/proc/{os.getpid()}/fd/{self._handed[name].fd}"


def _with_password(repository: str, password: str) -> str:
    """Put the password of the server's account into an address that names the account."""
    kind, _colon, url = repository.partition(":")
    account, at, _rest = urlsplit(url).netloc.rpartition("@")
    if not at or ":" in account:
        raise Problem(
            "The store's access has a password, and its repository names no account it could be of.",
            "Write the account into the address: rest:https://ACCOUNT@SERVER/.",
            refused=True,
        )
    return f"{kind}:{url.replace(f'//{account}@', f'//{account}:{quote(password, safe=str())}@', 1)}"


def _sftp(repository: str) -> tuple[str, str | None, str]:
    """The account and server, port and path of `sftp:USER@HOST:/path` or `sftp://USER@HOST:PORT//path`."""
    rest = repository.removeprefix("sftp:")
    if rest.startswith("//"):
        url = urlsplit(rest)
        host = f"{url.username}@{url.hostname}" if url.username else str(url.hostname)
        return host, str(url.port) if url.port else None, url.path[1:]
    host, _colon, path = rest.partition(":")
    return host, None, path
