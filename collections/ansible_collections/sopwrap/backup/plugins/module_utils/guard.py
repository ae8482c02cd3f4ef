# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second process on the host that brings the data and the services back when the restore itself was killed.

It waits for the restore to let go of its journal, which the kernel sees to however the restore ends. With systemd it
is a transient unit, so it outlives the session Ansible came by; otherwise a process of its own session.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from typing import cast

from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.journal import Journal
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle

LONGEST = 4 * 3600.0
"""Seconds with stopped services after which a restore that hangs is ended."""

_MEMORY = "/run/sopwrap"
_BOOT = "import sys; sys.path[:0] = sys.argv[2:]; from {module} import main; main(sys.argv[1])"


def set_up(journal: Journal, kind: Replaceable, asset: Asset) -> None:
    """Start the guard and wait until it watches.

    The asset, which may hold a password, reaches it through a file in memory that only root can open.
    """
    os.makedirs(_MEMORY, mode=0o700, exist_ok=True)
    known = {"asset": asset, "module": type(kind).__module__, "class": type(kind).__name__, "pid": os.getpid()}
    with open(os.open(_secret(journal), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        json.dump(known, stream)
    try:
        _launch(journal)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(_secret(journal))
        raise


def _launch(journal: Journal) -> None:
    boot = _BOOT.format(module=__name__)
    argv = [sys.executable, "-c", boot, journal.folder, *_code(journal.folder)]
    if os.path.isdir("/run/systemd/system"):
        unit = ["systemd-run", "--quiet", "--collect", f"--unit=sopwrap-guard-{journal.mark}", "--"]
        subprocess.run([*unit, *argv], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    else:
        log = os.path.join(journal.folder, "guard.log")
        with open(log, "w", encoding="utf-8") as stream:
            subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd="/", start_new_session=True
            )
    _await(os.path.join(journal.folder, "watched"))


def main(folder: str) -> None:
    """The guard's own process: wait, then settle what is unfinished."""
    journal = journals.load(folder)
    with open(_secret(journal), encoding="utf-8") as stream:
        known = json.load(stream)
    os.unlink(_secret(journal))
    with open(os.path.join(folder, "watched"), "w", encoding="ascii"):
        pass
    kind = cast(Replaceable, getattr(importlib.import_module(known["module"]), known["class"])())
    _wait(folder, int(known["pid"]))
    with suppress(FileNotFoundError, Problem):  # a journal that is gone is settled; one that stays is tried again
        journal = journals.load(folder)
        with journal.held(wait=60) as free:
            if free:
                settle(journals.load(folder), kind, known["asset"])


def _wait(folder: str, pid: int) -> None:
    """Wait until nobody holds the journal; end one who holds it with stopped services for too long."""
    began = time.monotonic()
    while os.path.isdir(folder):
        with suppress(FileNotFoundError, Problem), journals.load(folder).held(wait=1) as free:
            if free:
                return
        if time.monotonic() - began > LONGEST:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)


def _code(folder: str) -> list[str]:
    """Where the guard finds this code: a copy of the archive the module came in, which is gone when the module is."""
    for entry in sys.path:
        if os.path.isfile(entry) and zipfile.is_zipfile(entry) and "ansible" in os.path.basename(entry):
            return [shutil.copy(entry, os.path.join(folder, "code.zip"))]
    return [entry for entry in sys.path if os.path.isdir(entry)]


def _secret(journal: Journal) -> str:
    return os.path.join(_MEMORY, f"{journal.mark}.json")


def _await(path: str) -> None:
    end = time.monotonic() + 30
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise Problem("The guard did not start, so nothing was stopped.", "Look into the journal of systemd.")
        time.sleep(0.02)
