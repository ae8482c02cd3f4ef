"""`make bench`: each kind's backup through `sopwrap run` beside the bare engine on the same data, in one run.

The small size tells the fixed part, the large one what grows. Then restores, stores, retention, a large office, many
hosts over SSH, and many network devices, each beside what it is to be compared with. The tables go to
docs/benchmarks.md; `--quick` only prints.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import hosts, large, restores, retention, stores
from tests.bench.kinds import KINDS, Subject
from tests.bench.measure import Pair, Reading, pairs, timed
from tests.bench.place import Place
from tests.office import Office

ROOT = Path(__file__).resolve().parents[2]


def main(argv: list[str] | None = None) -> int:
    """Measure and write the page; returns 0, or 1 when a measurement failed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000, help="the large size (the small one is always 1)")
    parser.add_argument("--pairs", type=int, default=5, help="how often bare and wrapped are run in turn")
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="only this kind; may be repeated")
    parser.add_argument("--hosts", type=int, default=100, help="hosts over SSH")
    parser.add_argument("--devices", type=int, nargs="+", default=[200, 1000], help="network devices, one run for each")
    parser.add_argument("--peers", action="store_true", help="measure what others need for the devices, too (minutes)")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works; writes nothing")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench")
    options = parser.parse_args(argv)
    if options.quick:
        options.megabytes, options.pairs, options.hosts, options.devices = 20, 1, 4, [10]
    options.fewer = (options.pairs + 1) // 2
    shutil.rmtree(options.folder, ignore_errors=True)
    for folder in ("sopwrap", "collections"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    rows = kinds(options)
    tables = {"restores": told(restores.lines(options.megabytes, options.fewer))}
    tables["stores"] = told(stores.lines(options.megabytes, options.fewer, options.folder / "stores"))
    tables["retention"] = told(retention.lines())
    tables |= {"large": told(large.lines(_large(options))), "devices": told(_devices(options.devices, options.peers))}
    tables["hosts"] = told(hosts.lines(options.hosts, options.folder / "hosts") if os.geteuid() == 0 else iter(()))
    if not options.quick:
        page = ROOT / "docs" / "benchmarks.md"
        page.write_text(text(rows, tables, options), encoding="utf-8")
        print(f"Written: {page.relative_to(ROOT)}")
    shutil.rmtree(options.folder, ignore_errors=True)
    return 0


def told(lines: Iterator[str]) -> list[str]:
    """The rows of a table, printed as they come."""
    found = []
    for line in lines:
        print(line, flush=True)
        found.append(line)
    return found


def kinds(options: argparse.Namespace) -> list[tuple[str, int, Pair]]:
    """Measure each kind with a small and a large size."""
    parts = {KINDS[kind].part for kind in options.kind or KINDS}
    rows = []
    with Office(options.folder / "servers", parts=parts) as servers:
        for kind in options.kind or sorted(KINDS):
            for megabytes in (1, options.megabytes):
                subject = KINDS[kind].make(servers, options.folder, megabytes)
                rows.append((kind, megabytes, measure(subject, options.folder, options.pairs)))
                print(line(*rows[-1]), flush=True)
                subject.forget()
    return rows


def _devices(counts: list[int], others: bool) -> Iterator[str]:
    """The rows of the devices, from a program of their own: a child counts the memory of what forked it as its own."""
    words = [sys.executable, "-m", "tests.bench.devices", *(["--peers"] if others else [])]
    words += [word for count in counts for word in ("--count", str(count))]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    yield from (
        line for line in done.stdout.splitlines() if line.startswith(tuple(f"| {digit}" for digit in range(10)))
    )


def _large(options: argparse.Namespace) -> argparse.Namespace:
    sizes = ["--lines", "2000", "--assets", "20", "--hosts", "5"] if options.quick else []
    return large.parser().parse_args([*sizes, "--folder", str(options.folder / "large")])


def measure(subject: Subject, folder: Path, count: int) -> Pair:
    """Time the subject bare and through `sopwrap run`, each time into an empty store."""

    def empty() -> Place:
        """Neither waits for the disk to write what was there before: the data, or the other's store."""
        place = Place(folder / "place", subject.asset)
        os.sync()
        return place

    def bare() -> Reading:
        place = empty()
        return timed(["bash", "-c", subject.bare(place)], folder, place.environment)

    def wrapped() -> Reading:
        place = empty()
        program = str(Path(sys.executable).parent / "sopwrap")
        timed([program, "run", "bench/backup", "--dry-run"], place.office)
        return timed([program, "run", "bench/backup", "--ci"], place.office)

    return pairs(count, bare, wrapped)


def line(kind: str, megabytes: int, pair: Pair) -> str:
    """One row of the table of measurements."""
    low, high = pair.spread
    return (
        f"| {kind} | {megabytes} | {pair.bare:.1f} | {pair.wrapped:.1f} | {pair.wrapped - pair.bare:+.1f} "
        f"| {pair.ratio:.2f} ({low:.2f}–{high:.2f}) | {pair.peak_mib:.0f} |"
    )


def summary(kind: str, small: Pair, large: Pair) -> str:
    """One row of the second table: the fixed part, and the ratio of what grows."""
    fixed = small.wrapped - small.bare
    growing = (large.wrapped - small.wrapped) / (large.bare - small.bare)
    return f"| {kind} | {fixed:.1f} | {growing:.2f} | {large.peak_mib - small.peak_mib:+.0f} |"


def text(rows: list[tuple[str, int, Pair]], tables: dict[str, list[str]], options: argparse.Namespace) -> str:
    """The whole page."""
    restic = subprocess.run(["restic", "version"], capture_output=True, text=True, check=False).stdout.split(
        " compiled"
    )[0]
    measured = sorted({kind for kind, _, _ in rows})
    found = {(kind, megabytes): pair for kind, megabytes, pair in rows}
    head = (ROOT / "tests" / "bench" / "page.md").read_text(encoding="utf-8")
    return head.format(
        day=datetime.now(UTC).date().isoformat(),
        machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {restic}",
        load=os.getloadavg()[1],
        pairs=options.pairs,
        fewer=options.fewer,
        measured="\n".join(line(*row) for row in rows),
        **{name: "\n".join(lines) for name, lines in tables.items()},
        summary="\n".join(summary(kind, found[kind, 1], found[kind, options.megabytes]) for kind in measured),
    )


if __name__ == "__main__":
    sys.exit(main())
