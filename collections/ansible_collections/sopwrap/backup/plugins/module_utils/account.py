# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account and the environment other programs are started with."""

from __future__ import annotations

import os
import pwd
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

_FOREIGN = ("PG", "MYSQL_", "RESTIC_", "AWS_", "RCLONE_")
"""Beginnings of the names of settings of database clients and of stores, which the inventory alone may make."""


def account(user: str) -> pwd.struct_passwd:
    """Return an account of the operating system by its name."""
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise Problem(
            f"The operating system user {user} does not exist on this host.", "Correct os_user in the asset's source."
        ) from None


def identity(user: str | None) -> dict[str, Any]:
    """What `Popen` needs to start a program as this user; nothing where that is ourselves."""
    if user is None or account(user).pw_uid == os.geteuid():
        return {}
    if os.geteuid() != 0:
        raise Problem(f"Only root can run programs as {user}.", "Set become for the play, or remove os_user.")
    entry = account(user)
    groups = os.getgrouplist(user, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": groups}


def environment(user: str | None) -> dict[str, str]:
    """What children inherit: no settings of database clients or restic that the inventory does not know of."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
    if user is not None:
        kept.update(HOME=account(user).pw_dir, USER=user, LOGNAME=user)
    return {**kept, "LC_ALL": "C.UTF-8"}
