"""Catch a program of a run at its work: find it by the mark that all processes of a command inherit."""

from __future__ import annotations

import os
import signal
import time
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
    wanted = f"{MARK}={mark}".encode()
    found = []
    for entry in pids():
        with suppress(OSError):
            if wanted in Path(f"/proc/{entry}/environ").read_bytes().split(b"\0"):
                line = Path(f"/proc/{entry}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                found.append((int(entry), line.strip()))
    return found


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
        """Look every 5 ms for a program by its name and words of its command line; raise AssertionError if none came.

        Between fork and exec a child still has its parent's command line, so the program itself is compared, too;
        it is the first word, or the second one where an interpreter runs it.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for pid, line in marked(mark):
                programs = [Path(word).name for word in line.split(" ", 2)[:2]]
                if name in programs and all(word in line for word in words):
                    return cls(pid, line)
            time.sleep(0.005)
        raise AssertionError(f"no {name} {' '.join(words)} was seen within {seconds:g} s; running: {marked(mark)}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; raise AssertionError when it is gone, since the test would prove nothing."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            raise AssertionError(f"it had ended already: {self.line}") from None

    def parent(self) -> Watched:
        """The program that started it."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return Watched(int(stat[1]), f"the parent of {self.line}")
