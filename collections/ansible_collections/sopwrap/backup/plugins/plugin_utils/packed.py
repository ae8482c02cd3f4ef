# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the collection's modules as Ansible has packed them for the next run.

Ansible packs a module with all that it imports anew in each run: it reads a hundred files and parses every one of
them, which takes 0.4 s, a seventh of a small backup. What it made lies in a folder of that run, to be found by its
other workers; lent to the next run, it is found there, too. Without any of it Ansible packs as ever. What is for this
machine alone is compiled before it is kept (see `bytecode`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import suppress
from glob import escape, glob

from ansible import constants
from ansible import module_utils as its_own
from ansible.release import __version__
from ansible_collections.sopwrap.backup.plugins.plugin_utils.bytecode import compiled

FOR_HERE = "ZIP_STORED"
"""How a module is packed that runs on this very machine (Ansible's DEFAULT_MODULE_COMPRESSION)."""

_PLUGINS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OURS = "ansible_collections.sopwrap.backup.plugins.modules.*-ZIP_*-none"
"""What packages of this collection are called; those of other collections may change without our knowing."""

_KEPT = 86400.0
"""Seconds for which packages of other files stay: two versions in turn, as while one is tried, keep theirs."""


class Packed:
    """The packages in `folder`, which only its owner may write: they are programs, and Ansible unpickles them.

    Each is kept under Ansible's name for it, `~`, and its SHA-256: a power cut may leave a file without its bytes.
    """

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, _age())
        self._run = os.path.join(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache")

    def lend(self) -> None:
        """Give this run what an earlier one has packed of the very same files; nothing where others may write."""
        with suppress(OSError):
            status = os.lstat(self._folder)
            if status.st_uid != os.geteuid() or status.st_mode & 0o022:
                return
            os.makedirs(self._run, mode=0o700, exist_ok=True)
            for name, data in self._kept().items():
                with open(os.path.join(self._run, name), "wb") as stream:
                    stream.write(data)

    def keep(self) -> None:
        """Keep what this run has packed, each file whole or not at all, and drop what was packed of others long ago."""
        with suppress(OSError):
            new = {os.path.basename(path): path for path in glob(os.path.join(escape(self._run), _OURS))}
            known = self._kept()
            if not new.keys() - known.keys():
                return
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            for name in new.keys() - known.keys():
                self._keep(name, new[name])
            for other in glob(os.path.join(escape(os.path.dirname(self._folder)), "*")):
                if os.path.getmtime(other) < time.time() - _KEPT:
                    shutil.rmtree(other)

    def _keep(self, name: str, path: str) -> None:
        with open(path, "rb") as stream:
            data = compiled(stream.read()) if f"-{FOR_HERE}-" in name else stream.read()
        beside = os.path.join(self._folder, f".{name}.{os.getpid()}")
        with open(beside, "wb") as stream:
            stream.write(data)
        os.replace(beside, os.path.join(self._folder, f"{name}~{_digest(data)}"))

    def _kept(self) -> dict[str, bytes]:
        """The packages that are whole, by Ansible's names for them."""
        found = {}
        for path in glob(os.path.join(escape(self._folder), f"{_OURS}~*")):
            name, _tilde, digest = os.path.basename(path).rpartition("~")
            with open(path, "rb") as stream:
                data = stream.read()
            if _digest(data) == digest:
                found[name] = data
        return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _age() -> str:
    """A name for the state of all that can get into a package: Ansible and the files of this collection."""
    digest = hashlib.sha256(f"{__version__} {its_own.__file__}\n".encode())
    for folder in ("modules", "module_utils"):
        for entry in sorted(os.scandir(os.path.join(_PLUGINS, folder)), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                status = entry.stat()
                digest.update(f"{entry.path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:32]
