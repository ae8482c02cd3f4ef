# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetch files from a device and bring files to it: over SFTP, or over SCP where a device knows no other way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import in_memory
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

LARGEST = 512_000_000
"""Bytes of one file; more is no configuration."""


async def fetched(library: Any, connection: Any, device: str, paths: list[str]) -> dict[str, bytes]:
    """Return the files' bytes by their paths; raise a `Problem` when one is missing, empty or too large."""
    found = {}
    for path in paths:
        try:
            found[path] = await _fetch(library, connection, path)
        except library.SFTPError as error:
            raise Problem(
                f"{device} does not give {path}: {error.reason}.", "Correct paths in its source, or the user's rights."
            ) from error
        if not found[path]:
            raise Problem(f"{device} gave an empty {path}, which is no backup.", "Look at the file on the device.")
    return found


async def _fetch(library: Any, connection: Any, path: str) -> bytes:
    try:
        client = await connection.start_sftp_client()
    except library.ConnectionLost:
        raise
    except (library.Error, OSError):
        return await _fetch_by_scp(library, connection, path)
    with _left(client):
        size = (await client.stat(path)).size or 0
        if size > LARGEST:
            raise Problem(f"The file {path} has {size} bytes, more than a configuration.", "Correct paths.")
        return bytes(await (await client.open(path, "rb")).read())


async def _fetch_by_scp(library: Any, connection: Any, path: str) -> bytes:
    with in_memory.folder() as folder:
        place = os.path.join(folder, "file")
        await library.scp((connection, path), place)
        return await asyncio.to_thread(_read, place)


async def bring(library: Any, connection: Any, data: bytes, path: str, way: str) -> None:
    """Put `data` on the device as the file `path`, as its own commands call it; `way` is sftp or scp."""
    place = _named(path)
    if way == "sftp":
        client = await connection.start_sftp_client()
        with _left(client):
            stream = await client.open(place, "wb")
            await stream.write(data)
            await stream.close()
        return
    with in_memory.folder() as folder:
        own = os.path.join(folder, "file")
        await asyncio.to_thread(_write, own, data)
        await library.scp(own, (connection, place))


async def take_away(connection: Any, paths: list[str]) -> None:
    """Remove files that were brought over SFTP, each called as for `bring`; raise what the device answers otherwise."""
    client = await connection.start_sftp_client()
    with _left(client):
        for path in paths:
            await client.remove(_named(path))


@contextmanager
def _left(client: Any) -> Iterator[None]:
    """Leave the client without waiting for a farewell: a device that has fallen silent never gives one."""
    try:
        yield
    finally:
        client.exit()


def _named(path: str) -> str:
    """What SFTP calls a file that the device's own commands call by a file system, as in flash:name."""
    return path.split(":", 1)[1].lstrip("/") if ":" in path.split("/", 1)[0] else path


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _write(path: str, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
