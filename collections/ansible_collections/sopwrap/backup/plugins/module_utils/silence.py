# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a program that waits for a server which never answers from one that works, or waits for us.

restic (as most programs in Go) has no timeout of its own: a server that takes the call and says nothing holds it for
ever. What it reads and writes, all files and connections together, is counted by the kernel.
"""

from __future__ import annotations

import array
import fcntl
import os
import subprocess
import termios
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, NamedTuple

from ansible_collections.sopwrap.backup.plugins.module_utils.declared import Declared

LITTLE = 256
"""Bytes. A program in Go wakes itself through a pipe now and then; no answer of a server is as short as this."""

BUSY = 0.1
"""The part of the time that a program has to compute to be taken for working without a byte in or out."""


@dataclass
class Patience:
    """How many seconds a server may be silent; `lost` when it was, after which nobody waits for it again."""

    seconds: float
    lost: bool = False


class Silence:
    """Looks at one program again and again. Its pipes to us are where it may rightly wait."""

    def __init__(self, process: subprocess.Popen[bytes], patience: Patience) -> None:
        self._process = process
        self._patience = patience
        self._since, self._then = time.monotonic(), _done(process.pid)

    def lasts(self) -> bool:
        """Whether it has been silent for longer than there is patience."""
        now, done = time.monotonic(), _done(self._process.pid)
        if done is None or self._then is None or self._waits_for_us() or done.moved - self._then.moved >= LITTLE:
            self._since, self._then = now, done
        elif now - self._since >= self._patience.seconds:
            self._patience.lost = done.computed - self._then.computed < BUSY * (now - self._since)
            self._since, self._then = now, done
        return self._patience.lost

    def _waits_for_us(self) -> bool:
        """Whether it could have more to read from us, or has said something that we have not read."""
        return _held(self._process.stdin) == 0 or (_held(self._process.stdout) or 0) > 0


def _held(pipe: IO[bytes] | Declared | None) -> int | None:
    """The bytes in a pipe, or of an input those not taken yet; None where there is none, or it was closed."""
    count = array.array("i", [0])
    with suppress(OSError, ValueError):
        if pipe is not None:
            request = termios.TIOCOUTQ if isinstance(pipe, Declared) else termios.FIONREAD
            fcntl.ioctl(pipe.fileno(), request, count)
            return count[0]
    return None


class Done(NamedTuple):
    """The bytes a process has read and written so far, and the seconds it has computed."""

    moved: int
    computed: float


def _done(pid: int) -> Done | None:
    """What a process has done; None where the kernel does not tell."""
    try:
        with open(f"/proc/{pid}/io", encoding="ascii") as stream:
            counted = dict(line.split(": ") for line in stream.read().splitlines())
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            user, system = stream.read().rpartition(")")[2].split()[11:13]
    except OSError:
        return None
    moved = int(counted["rchar"]) + int(counted["wchar"])
    return Done(moved, (int(user) + int(system)) / os.sysconf("SC_CLK_TCK"))
