# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is mounted on this host, as the kernel tells it (proc_pid_mountinfo(5))."""

from __future__ import annotations

import os
import re

MOUNTS = "/proc/self/mountinfo"

_MADE_UP = re.compile(
    "binder|binfmt_misc|bpf|cgroup2?|configfs|cpuset|debugfs|devpts|devtmpfs|efivarfs|fusectl|hugetlbfs|mqueue|nfsd|nsfs"
    "|proc|pstore|resctrl|rpc_pipefs|securityfs|selinuxfs|smackfs|sysfs|tracefs"
)
"""Types of file systems that show a state of the kernel as files. What is kept for an office in memory (tmpfs, ramfs)
are files like others; at what mounts on demand (autofs) nothing can be told beforehand."""


def below(path: str) -> list[str]:
    """The mount points below a folder; the kernel writes blanks in them as octal numbers."""
    with open(MOUNTS, "rb") as table:
        names = [line.split(b" ")[4] for line in table]
    plain = [os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), name)) for name in names]
    return sorted(name for name in plain if name.startswith(path.rstrip("/") + "/"))


def made_up(path: str) -> str | None:
    """The type of the file system a path lies on, where the kernel makes up what it shows; None on all others.

    Nor is it told of a path that is not there. What is mounted further below does not matter.
    """
    try:
        device = os.lstat(path).st_dev
        with open(MOUNTS, "rb") as table:
            mounts = [line.split(b" ") for line in table]
    except OSError:
        return None
    number = f"{os.major(device)}:{os.minor(device)}".encode()
    types = (os.fsdecode(mount[mount.index(b"-", 6) + 1]) for mount in mounts if mount[2] == number)
    return next(filter(_MADE_UP.fullmatch, types), None)
