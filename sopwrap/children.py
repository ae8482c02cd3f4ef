"""The processes of one run: found by a mark in their environment and by descent, and seen to their end.

Ansible puts its workers into sessions of their own and a pseudo-terminal's child does not feel Ctrl-C, so neither
a process group nor a terminal can be relied on. Linux only (/proc).
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "SOPWRAP_RUN"
"""The environment variable that a run's processes inherit; its value is the run's private folder."""

_PROC = Path("/proc")
_PARENT, _STARTED = 1, 19
"""Places in /proc/PID/stat after the command's closing parenthesis, see proc(5)."""


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number: ``started`` is in clock ticks."""

    pid: int
    started: int

    @property
    def alive(self) -> bool:
        """Whether it still runs (a zombie does not)."""
        state = _stat(self.pid)
        return state is not None and state[0] != "Z" and int(state[_STARTED]) == self.started

    @property
    def name(self) -> str:
        """The name of its program, at most 15 characters; empty when it has gone."""
        try:
            return (_PROC / str(self.pid) / "comm").read_text(errors="replace").strip()
        except OSError:
            return ""

    def send(self, number: signal.Signals) -> None:
        """Send a signal; a process that has gone meanwhile needs none."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)


def family(run: Path) -> set[Process]:
    """Every living process that carries the run's mark, and all their descendants (which may have dropped it)."""
    mark = f"{MARK}={run}".encode()
    stats = {pid: stat for pid in _pids() if (stat := _stat(pid)) is not None and pid != os.getpid()}
    found = {pid for pid in stats if _has(pid, mark)}
    grown = True
    while grown:
        born = {pid for pid, stat in stats.items() if int(stat[_PARENT]) in found} - found
        grown = bool(born)
        found |= born
    return {Process(pid, int(stats[pid][_STARTED])) for pid in found}


def first(run: Path) -> Iterable[Process]:
    """The run's processes that this process itself started: Ansible's own."""
    return [one for one in family(run) if (stat := _stat(one.pid)) and int(stat[_PARENT]) == os.getpid()]


def wait(processes: Iterable[Process], seconds: float) -> set[Process]:
    """Wait until all have ended, at most so long; return those that have not."""
    end = time.monotonic() + seconds
    left = {one for one in processes if one.alive}
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = {one for one in left if one.alive}
    return left


def finish(processes: Iterable[Process], patience: float) -> None:
    """See processes to their end: let them clean up so many seconds, then ask (SIGTERM), then force (SIGKILL)."""
    left = wait(processes, patience)
    for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        for one in left:
            one.send(number)
        left = wait(left, seconds)


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str] | None:
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _has(pid: int, mark: bytes) -> bool:
    try:
        return mark in (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
