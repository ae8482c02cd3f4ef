# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `redis`: all data of a server as of one moment, in Redis' own file format (RDB).

Like SQLite's, the data is on a disk for a moment, in a folder only its owner can enter: a second server has to read it,
since no living server tells a digest of what it holds, and none could tell that of the moment that was sent.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, chosen
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_content import fingerprint
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_live import RedisLive

PART = "dump.rdb"
SOURCE = {
    "socket": {"type": "path"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "user": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "scratch": {"type": "path", "default": "/var/tmp"},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""

_COPY = "Salin data. Berkas itu harus milik akun server (chown), dan server harus mulai dengan appendonly no."


class Redis(RedisLive):
    """All databases of one server, their keys with their times to live, and functions."""

    name = "redis"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Ask the server who it is, and look for room for a copy."""
        client = Client(asset["source"])
        server, memory = client.info("server"), client.info("memory")
        size, scratch = int(memory["used_memory_dataset"]), _scratch(asset)
        if shutil.disk_usage(scratch).free < size:
            raise Problem(
                f"The folder {scratch} has no room for the data of Redis at {client.place} ({size} bytes).",
                "Make room, or name another folder as scratch in the asset's source.",
            )
        return {"version": server["redis_version"], "place": client.place, "size_bytes": size}

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Have the server send its data to a private folder, and take the fingerprint from there while it is stored."""
        client = Client(asset["source"])
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=_scratch(asset)) as folder:
            path = os.path.join(folder, PART)
            client.save(path)
            part = Stream(PART, lambda: open(path, "rb", buffering=0))  # noqa: SIM115 - restic's side closes it
            yield Capture([part], lambda: fingerprint(path), tools={"redis": client.info("server")["redis_version"]})

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let a second server read the stored file, and compare what it holds with the backup."""
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=_scratch(asset)) as folder:
            path = os.path.join(folder, PART)
            with open(path, "xb") as sink:
                shutil.copyfileobj(stream, sink, 1024 * 1024)
            found = fingerprint(path)
        difference = stored.content().difference(found)
        if difference:
            raise Problem(f"The stored data is not what was backed up: {difference}.", "Use another point.")
        return f"Redis read {found.count} keys, and they are those of the backup"

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a file that exists."""
        _fresh(target)

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Write a new RDB file, for the owner of its folder."""
        path = _fresh(target)
        try:
            with stored.open(PART) as stream, open(path, "xb") as sink:
                os.chmod(path, 0o640)
                shutil.copyfileobj(stream, sink, 1024 * 1024)
                sink.flush()
                os.fsync(sink.fileno())
            if os.geteuid() == 0:
                owner = os.stat(os.path.dirname(path))
                os.chown(path, owner.st_uid, owner.st_gid)
        except BaseException:
            os.unlink(path)
            raise

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """The file is what a server starts from."""
        return [
            chosen(
                "/var/lib/redis/dump.rdb",
                "berkas yang dibaca server saat mulai; server harus mati, dan berkas itu belum boleh ada",
            ),
            Step("Periksa berkas; jawabannya harus RDB looks OK.", (f"redis-check-rdb {PART}",)),
            Step(_COPY, (f'cp --no-clobber {PART} "$TUJUAN"',)),
        ]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Let a second server read the file."""
        return fingerprint(str(target["path"]))


def _scratch(asset: Asset) -> str:
    scratch = str(asset["source"].get("scratch") or "/var/tmp")
    if not os.path.isdir(scratch):
        raise Problem(f"The folder {scratch} does not exist.", "Correct scratch in the asset's source.", refused=True)
    return scratch


def _fresh(target: dict[str, Any]) -> str:
    path = str(target.get("path") or "")
    if not os.path.isabs(path) or not os.path.isdir(os.path.dirname(path)):
        raise Problem(
            "The target of a restore needs the absolute path of a file, in a folder that exists.",
            "Give it as sopwrap_target: {path: /...}.",
            refused=True,
        )
    if os.path.lexists(path):
        raise Problem(f"The file {path} is there already.", "Name one that does not exist yet.", refused=True)
    return path
