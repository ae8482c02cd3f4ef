# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts and groups as lines of the four files in /etc that hold them (passwd(5), shadow(5), group(5), gshadow(5)).

A line is put back as it was, password and ageing included, which no program takes without showing it to others. The
files are changed under the lock that all programs for them take (lckpwdf(3)), each in one step.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

FILES = ("passwd", "shadow", "group", "gshadow")
_MEMBERS = 3
"""Where a line of group and gshadow has its members."""


def read_user(etc: str, name: str) -> dict[str, Any] | None:
    """An account's two lines and the groups it is a member of beside its own; None where there is none."""
    passwd = _lines(etc, "passwd").get(name)
    if passwd is None:
        return None
    groups = [group for group, line in _lines(etc, "group").items() if name in _members(line)]
    return {"passwd": passwd, "shadow": _lines(etc, "shadow").get(name), "groups": sorted(groups)}


def read_group(etc: str, name: str) -> dict[str, Any] | None:
    """A group's two lines; None where there is none."""
    line = _lines(etc, "group").get(name)
    return None if line is None else {"group": line, "gshadow": _lines(etc, "gshadow").get(name)}


def write(etc: str, users: dict[str, Any], groups: dict[str, Any]) -> None:
    """Have these accounts and groups be as their values say (as the readers gave them); None removes one.

    A member of a group that is given as a whole stays as that says; other groups are changed in this member alone.
    """
    with _locked(etc):
        files = {name: _lines(etc, name) for name in FILES if os.path.exists(os.path.join(etc, name))}
        before = {name: dict(lines) for name, lines in files.items()}
        for name, value in groups.items():
            _put(files, ("group", "gshadow"), name, value)
        for name, value in users.items():
            _put(files, ("passwd", "shadow"), name, value)
            _join(files, name, set((value or {}).get("groups") or []), set(groups))
        for name in ("group", "gshadow", "shadow", "passwd"):
            if name in files and files[name] != before[name]:
                _replace(os.path.join(etc, name), files[name])


def require_room(etc: str, users: Sequence[dict[str, Any]], groups: Sequence[dict[str, Any]]) -> None:
    """Refuse accounts (of a state, see `machine_state`) whose number or group another one here has, or nobody."""
    passwd, group = _lines(etc, "passwd"), _lines(etc, "group")
    _require_own_number("account", passwd, {one["name"]: one["uid"] for one in users})
    _require_own_number("group", group, {one["name"]: one["gid"] for one in groups})
    numbers = {line.split(":")[2] for line in group.values()} | {str(one["gid"]) for one in groups}
    for user in users:
        if str(user["gid"]) not in numbers:
            raise Problem(
                f"The group {user['gid']} of the account {user['name']} is not on this host.",
                "Name it among the pieces, too: group:NAME.",
                refused=True,
            )


def _require_own_number(word: str, lines: dict[str, str], wanted: dict[str, int]) -> None:
    taken = {line.split(":")[2]: name for name, line in lines.items()}
    for name, number in wanted.items():
        if taken.get(str(number), name) != name:
            raise Problem(
                f"The {word} {name} had the number {number}, which {taken[str(number)]} has now.",
                "Give one of them another number by hand.",
                refused=True,
            )


def _put(files: dict[str, dict[str, str]], names: Sequence[str], key: str, value: dict[str, Any] | None) -> None:
    for name in names:
        line = (value or {}).get(name)
        if line is not None and name in files:
            files[name][key] = line
        else:
            files.get(name, {}).pop(key, None)


def _join(files: dict[str, dict[str, str]], user: str, wanted: set[str], whole: set[str]) -> None:
    """Make a user a member of these groups and of no others."""
    for name in ("group", "gshadow"):
        for group, line in files.get(name, {}).items():
            members = _members(line)
            if group in whole or (user in members) == (group in wanted):
                continue
            changed = [one for one in members if one != user] + ([user] if group in wanted else [])
            fields = line.split(":")
            files[name][group] = ":".join([*fields[:_MEMBERS], ",".join(changed)])


def _members(line: str) -> list[str]:
    fields = line.split(":")
    return [one for one in fields[_MEMBERS].split(",") if one] if len(fields) > _MEMBERS else []


def _lines(etc: str, name: str) -> dict[str, str]:
    """The lines of a file by what stands before their first colon, in their order."""
    try:
        with open(os.path.join(etc, name), encoding="utf-8", errors="surrogateescape") as stream:
            return {line.partition(":")[0]: line for line in stream.read().splitlines() if line}
    except FileNotFoundError:
        return {}


def _replace(path: str, lines: dict[str, str]) -> None:
    """Put a new text in a file's place, with its owner and permissions; it is on the disk before this returns."""
    beside = f"{path}.sopwrap"
    shutil.copy2(path, beside)
    status = os.stat(path)
    os.chown(beside, status.st_uid, status.st_gid)
    with open(beside, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write("".join(f"{line}\n" for line in lines.values()))
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(beside, path)


@contextmanager
def _locked(etc: str) -> Iterator[None]:
    with open(os.open(os.path.join(etc, ".pwd.lock"), os.O_RDWR | os.O_CREAT, 0o600), "w", encoding="ascii") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        yield
