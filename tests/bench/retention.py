"""`python -m tests.bench.retention`: planning the retention of 10,000 points, and reading their ledger.

Aim: the planning in 2 s. The ledger is of years; every point in it was backed up, copied and verified.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sopwrap.case import Asset
from sopwrap.commands._evidence import known_points
from sopwrap.keep_rule import Keep
from sopwrap.ledger import open_ledger
from sopwrap.retention import plan
from tests.bench.years import fill

ASSETS, DAYS, RUNS = 10, 1000, 3
LIMIT = 2.0
"""Seconds for the planning, as the project has set them for itself."""
KEEP = Keep(last=3, daily=14, weekly=8, monthly=24, yearly=10)

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """The median time of a few runs, and what the last one gave."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times), result


def lines() -> Iterator[str]:
    """Measure; give the one row of the table."""
    now, ids = datetime.now(UTC), [f"asset-{number:04d}" for number in range(ASSETS)]
    assets = [Asset(id=one, kind="toy", host="srv", retention="P30D", keep=KEEP, stores=["internal"]) for one in ids]
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), DAYS * (3 * ASSETS + 4), ids, now)
        ledger = open_ledger(Path(folder))
        reading, points = timed(lambda: known_points(ledger))
        planning, found = timed(lambda: plan(assets, points, (), "Asia/Jakarta", now))
    yield f"| {len(points)} | {len(found.doomed)} | {planning:.2f} | {LIMIT:.0f} | {reading:.2f} |"


def main() -> None:
    """Measure and print."""
    for line in lines():
        print(line)


if __name__ == "__main__":
    main()
