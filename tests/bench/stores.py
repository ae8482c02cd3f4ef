"""Stores beside bare restic: copying an unchanged point once more, and reading a whole store back.

    python -m tests.bench.stores [--megabytes 1000] [--pairs 5]

What is timed is the collection's own work in one process, as a module does it on a host (start-up of Ansible is
measured by `make bench`). Bare and ours take turns, and ratios are of the pairs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ansible_collections.sopwrap.backup.plugins.module_utils import stores
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

ROOT = Path(__file__).resolve().parents[2]
LIMITS = {"copy": 1.1, "verify": 1.05}
"""Ratios to bare restic, as the project has set them for itself."""
FILE = 8_000_000
"""Bytes of each file; random, so that restic can make none of them smaller."""


def lines(megabytes: int, count: int, folder: Path) -> Iterator[str]:
    """Measure both; give the rows of the table as they come."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    place = Place(folder)
    place.fill(megabytes)
    for name, bare, ours in (("copy", place.bare_copy, place.copy), ("verify", place.bare_verify, place.verify)):
        ratio, median, low, high = compared(bare, ours, count)
        yield f"| {name} | {megabytes} | {median:.1f} | {ratio:.2f} ({low:.2f}–{high:.2f}) | {LIMITS[name]:.2f} |"
    shutil.rmtree(folder, ignore_errors=True)


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stores", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench" / "stores")
    options = parser.parse_args(argv)
    for line in lines(options.megabytes, options.pairs, options.folder):
        print(line, flush=True)
    return 0


def compared(bare: Callable[[], None], ours: Callable[[], None], count: int) -> tuple[float, float, float, float]:
    """The median ratio of the pairs, our median seconds, and the least and greatest ratio."""
    ratios, times = [], []
    for _ in range(count):
        base, own = seconds(bare), seconds(ours)
        ratios.append(own / base)
        times.append(own)
    return statistics.median(ratios), statistics.median(times), min(ratios), max(ratios)


def seconds(work: Callable[[], None]) -> float:
    """How long something took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Place:
    """A folder of files, backed up to one store and copied to another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder / "key"
        self.key.write_text("kunci-uji", encoding="ascii")
        self.asset = {"id": "berkas", "kind": "files", "stores": ["near", "far"],
                      "source": {"paths": [str(folder / "data")]}}  # fmt: skip

    def fill(self, megabytes: int) -> None:
        """Make the files, and one point of them in both stores."""
        (self.folder / "data").mkdir()
        for number in range(max(1, megabytes * 1_000_000 // FILE)):
            (self.folder / "data" / f"{number:05d}").write_bytes(os.urandom(FILE))
        with self.job() as job:
            back_up(job, Files())

    @contextlib.contextmanager
    def job(self) -> Iterator[Job]:
        """One call of a module; raise RuntimeError when anything in it went wrong."""
        config = {"placement": "internal", "password": "kunci-uji", "cache": str(self.folder / "cache")}
        made = {name: Store(name, {**config, "repository": str(self.folder / name)}) for name in ("near", "far")}
        job = Job(host="srv", assets=[self.asset], stores=made)
        yield job
        if bad := [one for one in job.records if one["outcome"] not in ("ok", "unchanged")]:
            raise RuntimeError(bad[0]["message"])

    def copy(self) -> None:
        """Bring a point to a store that has it already."""
        with self.job() as job:
            stores.copy(job)

    def bare_copy(self) -> None:
        """The same by restic: both stores are opened, and nothing is sent."""
        self.restic("far", "copy", "--from-repo", str(self.folder / "near"), "--from-password-file", str(self.key))

    def verify(self) -> None:
        """Read one store back as a whole."""
        with self.job() as job:
            job.stores = {"near": job.stores["near"]}
            stores.verify(job)

    def bare_verify(self) -> None:
        """The same by restic."""
        self.restic("near", "check", "--read-data")

    def restic(self, store: str, *words: str) -> None:
        """Run restic to its end."""
        way = ["-r", str(self.folder / store), "--password-file", str(self.key), "-q"]
        cache = ["--cache-dir", str(self.folder / "cache")]
        subprocess.run(["restic", *way, *cache, *words], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
