"""Hold a program of a run at its work: find it by the mark that all processes of a command inherit.

A test waits for a program that has stopped itself (``Desk.stop_…``), or for one that cannot go on meanwhile, and says
when it goes on: however busy the machine is, the moment does not pass.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "SOPWRAP_TEST"
"""An environment variable that a command is started with and its children inherit."""


def pids() -> list[str]:
    """The numbers of all processes."""
    with os.scandir("/proc") as entries:
        return [entry.name for entry in entries if entry.name.isdigit()]


def marked(mark: str) -> list[tuple[int, str]]:
    """Every living process that carries the mark: pid and command line."""
    return [(int(pid), _command(pid)) for pid in pids() if _has(pid, mark)]


def end_all(mark: str) -> None:
    """Kill everything that carries the mark, also what a failed test has left stopped."""
    for pid, _line in marked(mark):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _command(pid: str) -> str:
    """A process's command line; empty when it has gone or has none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _stat(pid: str) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent …; empty when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _pending(pid: int) -> int:
    """The signals that await a process, as a mask; all of them when it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return -1
    return int(next(line for line in lines if line.startswith("ShdPnd:")).split()[1], 16)


def _has(pid: str, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def wait_until_gone(mark: str, seconds: float) -> list[tuple[int, str]]:
    """Wait until no process carries the mark; return those that still do after so many seconds."""
    end = time.monotonic() + seconds
    while (left := marked(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


@dataclass(frozen=True)
class Watched:
    """A program of a run, caught."""

    pid: int
    line: str

    @classmethod
    def wait_for(cls, mark: str, name: str, words: tuple[str, ...], seconds: float) -> Watched:
        """Look every 10 ms for a program by its name and words of its command line; raise AssertionError if none came.

        Between fork and exec a child still has its parent's command line, so the program itself is compared, too;
        it is the first word, or the second one where an interpreter runs it.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for pid in pids():
                line = _command(pid)
                programs = [Path(word).name for word in line.split(" ", 2)[:2]]
                if name in programs and all(word in line for word in words) and _has(pid, mark):
                    return cls(int(pid), line)
            time.sleep(0.01)
        raise AssertionError(f"no {name} {' '.join(words)} was seen within {seconds:g} s; running: {marked(mark)}")

    @classmethod
    def wait_for_stop(cls, mark: str, seconds: float) -> Watched:
        """Wait until a program of the run has stopped itself; raise AssertionError if none did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for pid in pids():
                if _stat(pid)[:1] == ["T"] and _has(pid, mark):
                    return cls(int(pid), _command(pid))
            time.sleep(0.02)
        raise AssertionError(f"no program has stopped within {seconds:g} s; running: {marked(mark)}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; raise AssertionError when it is gone, since the test would prove nothing."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            raise AssertionError(f"it had ended already: {self.line}") from None

    def parent(self) -> Watched:
        """The program that started it."""
        return Watched(int(_stat(str(self.pid))[1]), f"the parent of {self.line}")

    def command(self) -> str:
        """Its command line as it is now; empty when it has gone."""
        return _command(str(self.pid))

    def release(self) -> None:
        """Let a program that has stopped itself go on."""
        self.send(signal.SIGCONT)

    def release_when_asked(self, number: signal.Signals) -> None:
        """Let it go on once this signal awaits it: it will find nothing else to do than to end."""
        self._release_when(lambda: _pending(self.pid) & 1 << number - 1 > 0, f"{number.name} was never sent to")

    def release_when_orphaned(self) -> None:
        """Let it go on once the program that started it has ended."""
        parent = self.parent().pid
        self._release_when(lambda: _stat(str(self.pid))[1:2] != [str(parent)], "the parent never ended of")

    def _release_when(self, ready: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, f"{otherwise} {self.line}"
            time.sleep(0.02)
        self.release()
