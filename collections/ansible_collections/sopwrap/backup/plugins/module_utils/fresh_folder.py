# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring stored trees back into a folder that holds nothing yet, and leave nothing there when that fails."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def wanted(target: dict[str, Any]) -> str:
    """Return the target's `path`, which must be absolute and of which at least the parent folder must exist."""
    path = str(target.get("path") or "")
    if not os.path.isabs(path):
        raise _refused("The target of a restore needs an absolute path", "Give it as sopwrap_target: {path: /...}.")
    path = os.path.normpath(path)
    if not os.path.isdir(os.path.dirname(path)):
        raise _refused(
            f"The folder {os.path.dirname(path)} for the target does not exist", "Make it, or correct the path."
        )
    return path


@contextmanager
def fresh(target: dict[str, Any]) -> Iterator[str]:
    """Give the target folder, empty, made if need be; when the block fails, what it has put there is removed."""
    path = wanted(target)
    existed = os.path.lexists(path)
    if existed and (os.path.islink(path) or not os.path.isdir(path) or os.listdir(path)):
        raise _refused(f"The target {path} is not an empty folder", "Name a folder that does not exist yet.")
    if not existed:
        os.mkdir(path, 0o700)
    try:
        yield path
    except BaseException:
        _empty(path)
        if not existed:
            os.rmdir(path)
        raise


def place(extract: Callable[[str], None], roots: list[Root], target: str) -> None:
    """Have trees extracted inside the target (the same file system) and move each root to its name there.

    `extract(folder)` puts files below the folder, each with its whole former path. The former folders above a root are
    not brought back: they belong to the place, not to the tree.
    """
    with tempfile.TemporaryDirectory(prefix=".sopwrap-", dir=target) as folder:
        extract(folder)
        origins = {root: os.path.join(folder, root.path.lstrip("/")) for root in roots}
        for root, origin in origins.items():
            if root.name:
                destination = os.path.join(target, root.name)
                os.makedirs(os.path.dirname(destination), exist_ok=True)
                os.rename(origin, destination)
        merged = [_merge(origin, target) for root, origin in origins.items() if not root.name]
    for status in merged:
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _merge(origin: str, target: str) -> os.stat_result:
    """Make the target what the folder `origin` is: its content, owner, permissions, attributes; return its status."""
    status = os.lstat(origin)
    for name in os.listdir(origin):
        os.rename(os.path.join(origin, name), os.path.join(target, name))
    if os.geteuid() == 0:
        os.chown(target, status.st_uid, status.st_gid)
    shutil.copystat(origin, target)
    return status


def _empty(folder: str) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)


def _refused(message: str, hint: str) -> Problem:
    return Problem(f"{message}.", hint, refused=True)
