# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person needs beside /etc to build a server again: packages, accounts, services, crontabs, mounts, the system.

Read from files and the package manager's own listing, so that it is the same with and without systemd as process 1.
No password hash is in it; those are in /etc, which goes to the encrypted store as files.
"""

from __future__ import annotations

import glob
import grp
import hashlib
import json
import os
import platform
import pwd
import shutil
from collections.abc import Callable
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import ended_by, last_line, run

CRONTABS = ("/var/spool/cron/crontabs", "/var/spool/cron")
_UNITS = ("/etc/systemd/system", "/etc/systemd/user", "/usr/local/lib/systemd/system", "/lib/systemd/system")
_PASSING = {"autofs", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl"}
_PASSING |= {"hugetlbfs", "mqueue", "nsfs", "overlay", "proc", "pstore", "ramfs", "securityfs", "squashfs", "sysfs"}
_PASSING |= {"tmpfs", "tracefs", "binfmt_misc", "rpc_pipefs"}
_LISTINGS = (
    (
        "dpkg-query",
        ["--show", "--showformat=${binary:Package}\\t${Version}\\t${Architecture}\\t${db:Status-Abbrev}\\n"],
    ),
    (
        "rpm",
        ["--query", "--all", "--queryformat=%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\tii\\n"],
    ),
)
VOLATILE = ("mounts",)
"""What changes without anybody having changed the machine (a backup disk is plugged in), so that it is not compared."""


def collect() -> dict[str, Any]:
    """Return the whole state; raise a `Problem` when a part of it may not be read."""
    sections: dict[str, Callable[[], Any]] = {
        "system": _system,
        "packages": _packages,
        "users": _users,
        "groups": _groups,
        "units": _units,
        "crontabs": crontabs,
        "mounts": _mounts,
    }
    return {"schema": "sopwrap.system/1", **{name: read() for name, read in sections.items()}}


def read_state(stream: BinaryIO) -> dict[str, Any]:
    """Read a stored state; raise a `Problem` when it is none."""
    try:
        state: dict[str, Any] = json.loads(stream.read().decode("utf-8", "surrogateescape"))
    except ValueError as error:
        raise Problem("The stored list of the system cannot be read.", "Use another point.") from error
    return state


def items(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fingerprint's items: one for each section that does not change by itself."""
    result = []
    for name, value in state.items():
        if name not in VOLATILE:
            text = json.dumps(value, sort_keys=True, ensure_ascii=True)
            count = len(value) if isinstance(value, (list, dict)) else None
            result.append({"name": f"({name})", "count": count, "digest": hashlib.sha256(text.encode()).hexdigest()})
    return result


def _system() -> dict[str, str]:
    """Name the operating system by its own file (os-release(5)) and the running kernel."""
    found = {"kernel": platform.release(), "machine": platform.machine(), "hostname": platform.node()}
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as stream:
                pairs = [line.strip().partition("=") for line in stream if "=" in line and not line.startswith("#")]
            names = ("ID", "VERSION_ID", "PRETTY_NAME")
            return {**found, **{key.lower(): value.strip("\"'") for key, _sep, value in pairs if key in names}}
    return found


def _packages() -> list[dict[str, str]]:
    """List the installed packages as the package manager does; none where there is no manager we know."""
    for program, options in _LISTINGS:
        if shutil.which(program):
            listing = run([program, *options], _explain(program)).decode(errors="replace")
            rows = [line.split("\t") for line in listing.splitlines()]
            return sorted(
                ({"name": row[0], "version": row[1], "arch": row[2]} for row in rows if row[3][1:2] == "i"),
                key=lambda package: (package["name"], package["version"], package["arch"]),
            )
    return []


def _users() -> list[dict[str, Any]]:
    """List the accounts as getent(1) does, without the password field."""
    found = [
        {
            "name": user.pw_name,
            "uid": user.pw_uid,
            "gid": user.pw_gid,
            "gecos": user.pw_gecos,
            "home": user.pw_dir,
            "shell": user.pw_shell,
        }
        for user in pwd.getpwall()
    ]
    return sorted(found, key=lambda user: (user["uid"], user["name"]))


def _groups() -> list[dict[str, Any]]:
    found = [{"name": group.gr_name, "gid": group.gr_gid, "members": sorted(group.gr_mem)} for group in grp.getgrall()]
    return sorted(found, key=lambda group: (group["gid"], group["name"]))


def _units() -> dict[str, list[str]]:
    """List services by what lies in the folders of systemd(1) and of System V: files there, enabled, masked."""
    files = {path for folder in _UNITS for path in glob.glob(f"{glob.escape(folder)}/*.*") if not os.path.isdir(path)}
    links = [f"{folder}/*.{word}/*" for folder in _UNITS[:2] for word in ("wants", "requires")]
    wanted = [path for pattern in links for path in glob.glob(pattern)]
    started = {os.path.basename(path)[3:] for path in glob.glob("/etc/rc[2-5].d/S[0-9][0-9]*")}
    return {
        "files": sorted({os.path.basename(path) for path in files}),
        "enabled": sorted({os.path.basename(path) for path in wanted}),
        "masked": sorted(os.path.basename(path) for path in files if os.path.realpath(path) == "/dev/null"),
        "sysv": sorted(started),
    }


def crontabs() -> dict[str, str]:
    """Return each user's crontab; those of the system are files in /etc."""
    folder = next((folder for folder in CRONTABS if os.path.isdir(folder)), None)
    try:
        names = sorted(os.listdir(folder)) if folder else []
        found = {}
        for name in names:
            path = os.path.join(str(folder), name)
            if os.path.isfile(path):
                with open(path, encoding="utf-8", errors="replace") as stream:
                    found[name] = stream.read()
        return found
    except PermissionError as error:
        raise Problem(f"This user may not read the crontabs in {folder}.", "Set become for the play.") from error


def _mounts() -> list[dict[str, str]]:
    with open("/proc/self/mounts", encoding="utf-8", errors="replace") as stream:
        rows = [line.split() for line in stream]
    found = [{"source": row[0], "target": row[1], "type": row[2], "options": row[3]} for row in rows]
    return [mount for mount in found if mount["type"] not in _PASSING]


def _explain(program: str) -> Callable[[int, str], Problem]:
    def explain(status: int, complaints: str) -> Problem:
        reason = last_line(complaints) if complaints else ended_by(status)
        return Problem(f"The packages cannot be listed by {program}: {reason}.", "Repair the package database.")

    return explain
