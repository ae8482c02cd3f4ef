# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of trees of files: one line per name, taken from a disk or from a tar archive of the same trees.

Names may be any bytes; in the list they are text with the bytes that are no UTF-8 as surrogates. Hashing runs while
restic reads the same files and goes through them in restic's order, so that each is read from a disk only once: large
reads, some files at once.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.file_facts import archived_attributes, attributes_of, line
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, printable

_PIECE = 1024 * 1024
_BATCH = 128
_BATCH_BYTES = 16 * 1024 * 1024
_SPECIAL = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}

Found = tuple[str, bytes, os.stat_result]
"""A name in the list, the path, what lstat says of it."""


@dataclass(frozen=True)
class Root:
    """One tree: the absolute path where it is, and the name its top has in the list (`""`: names begin below it)."""

    path: str
    name: str

    def label(self, below: str) -> str:
        """Return the name in the list for what is `below` this root; the root itself may be called `.`."""
        return "/".join(piece for piece in (self.name, below) if piece) or "."


@dataclass
class HashList:
    """The lines, and how many pipes, sockets and devices were passed over."""

    items: list[dict[str, Any]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def content(self) -> Content:
        """Return the fingerprint; it counts everything but folders."""
        return Content.of(self.items, count=sum(not item["digest"].startswith("d") for item in self.items))


def from_disk(roots: Iterable[Root], exclude: Exclusion) -> HashList:
    """Hash everything below the roots; raise a `Problem` that names the file when one cannot be read."""
    result = HashList()
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        batches = [pool.submit(_lines, batch) for batch in _batches(_walk(roots, exclude), result.skipped)]
        for batch in batches:
            result.items += batch.result()
    return result


def from_archive(stream: BinaryIO, roots: list[Root]) -> HashList:
    """Hash everything below the roots in a tar archive of absolute paths without their first slash."""
    result = HashList()
    try:
        with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
            for member in archive:
                archive.members = []  # it would remember each: half a kilobyte a file
                name = next((root.label(below) for root in roots for below in _below(root, member.name)), None)
                if name is not None:
                    result.items.append(_archived(archive, member, name))
    except tarfile.TarError as error:
        raise Problem(f"The stored files are no readable archive: {error}.", "Verify the store.") from error
    return result


def unreadable(roots: list[Root], exclude: Exclusion) -> list[str]:
    """Return the paths below the roots that this user may not read (none for root); a root must be there."""
    for root in roots:
        _status(root.path.encode("utf-8", "surrogateescape"))
    if os.geteuid() == 0:
        return []
    refused: list[str] = []
    for _name, path, status in _walk(roots, exclude, refused):
        wanted = os.R_OK | os.X_OK if stat.S_ISDIR(status.st_mode) else os.R_OK
        if stat.S_IFMT(status.st_mode) in (stat.S_IFDIR, stat.S_IFREG) and not os.access(path, wanted):
            refused.append(_text(path))
    return sorted(set(refused))


def size(roots: list[Root], exclude: Exclusion) -> int:
    """Return the bytes of all files below the roots; what this user may not list does not count."""
    found = (status for _name, _path, status in _walk(roots, exclude, []))
    return sum(status.st_size for status in found if stat.S_ISREG(status.st_mode))


def _walk(roots: Iterable[Root], exclude: Exclusion, refused: list[str] | None = None) -> Iterator[Found]:
    """Give every name below the roots in restic's order: by name, what a folder holds right after it.

    Links are not followed. Folders that cannot be listed go to `refused` if given.
    """
    for root in roots:
        top = root.path.encode("utf-8", "surrogateescape")
        waiting: list[Found] = [(root.name, top, _status(top))]
        while waiting:
            name, path, status = waiting.pop()
            yield name or ".", path, status
            if not stat.S_ISDIR(status.st_mode):
                continue
            try:
                waiting += _entries(name, path, exclude)
            except PermissionError as error:
                if refused is None:
                    raise _cannot_read(path, error) from error
                refused.append(_text(path))


def _entries(name: str, path: bytes, exclude: Exclusion) -> list[Found]:
    """What a folder holds, the last name first: the next one is taken from the end."""
    found = []
    with os.scandir(path) as entries:
        for entry in entries:
            if _text(entry.path) not in exclude:
                below = f"{name}/{_text(entry.name)}" if name else _text(entry.name)
                try:
                    found.append((below, entry.path, entry.stat(follow_symlinks=False)))
                except FileNotFoundError:
                    continue  # gone since the folder was listed; if restic stored it, verify says so
    return sorted(found, key=lambda one: one[1], reverse=True)


def _batches(found: Iterable[Found], skipped: Counter[str]) -> Iterator[list[Found]]:
    """Bundle names so that a thread gets many small files or few large ones at a time."""
    batch: list[Found] = []
    size = 0
    for item in found:
        special = _SPECIAL.get(stat.S_IFMT(item[2].st_mode))
        if special:
            skipped[special] += 1
            continue
        batch.append(item)
        size += item[2].st_size
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    yield batch


def _lines(batch: list[Found]) -> list[dict[str, Any]]:
    result = []
    for name, path, status in batch:
        try:
            result.append(_line(name, path, status))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise _cannot_read(path, error) from error
    return result


def _line(name: str, path: bytes, status: os.stat_result) -> dict[str, Any]:
    owner, attributes = (status.st_uid, status.st_gid), attributes_of(path)
    if stat.S_ISDIR(status.st_mode):
        return line(name, "d", status.st_mode, owner, "", attributes=attributes)
    if stat.S_ISLNK(status.st_mode):
        return line(name, "l", status.st_mode, owner, "-> " + _destination(path), attributes=attributes)
    size, digest = _hash(path)
    return line(name, "f", status.st_mode, owner, digest, size=size, attributes=attributes)


def _destination(path: bytes) -> str:
    """Return where a link leads; restic 0.14 keeps that as UTF-8 only and would store another place."""
    try:
        return os.readlink(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(
            f"The link {printable(_text(path))} leads to a name that is no UTF-8, which restic cannot keep.",
            "Make the link anew, or leave it out with exclude.",
        ) from error


def _hash(path: bytes) -> tuple[int, str]:
    """Return size and SHA-256 of a file. O_NONBLOCK: it may have become a pipe since it was listed."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        while True:
            piece = os.read(descriptor, _PIECE)
            if not piece:
                return size, digest.hexdigest()
            digest.update(piece)
            size += len(piece)
    finally:
        os.close(descriptor)


def _archived(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> dict[str, Any]:
    owner, attributes = (member.uid, member.gid), archived_attributes(member)
    if member.isdir():
        return line(name, "d", member.mode, owner, "", attributes=attributes)
    if member.issym():
        return line(name, "l", member.mode, owner, "-> " + member.linkname, attributes=attributes)
    content, digest = archive.extractfile(member), hashlib.sha256()
    while content is not None:
        piece = content.read(_PIECE)
        if not piece:
            break
        digest.update(piece)
    return line(name, "f", member.mode, owner, digest.hexdigest(), size=member.size, attributes=attributes)


def _below(root: Root, member: str) -> list[str]:
    """Return in a list what follows the root's path in an archive's name, or nothing when it lies elsewhere."""
    top, name = root.path.strip("/"), member.strip("/")
    if name == top:
        return [""]
    return [name[len(top) + 1 :]] if name.startswith(top + "/") else []


def _status(path: bytes) -> os.stat_result:
    try:
        return os.lstat(path)
    except OSError as error:
        raise _cannot_read(path, error) from error


def _cannot_read(path: bytes, error: OSError) -> Problem:
    return Problem(
        f"{printable(_text(path))} cannot be read: {error.strerror}.",
        "Set become for the play, or leave it out with exclude.",
    )


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
