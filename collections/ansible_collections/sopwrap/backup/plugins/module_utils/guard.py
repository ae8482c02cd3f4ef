# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second process on the host that brings the data and the services back when the restore itself was killed.

It waits for the restore to let go of its journal, which the kernel sees to however the restore ends. With systemd it
is a transient unit, so it outlives the session Ansible came by, and comes again when it is killed itself, or when the
host comes up after a loss of power; otherwise it is a process of its own session.
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
from typing import Any, cast

from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register, restart, services
from ansible_collections.sopwrap.backup.plugins.module_utils.journal import Journal
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle

LONGEST = 4 * 3600.0
"""Seconds with stopped services after which a restore that hangs is ended."""

_MEMORY = "/run/sopwrap"
_AGAIN = ["--property=Restart=on-failure", "--property=RestartSec=1"]
"""Who kills the guard, too (or the kernel, for want of memory), has it come again."""


def set_up(journal: Journal, kind: Replaceable, asset: Asset) -> None:
    """Start the guard and wait until it watches.

    The asset, which may hold a password, reaches it through a file in memory that only root can open, and is there as
    long as the guard is; what is on the disk for the time after a loss of power holds none.
    """
    os.makedirs(_MEMORY, mode=0o700, exist_ok=True)
    open_to_see = without_secrets(asset)
    known = {"module": type(kind).__module__, "class": type(kind).__name__}
    told = {**known, "asset": asset, "whole": True, "pid": os.getpid()}
    told_later = {**known, "asset": open_to_see, "whole": open_to_see == asset}
    lasting = not kind.elsewhere  # what is elsewhere keeps its power, and has other secrets
    try:
        permit_register.write_whole(_secret(journal.folder), told)
        if lasting:
            permit_register.write_whole(_public(journal.folder), told_later)
        _launch(journal, lasting)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(_secret(journal.folder))
        restart.disarm(journal.mark)
        raise


def without_secrets(value: Any) -> Any:
    """The same asset without what the source of a kind on this host keeps secret: a password, and nothing else."""
    if isinstance(value, dict):
        return {key: None if key == "password" else without_secrets(one) for key, one in value.items()}
    return [without_secrets(one) for one in value] if isinstance(value, list) else value


def _launch(journal: Journal, lasting: bool) -> None:
    code = {"PYTHONPATH": os.pathsep.join(_code(journal.folder))}
    argv = [sys.executable, "-m", __name__, journal.folder]
    if os.path.isdir("/run/systemd/system"):
        if lasting:
            restart.arm(journal.folder, argv, code)
        unit = ["systemd-run", "--quiet", "--collect", f"--unit=sopwrap-guard-{journal.mark}", *_AGAIN]
        unit += [f"--setenv={key}={value}" for key, value in code.items()]
        subprocess.run([*unit, "--", *argv], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    else:
        log = os.path.join(journal.folder, "guard.log")
        with open(log, "w", encoding="utf-8") as stream:
            subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd="/",
                env={**os.environ, **code},
                start_new_session=True,
            )
    _await(os.path.join(journal.folder, "watched"))


def main(folder: str) -> None:
    """The guard's own process: wait, then settle what is unfinished."""
    known = _told(folder)
    with open(os.path.join(folder, "watched"), "w", encoding="ascii"):
        pass
    kind = cast(Replaceable, getattr(importlib.import_module(known["module"]), known["class"])())
    _wait(folder, known.get("pid"))
    # a journal that is gone is settled; one that stays is tried again
    with suppress(FileNotFoundError, Problem), journals.load(folder).held(wait=60) as free:
        if free:
            _end(journals.load(folder), kind, known["asset"], known["whole"])
    with suppress(FileNotFoundError):
        os.unlink(_secret(folder))


def _told(folder: str) -> dict[str, Any]:
    """What the guard was told; after a loss of power what anybody may know of it."""
    path = _secret(folder) if os.path.exists(_secret(folder)) else _public(folder)
    with open(path, encoding="utf-8") as stream:
        known: dict[str, Any] = json.load(stream)
    return known


def _end(journal: Journal, kind: Replaceable, asset: Asset, whole: bool) -> None:
    """Settle; where a password is lacking to exchange data back, have all run, and leave that to the next run."""
    if journal.state not in journals.UNFINISHED:
        restart.disarm(journal.mark)
    elif whole or journal.state not in (journals.SWAPPING, journals.SWAPPED):
        settle(journal, kind, asset)
    else:
        kind.resume(asset)
        services.start(journal.services)


def _wait(folder: str, pid: int | None) -> None:
    """Wait until nobody holds the journal; end one who holds it with stopped services for too long."""
    began = time.monotonic()
    while os.path.isdir(folder):
        with suppress(FileNotFoundError, Problem), journals.load(folder).held(wait=1) as free:
            if free:
                return
        if pid and time.monotonic() - began > LONGEST:
            with suppress(ProcessLookupError):
                os.kill(pid, 9)


def _code(folder: str) -> list[str]:
    """Where the guard finds this code: a copy of the archive the module came in, which is gone when the module is."""
    for entry in sys.path:
        if os.path.isfile(entry) and zipfile.is_zipfile(entry) and "ansible" in os.path.basename(entry):
            copy = shutil.copy(entry, os.path.join(folder, "code.zip"))
            with open(copy, "rb") as stream:
                os.fsync(stream.fileno())
            return [copy]
    return [entry for entry in sys.path if os.path.isdir(entry)]


def _secret(folder: str) -> str:
    return os.path.join(_MEMORY, f"{os.path.basename(folder)}.json")


def _public(folder: str) -> str:
    return os.path.join(folder, "asset.json")


def _await(path: str) -> None:
    end = time.monotonic() + 30
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise Problem("The guard did not start, so nothing was stopped.", "Look into the journal of systemd.")
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1])
