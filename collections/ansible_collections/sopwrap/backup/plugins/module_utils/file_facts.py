# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore has to keep of one file, as a line of the hash list: told by the file or by a tar archive of it.

Kept: type, permissions (with set-id and sticky bits), owner and group by number, size, SHA-256 or the link's target,
ACLs and extended attributes. Not compared: times (a copy with other times has the same content; restic restores them
all the same), links between names of one file, holes, `security.selinux` (it belongs to the place, not to the file).
Pipes, sockets and devices have no content; they are counted as skipped.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import tarfile
from typing import Any

ACL_TAGS = {0x01: "user", 0x02: "user", 0x04: "group", 0x08: "group", 0x10: "mask", 0x20: "other"}
_NAMED = (0x02, 0x08)
_PLACE_BOUND = "security.selinux"


def line(name: str, letter: str, mode: int, owner: tuple[int, int], payload: str, **more: Any) -> dict[str, Any]:
    """One item of the fingerprint: `digest` reads like `f 0644 0:0 <sha256>`, `count` is the size in bytes (files)."""
    attributes: dict[str, bytes] = more.get("attributes") or {}
    digest = f"{letter} {stat.S_IMODE(mode):04o} {owner[0]}:{owner[1]} {payload}".rstrip()
    if attributes:
        text = repr(sorted(attributes.items()))
        digest += f" x:{hashlib.sha256(text.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}"
    return {"name": name, "count": more.get("size"), "digest": digest}


def attributes_of(path: bytes) -> dict[str, bytes]:
    """Return the extended attributes of a file on disk; an ACL as the text that a tar archive has for it."""
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError:  # a file system without them
        return {}
    found = {}
    for name in names:
        if name == _PLACE_BOUND:
            continue
        value = os.getxattr(path, name, follow_symlinks=False)
        if name.startswith("system.posix_acl_"):
            found["acl." + name.rpartition("_")[2]] = _acl_text(value)
        else:
            found[name] = value
    return found


def archived_attributes(member: tarfile.TarInfo) -> dict[str, bytes]:
    """Return the same from a member of a tar archive in PAX format."""
    found = {}
    for key, value in member.pax_headers.items():
        prefix, _sep, name = key.partition("SCHILY.")
        if prefix or not name or name == f"xattr.{_PLACE_BOUND}":
            continue
        found[name.removeprefix("xattr.")] = value.encode("utf-8", "surrogateescape")
    return found


def _acl_text(value: bytes) -> bytes:
    """Write a POSIX ACL (version 2 of Linux' binary form) as text, one entry a line: `user:1000:r-x`."""
    entries = []
    for tag, permissions, number in struct.iter_unpack("<HHI", value[4:]):
        who = str(number) if tag in _NAMED else ""
        letters = "".join(letter if permissions & bit else "-" for letter, bit in (("r", 4), ("w", 2), ("x", 1)))
        entries.append(f"{ACL_TAGS.get(tag, tag)}:{who}:{letters}\n")
    return "".join(entries).encode()
