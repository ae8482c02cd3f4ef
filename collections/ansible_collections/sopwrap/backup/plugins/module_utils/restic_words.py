# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What restic says (version 0.14), what an operator is told instead, and when there is no use in its trying again.

restic tries every call to a store again for a quarter of an hour with growing pauses, whatever was wrong.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.oversight import NO_ANSWER
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Explain, ended_by, last_line

LONGEST_PAUSE = 15.0
"""Seconds. A pause as long as this comes after about a minute of trying: no server is waited for longer."""

MOST_FAILURES = 5
"""How often a server may refuse one and the same file without a reason (SFTP has one word for a full and a broken
disk)."""

_RETRY = re.compile(r"^(\w+\(.*?\)) returned error, retrying after ([0-9.hmsµn]+): (.*)$", re.MULTILINE)
_GONE = re.compile(r"^Load\(<lock/.*?\)(?=.*(?:no such file|does not exist))", re.MULTILINE)
"""Another restic ended between the moment its lock was listed and the one it was read: restic tries to read it on."""

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}


class Locked(Problem):
    """Another restic holds the repository, or held it a moment ago; to be tried once more."""


INCOMPLETE = 3
"""restic's exit status when some source files could not be read: it leaves a snapshot that lacks them."""

_ITEM = re.compile(r'"item":("(?:[^"\\]|\\.)*")')


class Incomplete(Problem):
    """Source files could not be read, or were gone; where files come and go, to be tried once more."""


class WrongKey(Problem):
    """The password opens the repository not, or not any more."""


class Missing(Problem):
    """There is no repository at that place."""


class Full(Problem):
    """There is no room left where the repository lies."""


class Forbidden(Problem):
    """The server lets things be added, not removed or replaced."""


class Damaged(Problem):
    """What is in the repository is not what was stored."""


def hopeless(complaints: str) -> bool:
    """Whether restic tries again what time does not mend: a full disk, a broken one, a server that refuses."""
    if _GONE.search(complaints):
        return True
    failures: Counter[str] = Counter()
    for what, pause, reason in _RETRY.findall(complaints):
        if any(word in reason for word in _FINAL) or _seconds(pause) >= LONGEST_PAUSE:
            return True
        failures[what] += "SSH_FX_FAILURE" in reason
    return any(count >= MOST_FAILURES for count in failures.values())


def explain(doing: str, label: str, address: str) -> Explain:
    """Give the function that makes an operator's sentence of how restic ended; `address` holds no secret."""
    place = {"label": label, "repository": address}

    def told(status: int, complaints: str) -> Problem:
        if status == INCOMPLETE:
            return _incomplete(complaints)
        for words, kind, message, hint in _SENTENCES:
            if any(word in complaints for word in words):
                return kind(message.format(**place), hint.format(**place))
        if _GONE.search(complaints):
            return Locked(f"Another program left the store {label} while it was looked at who uses it.", "Run again.")
        reason = ended_by(status) if status < 0 else last_line(complaints.replace("Fatal: ", ""))
        return Problem(
            f"restic could not {doing} in the store {label}: {reason}.", f"Look at {address}, then run again."
        )

    return told


def _incomplete(complaints: str) -> Incomplete:
    """Name the files; restic writes a line of JSON for each."""
    names = sorted({printable(str(json.loads(item))) for item in _ITEM.findall(complaints)})
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    return Incomplete(
        f"Files could not be read, or were gone, when they were to be stored: {shown or 'restic does not say which'}.",
        "Back up while nothing removes files there, or leave them out with exclude.",
    )


def _seconds(pause: str) -> float:
    """A pause as Go writes it: 552.3ms, 12.8s, 1m2.5s."""
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9.]+)(h|ms|µs|ns|m|s)", pause))


_NO_ROOM = ("no space left on device", "disk quota exceeded")
_BROKEN = (
    "input/output error",
    "structure needs cleaning",
    "transport endpoint is not connected",
    "stale NFS file handle",
    "stale file handle",
    "no such device",
)
_FINAL = (*_NO_ROOM, *_BROKEN, "read-only file system", "permission denied", "403 Forbidden", "401 Unauthorized")

_SENTENCES: tuple[tuple[tuple[str, ...], type[Problem], str, str], ...] = (
    (
        (NO_ANSWER,),
        Problem,
        "The server of the store {label} takes the call and does not answer.",
        "Look at the server of {repository}; where it is only slow, give it more time in access.timeout.",
    ),
    (
        ("wrong password or no key found",),
        WrongKey,
        "The password given for the store {label} does not open it.",
        "Compare the key in the inventory with the one the repository {repository} was made with; it may have been "
        "changed elsewhere since, or this is another office's store.",
    ),
    (
        ("Host key verification failed",),
        Problem,
        "The server of the store {label} is not the one whose key is known.",
        "Find out why {repository} has another key before you enter it in known_hosts.",
    ),
    (
        ("x509: ",),
        Problem,
        "The certificate of the server of the store {label} is not trusted.",
        "Give the certificate of its authority in access.cacert, and look whether {repository} is its name.",
    ),
    (
        ("Permission denied (", "401 Unauthorized", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
        Problem,
        "The server of the store {label} does not let us in.",
        "Compare the account in access with what {repository} expects.",
    ),
    (
        _NO_ROOM,
        Full,
        "The store {label} is full.",
        "Make room at {repository}, then run again.",
    ),
    (
        ("SSH_FX_FAILURE",),
        Full,
        "The server of the store {label} takes no more data: its disk is full, or fails.",
        "Make room at {repository}, then run again.",
    ),
    (
        _BROKEN,
        Problem,
        "What the store {label} lies on fails, or was pulled out.",
        "Attach it again, let its file system be checked, then run again: {repository}.",
    ),
    (
        ("Is there a repository at the following location?",),
        Missing,
        "There is no repository of the store {label} at {repository}.",
        "Correct the path in sopwrap_stores, or attach the medium; the first backup makes a new one.",
    ),
    (
        ("repository is already locked",),
        Locked,
        "The store {label} is in use by another program.",
        "Wait for it to end; if none runs, use: restic unlock.",
    ),
    (
        ("read-only file system",),
        Problem,
        "The store {label} cannot be written: its file system is read-only.",
        "Remove the write protection of the medium at {repository}.",
    ),
    (
        ("403 Forbidden",),
        Forbidden,
        "The server of the store {label} does not allow this: what is there can be added to, not removed or replaced.",
        "Do it on the side of {repository}, with the account that may.",
    ),
    (
        ("permission denied",),
        Problem,
        "The store {label} cannot be used: permission denied at {repository}.",
        "Set become for the play, or give this user the right to use it.",
    ),
    (
        ("repository contains errors", "ciphertext verification failed", "invalid data returned", "hash mismatch"),
        Damaged,
        "The store {label} is damaged: what is read back is not what was stored.",
        "Restore from another store, and copy its points into a fresh repository on another medium than {repository}.",
    ),
    (
        (
            "connection refused",
            "Connection refused",
            "no such host",
            "Could not resolve hostname",
            "o route to host",
            "i/o timeout",
            "Connection timed out",
            "connection timed out",
            "connection reset",
            "connection lost",
            "unexpected EOF",
        ),
        Problem,
        "The server of the store {label} cannot be reached.",
        "Look at the network and at the server of {repository}, then run again.",
    ),
)
"""The first that fits is told."""


def literally(path: str) -> str:
    """A path as a pattern that fits nothing else."""
    return re.sub(r"([\\*?\[\]])", r"\\\1", path)
