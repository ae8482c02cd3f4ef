"""Workers of Ansible that were killed, by the kernel for want of memory, say: their answer is waited for for ever.

The strategy in which no host waits for another does not notice: `TaskQueueManager.has_dead_workers` is asked by
`linear` alone, in which a single host is worked on. Linux only (/proc).
"""

from __future__ import annotations

import signal
import time
from pathlib import Path

from sopwrap.children import Process, first

PATIENCE = 5.0
"""Seconds that Ansible is given to notice by itself."""
REASON = "a process of Ansible was killed, perhaps because the memory ran out"
NOTICED = "A worker was found in a dead state"
"""What Ansible says of it where it does notice (StrategyBase._wait_on_pending_results)."""

_PROC = Path("/proc")
_STATE, _EXIT = 0, 49
"""Places in /proc/PID/stat after the command's closing parenthesis, see proc(5)."""


class Workers:
    """The workers of a run, asked about once a second; ``killed`` tells that one was."""

    def __init__(self, run: Path, patience: float = PATIENCE) -> None:
        self.killed = False
        self._run = run
        self._patience = patience
        self._ansible: list[Process] = []
        self._alone_since = 0.0

    def lost(self) -> bool:
        """Whether one was killed, and for some seconds none has been left that works."""
        self._ansible = [one for one in self._ansible if one.alive] or list(first(self._run))
        stats = [stat for one in self._ansible for child in _children(one.pid) if (stat := _stat(child))]
        self.killed = self.killed or any(_was_killed(stat) for stat in stats)
        if not self.killed or any(stat[_STATE] != "Z" for stat in stats):
            self._alone_since = 0.0
            return False
        self._alone_since = self._alone_since or time.monotonic()
        return time.monotonic() - self._alone_since >= self._patience


def _was_killed(stat: list[str]) -> bool:
    """Whether a process that nobody has asked for its end ended by SIGKILL (wait(2): the low seven bits)."""
    return stat[_STATE] == "Z" and int(stat[_EXIT]) & 0x7F == signal.SIGKILL


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            found += map(int, path.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def _stat(pid: int) -> list[str] | None:
    try:
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
