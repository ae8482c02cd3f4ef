# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a managed host itself knows of permits: whose it believes, what it is called, which were used, how late it was.

Nothing of this can be given by a variable: whoever starts a playbook chooses the variables.
"""

from __future__ import annotations

import json
import os
import stat
import time
from typing import TYPE_CHECKING, Any

from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

if TYPE_CHECKING:  # every module looks in here for refusals, and few have to do with a permit
    from ansible_collections.sopwrap.backup.plugins.module_utils.permit import Deed, Permit

TRUST = "/etc/sopwrap"
STATE = "/var/lib/sopwrap"
_SLACK = 60.0
"""Seconds a clock may be put back (as time servers do) before permits are refused."""


def require(permit: Permit, deed: Deed, newest_point: str, now: float | None = None, elsewhere: bool = False) -> None:
    """Refuse a deed this host has no valid, unused permit for; nothing is used up yet.

    `newest_point` is when the newest point of the store was made (ISO 8601): no clock is earlier than that. What lives
    `elsewhere` (on a device this host works for) does not have this host's name: there the place has to tell.
    """
    moment = time.time() if now is None else now
    believe(permit, deed.host, elsewhere)
    _require_clock(moment, newest_point)
    permit.admit(deed, moment)
    if os.path.lexists(_used(permit)):
        raise _used_already(permit)


def believe(permit: Permit, host: str, elsewhere: bool = False) -> None:
    """Refuse a permit that nobody signed whom this host believes, whatever it is for."""
    permit.verify(_trusted("permit_signers"))
    require_told(host, elsewhere)


def require_told(host: str, elsewhere: bool = False) -> None:
    """Refuse where no permit could be believed: the host was told of no signers, or is not called what it should be."""
    _trusted("permit_signers")
    called = _trusted("permit_host").strip()
    if called != host and not elsewhere:
        raise _refused(
            f"This host is {called}, and the inventory calls it {host}.",
            "Correct the inventory: it leads to another host.",
        )


def use(permit: Permit) -> None:
    """Use a permit up; refuse when somebody else was faster. It is on the disk before this returns."""
    folder = _state("permits")
    note = {"number": permit.number, "asset": permit.fields["asset"], "at": utc_stamp()}
    try:
        descriptor = os.open(_used(permit), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise _used_already(permit) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        json.dump(note, stream)
        stream.flush()
        os.fsync(stream.fileno())
    sync(folder)


def sync(folder: str) -> None:
    """Have a folder's names on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: str, data: Any) -> None:
    """Replace a small JSON file at once, readable by its owner only; it is on the disk before this returns."""
    beside = f"{path}.{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(data, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(beside, path)
    sync(os.path.dirname(path))


def _require_clock(now: float, newest_point: str) -> None:
    """Refuse when it has been later already; otherwise note how late it is."""
    from ansible_collections.sopwrap.backup.plugins.module_utils.permit import seconds

    path = os.path.join(_state("permits"), "newest.json")
    try:
        with open(path, encoding="ascii") as stream:
            seen = float(json.load(stream)["seconds"])
    except FileNotFoundError:
        seen = 0.0
    except (OSError, ValueError, TypeError, KeyError):
        raise _refused(f"The file {path} cannot be read.", "Find out who changed it, and remove it.") from None
    latest = max(seen, seconds(newest_point) if newest_point else 0.0)
    if now < latest - _SLACK:
        raise _refused(
            f"The clock of this host says {utc_stamp(now)}, but it was {utc_stamp(latest)} already.",
            "Set the clock right.",
        )
    if now > seen:
        write_whole(path, {"seconds": now})


def _trusted(name: str) -> str:
    """Read a file only root can have written."""
    path = os.path.join(TRUST, name)
    for place, kind in ((TRUST, stat.S_ISDIR), (path, stat.S_ISREG)):
        try:
            status = os.lstat(place)
        except FileNotFoundError:
            raise _refused(
                f"This host has not been told whose permits it believes: there is no {path}.",
                "Run `sopwrap permit trust`, or the playbook trust_permits, once.",
            ) from None
        if not kind(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
            raise _refused(
                f"{place} can be changed by others than root, so it proves nothing.",
                "Give it to root, with mode 0755 for the folder and 0644 for the file.",
            )
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def _state(name: str) -> str:
    """Return a folder of ours below STATE, made if need be; what it holds concerns root alone."""
    if os.geteuid() != 0:
        raise _refused("Only root replaces living data.", "Set become for the play.")
    folder = os.path.join(STATE, name)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return folder


def _used(permit: Permit) -> str:
    return os.path.join(STATE, "permits", f"{permit.number}.used")


def _used_already(permit: Permit) -> Problem:
    return _refused(f"The permit {permit.number} was used already.", "Ask for a new one.")


def _refused(message: str, hint: str) -> Problem:
    return Problem(message, hint, refused=True)
