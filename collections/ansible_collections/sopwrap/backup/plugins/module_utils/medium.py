# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk a store lies on: whether it is there, is the one that is meant, and can be used."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

LABEL_FILE = ".sopwrap-medium.json"


def check_medium(medium: dict[str, Any], writing: bool) -> int:
    """Return the free bytes of a medium that is in order; otherwise refuse and say what is wrong with it.

    `medium` is the inventory's entry: label, uuid, path, mountpoint, minimum_free (bytes).
    """
    label, path = medium["label"], medium["path"]
    for good, complaint in (
        (os.path.isdir(path), "there is no such folder"),
        (not medium.get("mountpoint", True) or os.path.ismount(path), "nothing is mounted there"),
    ):
        if not good:
            hint = "Plug it in and mount it, then run again."
            raise Problem(f"The medium {label} is not at {path}: {complaint}.", hint, refused=True)
    _compare_label(medium)
    status = os.statvfs(path)
    if writing and (status.f_flag & os.ST_RDONLY or not os.access(path, os.W_OK)):
        raise Problem(f"The medium {label} at {path} is read-only.", "Remove the write protection.", refused=True)
    free = status.f_bavail * status.f_frsize
    least = int(medium.get("minimum_free") or 0)
    if writing and free < least:
        raise Problem(
            f"The medium {label} has {free} bytes free, fewer than the {least} it must have.",
            "Make room on it, or use another medium.",
            refused=True,
        )
    return free


def _compare_label(medium: dict[str, Any]) -> None:
    path = os.path.join(medium["path"], LABEL_FILE)
    try:
        with open(path, encoding="utf-8") as stream:
            found = json.load(stream)
    except (OSError, ValueError):
        raise Problem(
            f"The medium at {medium['path']} has no readable label ({LABEL_FILE}); {medium['label']} is expected.",
            "Attach the right medium, or label this one if it is new.",
            refused=True,
        ) from None
    if not isinstance(found, dict) or any(found.get(key) != medium.get(key) for key in ("label", "uuid")):
        other = found.get("label") if isinstance(found, dict) else None
        raise Problem(
            f"The medium at {medium['path']} is {other or 'unlabelled'}"
            f"{' with another uuid' if other == medium['label'] else ''}, not {medium['label']}.",
            f"Attach the medium {medium['label']}.",
            refused=True,
        )
