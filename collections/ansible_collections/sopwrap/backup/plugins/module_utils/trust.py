# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a managed host whose permits it believes and what it is called; once, since who could change it could permit."""

from __future__ import annotations

import os
import re
import stat

from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.permit import (
    EMERGENCY_NAMESPACE,
    NAMESPACE,
)

_FOR = rf'[^ ]*namespaces="{NAMESPACE}(?:,{EMERGENCY_NAMESPACE})?"[^ ]*'
_SIGNER = re.compile(rf"[\w.@-]+ {_FOR} [\w@.-]+ [A-Za-z0-9+/=]+( .*)?")


def establish(host: str, signers: str, check: bool = False) -> bool:
    """Write both files unless they hold just that; refuse to change them. Return whether something was to be written.

    Each line of `signers` names one signer (no pattern) and one key, for permits alone, or for emergencies, too: a key
    that may sign anything was not meant to permit restores.
    """
    lines = [line for line in signers.splitlines() if line.strip()]
    strange = [line.split(" ")[0] for line in lines if not _SIGNER.fullmatch(line)]
    if not lines or strange:
        raise Problem(
            f"The list of permit signers is {'no list' if not lines else f'wrong at {strange[0]}'}.",
            f'Each line is: NAME namespaces="{NAMESPACE}" TYPE KEY.',
            refused=True,
        )
    if os.geteuid() != 0:
        raise Problem("Only root tells a host whose permits it believes.", "Set become for the play.", refused=True)
    wanted = {"permit_signers": "".join(f"{line}\n" for line in lines), "permit_host": f"{host}\n"}
    missing = {name: text for name, text in wanted.items() if not _is_there(name, text)}
    if missing and not check:
        os.makedirs(permit_register.TRUST, mode=0o755, exist_ok=True)
        os.chmod(permit_register.TRUST, 0o755)
        for name, text in missing.items():
            _write(os.path.join(permit_register.TRUST, name), text)
        permit_register.sync(permit_register.TRUST)
    return bool(missing)


def _is_there(name: str, text: str) -> bool:
    """Whether a file holds this; refuse when it holds something else."""
    path = os.path.join(permit_register.TRUST, name)
    if not os.path.lexists(path):
        return False
    if stat.S_ISREG(os.lstat(path).st_mode):
        with open(path, encoding="utf-8", errors="replace") as stream:
            if stream.read() == text:
                return True
    raise Problem(
        f"{path} says something else already.",
        "Who is believed is changed on the host itself, by hand: look at the file, and remove it if it is wrong.",
        refused=True,
    )


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o644)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
