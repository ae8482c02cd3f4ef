# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in the place of living ones: two names exchange what they stand for, in one step of the file system."""

from __future__ import annotations

import ctypes
import errno
import glob
import os
import shutil
from collections.abc import Iterable, Iterator

from ansible_collections.sopwrap.backup.plugins.module_utils import mounts, permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable

_LIBC = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD = -100
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2


def identity(path: str) -> str | None:
    """Return what tells the thing at a path from every other on this host, or None when nothing is there."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return f"{status.st_dev}:{status.st_ino}"


def exchange(one: str, other: str) -> None:
    """Exchange two names of one file system; where one stands for nothing, move the other there. It lasts at once."""
    present = [os.path.lexists(path) for path in (one, other)]
    if all(present):
        _rename(one, other, _RENAME_EXCHANGE)
    elif any(present):
        origin, destination = (one, other) if present[0] else (other, one)
        os.makedirs(os.path.dirname(destination), exist_ok=True)
        _rename(origin, destination, _RENAME_NOREPLACE)
    for folder in sorted({os.path.dirname(one), os.path.dirname(other)}):
        if os.path.isdir(folder):
            _sync(folder)


def require_exchangeable(path: str) -> None:
    """Refuse a living place whose name cannot be exchanged: a mount point, or one whose folder does not exist.

    Nor is what permits rest on: an older list would make signers of those who are none any more, and an older register
    would let a permit be used again.
    """
    for own in (permit_register.TRUST, permit_register.STATE):
        if _share(os.path.realpath(path), os.path.realpath(own)):
            raise Problem(
                f"{own}, by which this host knows whom it believes, would go with {path}.",
                "Restore it into a fresh place, and put back from there what is needed.",
                refused=True,
            )
    if not os.path.isdir(os.path.dirname(path)):
        raise Problem(f"The folder {os.path.dirname(path)} does not exist.", "Make it first.", refused=True)
    if os.path.ismount(path):
        raise Problem(
            f"{path} is a mount point, which cannot change places with another folder.",
            "Let the asset name the folder inside of it.",
            refused=True,
        )
    for mounted in mounts.below(os.path.realpath(path)):
        raise Problem(
            f"At {printable(mounted)} another file system is mounted, which would go with {path}.",
            "Make assets of what is mounted and of what is beside it, or restore into a fresh place.",
            refused=True,
        )


def _share(one: str, other: str) -> bool:
    """Whether one of two places is the other one, or holds it."""
    tops = [path.rstrip("/") + "/" for path in (one, other)]
    return tops[0].startswith(tops[1]) or tops[1].startswith(tops[0])


def free_bytes(path: str) -> int:
    """The room in the file system of the folder a path is in."""
    status = os.statvfs(os.path.dirname(path))
    return status.f_bavail * status.f_frsize


def remove(path: str) -> None:
    """Remove a file or a whole folder, if it is there."""
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def users_of(paths: Iterable[str]) -> list[str]:
    """Return the processes, by name and number, that have one of these files (or anything below a folder) open."""
    tops = [os.path.realpath(path) for path in paths]
    found = {link.split("/")[2] for link in _open_below(tops)}
    for link in glob.iglob("/proc/[0-9]*/cwd"):
        if _leads_below(link, tops):
            found.add(link.split("/")[2])
    return _named(found)


def writers_of(paths: Iterable[str]) -> list[str]:
    """Return the processes, likewise, that have one of these files open for writing."""
    tops = [os.path.realpath(path) for path in paths]
    return _named({link.split("/")[2] for link in _open_below(tops) if _writes(link)})


def _open_below(tops: list[str]) -> Iterator[str]:
    """Give the links in /proc to files of other processes that lie at or below one of these places."""
    for link in glob.iglob("/proc/[0-9]*/fd/*") if tops else []:
        if link.split("/")[2] != str(os.getpid()) and _leads_below(link, tops):
            yield link


def _writes(link: str) -> bool:
    """Whether an open file was opened for writing (proc(5), /proc/PID/fdinfo: flags are octal)."""
    try:
        with open(link.replace("/fd/", "/fdinfo/"), encoding="ascii") as stream:
            flags = next(line.split()[1] for line in stream if line.startswith("flags:"))
    except (OSError, StopIteration):
        return False
    return bool(int(flags, 8) & (os.O_WRONLY | os.O_RDWR))


def _named(pids: set[str]) -> list[str]:
    return [f"{_name(pid)} (pid {pid})" for pid in sorted(pids, key=int)]


def _leads_below(link: str, tops: list[str]) -> bool:
    try:
        place = os.readlink(link)
    except OSError:
        return False
    return any(place == top or place.startswith(top.rstrip("/") + "/") for top in tops)


def _name(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()
    except OSError:
        return "a process"


def _rename(origin: str, destination: str, flags: int) -> None:
    """Call renameat2(2), which Python does not have."""
    names = [os.fsencode(path) for path in (origin, destination)]
    if _LIBC.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], flags) == 0:
        return
    number = ctypes.get_errno()
    hint = "Both have to be on one file system."
    if number == errno.EINVAL:
        hint = "This file system cannot exchange names; ext4, xfs and btrfs can."
    raise Problem(f"{origin} and {destination} cannot change places: {os.strerror(number)}.", hint)


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
