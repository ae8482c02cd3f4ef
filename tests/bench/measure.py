"""Time one command and watch its memory; nothing here knows what is measured."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """One timed command: wall seconds, and the peak resident memory (MiB) of its first process."""

    seconds: float
    peak_mib: float


def timed(argv: Sequence[str], cwd: Path, env: dict[str, str] | None = None) -> Reading:
    """Run ``argv`` to its end; raise RuntimeError with what it printed when it fails (a failure has no time)."""
    begun = time.perf_counter()
    with subprocess.Popen(
        argv, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _high_water(process.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(f"{argv[0]} ended with {process.returncode}: {output[-2000:]}")
    return Reading(seconds, peak)


def _high_water(pid: int) -> float:
    """The most memory this process has held so far (VmHWM), in MiB; 0 when it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


@dataclass(frozen=True)
class Pair:
    """The same work bare and through the wrapper, medians of as many pairs as were run."""

    bare: float
    wrapped: float
    peak_mib: float
    spread: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Wall time through the wrapper over wall time bare."""
        return self.wrapped / self.bare


def pairs(count: int, bare: Callable[[], Reading], wrapped: Callable[[], Reading]) -> Pair:
    """Run both ``count`` times in turn (so that a noisy minute hits both) and return the medians."""
    left, right = [], []
    for number in range(count):
        first, second = (bare, wrapped) if number % 2 == 0 else (wrapped, bare)
        one, two = first(), second()
        left.append(one if first is bare else two)
        right.append(two if first is bare else one)
    ratios = sorted(b.seconds / a.seconds for a, b in zip(left, right, strict=True))
    return Pair(
        statistics.median(reading.seconds for reading in left),
        statistics.median(reading.seconds for reading in right),
        max(reading.peak_mib for reading in right),
        (ratios[0], ratios[-1]),
    )
