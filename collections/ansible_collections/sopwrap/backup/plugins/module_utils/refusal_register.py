# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this host has refused, kept by itself: whoever tried a way around a permit does not bring the record of it.

A file of JSON lines beside the register of used permits, root's alone and only ever added to. Every module that works
here gives its last lines along, and whoever keeps a ledger takes in what is new to it.
"""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register

ACTIONS = ("restore", "undo", "forget")
_GIVEN = 50
_TAIL = 256 * 1024
"""How much is given along at most: records, and bytes that are read for them."""


def keep(records: list[dict[str, Any]]) -> None:
    """Add what was refused; it is on the disk before this returns.

    A host nobody told of permits keeps what reached for living data: the office hears of it when it first comes there.
    """
    refused = [one for one in records if one["outcome"] == "refused" and one["action"] in ACTIONS]
    if not os.path.isdir(permit_register.TRUST):
        refused = [one for one in refused if one.get("restore")]
    if not refused or os.geteuid() != 0:
        return
    path = _path()
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o600), "a", encoding="ascii") as stream:
        stream.write("".join(f"\n{json.dumps(one, sort_keys=True)}\n" for one in refused))  # the last line may be cut
        stream.flush()
        os.fsync(stream.fileno())
    permit_register.sync(os.path.dirname(path))


def kept() -> list[dict[str, Any]]:
    """The newest refusals, the oldest of them first; none for those who may not read them."""
    if os.geteuid() != 0:
        return []
    try:
        with open(_path(), "rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL))
            lines = [line for line in stream.read().splitlines() if line]
    except FileNotFoundError:
        return []
    found = []
    for line in lines[-_GIVEN:]:
        try:
            found.append(json.loads(line))
        except ValueError:  # the power was cut while it was written, or what is read begins within it
            continue
    return found


def _path() -> str:
    return os.path.join(permit_register.STATE, "permits", "refusals.jsonl")
