"""Watch the memory and the processors that a command and all processes it starts use."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.5
_SET_CHILD_SUBREAPER = 36
"""See prctl(2); it outlives exec."""


@dataclass(frozen=True)
class Peak:
    """The most that all processes held together (each shared page counted once), and one of them alone; MiB."""

    together: float
    largest: float


def watched(argv: list[str], cwd: Path) -> Peak:
    """Run a command to its end, looking twice a second; raise RuntimeError with what it printed when it fails."""
    together = largest = 0.0
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(argv, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, preexec_fn=_adopts)
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_EVERY)
                break
            held = [_held(pid) for pid in _family(process.pid)]
            together, largest = max(together, sum(held)), max(largest, *held)
        if process.returncode:
            output.seek(0)
            raise RuntimeError(
                f"{argv[0]} ended with {process.returncode}: {output.read()[-3000:].decode('utf-8', 'replace')}"
            )
    return Peak(together, largest)


def _adopts() -> None:
    """Have a process adopt what its descendants leave: SSH leaves its parent to keep a connection open."""
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _family(head: int) -> Iterator[int]:
    """A process and its descendants."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            parents.setdefault(int(after[1]), []).append(int(path.parent.name))
    waiting = [head]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += parents.get(pid, [])


def processor_seconds(head: int) -> float:
    """What a living process, its descendants, and those of their children that have ended have used of processors."""
    ticks = 0
    for pid in _family(head):
        with suppress(OSError):
            after = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            ticks += sum(int(field) for field in after[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _held(pid: int) -> float:
    """The proportional set size of a process in MiB; 0 when it has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
