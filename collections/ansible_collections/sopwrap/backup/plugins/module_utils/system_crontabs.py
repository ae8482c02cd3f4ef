# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users' crontabs, put in place as the bytes they were: crontab(1) would write a heading of its own before them."""

from __future__ import annotations

import grp
import os
import pwd
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils import machine_state
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

_GROUP = "crontab"
"""Debian's crontab(1) has this group; elsewhere a crontab's group does not matter."""


def read(names: list[str]) -> dict[str, str | None]:
    """The crontabs of these users at present; None for who has none."""
    known = machine_state.crontabs()
    return {name: known.get(name) for name in names}


def folder() -> str:
    """Where this host has them; refuse a host without cron."""
    for path in machine_state.CRONTABS:
        if os.path.isdir(path):
            return path
    raise Problem("This host has no cron to give a crontab to.", "Install cron, or leave it out.", refused=True)


def write(texts: dict[str, str | None]) -> None:
    """Have these crontabs, each in one step; cron sees by the folder's time that it has to read them again."""
    for name, text in texts.items():
        path = os.path.join(folder(), name)
        if text is None:
            with suppress(FileNotFoundError):
                os.unlink(path)
        else:
            _install(path, text, _owner(name))


def _install(path: str, text: str, owner: tuple[int, int]) -> None:
    beside = os.path.join(os.path.dirname(path), f".sopwrap-{os.path.basename(path)}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        os.fchown(stream.fileno(), *owner)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(beside, path)


def _owner(name: str) -> tuple[int, int]:
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        raise Problem(
            f"The crontab of {name} cannot be put back: there is no such account.", "Make it first."
        ) from None
    with suppress(KeyError):
        return user.pw_uid, grp.getgrnam(_GROUP).gr_gid
    return user.pw_uid, user.pw_gid
