"""A large office: `status` over a long ledger, and all papers of a case of many assets.

    python -m tests.bench.large [--lines 100000] [--assets 1000] [--hosts 100] [--only status|papers]

No server and no host is needed: the ledger is written as years of runs would have left it.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from sopwrap.case import Asset, Case
from sopwrap.commands._paper_files import write
from sopwrap.engine import Opening, RunResult, open_case, run_machine_steps
from sopwrap.ledger import open_ledger
from sopwrap.records import Evidence
from tests.bench.measure import timed
from tests.bench.years import fill
from tests.unit.sopwrap.offices import OFFICE, STORE, entry
from tests.unit.sopwrap.shells import SOP
from tests.unit.sopwrap.small_office import MEDIA, all_good, office

ROOT = Path(__file__).resolve().parents[2]
LIMITS = {"status": 1.0, "papers": 30.0}
"""Seconds, as the project has set them for itself."""


def lines(options: argparse.Namespace) -> Iterator[str]:
    """Measure; give the rows of the table as they come."""
    works: dict[str, Callable[[argparse.Namespace], float]] = {"status": status, "papers": papers}
    sizes = {"status": f"{options.lines} lines", "papers": f"{options.assets} assets"}
    for name, measure in works.items():
        if options.only in (None, name):
            shutil.rmtree(options.folder, ignore_errors=True)
            options.folder.mkdir(parents=True)
            yield f"| {name} | {sizes[name]} | {measure(options):.2f} | {LIMITS[name]:.0f} |"
    shutil.rmtree(options.folder, ignore_errors=True)


def parser() -> argparse.ArgumentParser:
    """The sizes, which the whole benchmark takes its own from."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.large", description=__doc__)
    made.add_argument("--lines", type=int, default=100_000, help="lines in the ledger")
    made.add_argument("--assets", type=int, default=1000)
    made.add_argument("--hosts", type=int, default=100)
    made.add_argument("--only", choices=sorted(LIMITS))
    made.add_argument("--folder", type=Path, default=ROOT / ".bench" / "large")
    return made


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0."""
    print("| command | size | s | at most s |\n|---|---|---|---|")
    for line in lines(parser().parse_args(argv)):
        print(line, flush=True)
    return 0


def status(options: argparse.Namespace) -> float:
    """`sopwrap status --json`, the median of five; before them one that reads every line (printed beside)."""
    names = [f"asset-{number:04d}" for number in range(options.assets)]
    _write_office(options.folder, names, options.hosts)
    fill(options.folder, options.lines, names, datetime.now(UTC))
    command = [str(Path(sys.executable).parent / "sopwrap"), "status", "--json"]
    first = timed_to_file(command, options.folder)
    times = [timed_to_file(command, options.folder) for _ in range(5)]
    print(f"status for the first time: {first:.2f} s", file=sys.stderr)
    return statistics.median(times)


def timed_to_file(command: list[str], folder: Path) -> float:
    """Seconds of one command whose output is too long for a pipe nobody reads."""
    words = ["bash", "-c", 'exec "$@" > out.json', "bash", *command]
    return timed(words, folder).seconds


def papers(options: argparse.Namespace) -> float:
    """Every paper a finished case of so many assets gives, as HTML and PDF, as `sopwrap report` writes them."""
    case = _finished(options.folder, options.assets)
    begun = time.perf_counter()
    written = write(case, (), ("pdf", "html"), options.folder / "papers", None)
    print(f"{len(written)} files", file=sys.stderr)
    return time.perf_counter() - begun


def _finished(folder: Path, count: int) -> Case:
    from sopwrap.sop import Sop

    sop = Sop.model_validate(SOP)
    stores = ["internal", "external"]
    names = [f"asset-{number:04d}" for number in range(count)]
    assets = [
        Asset(
            id=name,
            kind="toy",
            host=f"srv-{name[-2:]}",
            title=f"Aset {name}",
            owner=f"Unit Kerja {name[-2:]}",
            classification="terbatas",
            retention="P30D",
            stores=stores,
        )
        for name in names
    ]
    ledger = open_ledger(folder)
    opened = open_case(ledger, Opening(sop, sop.procedures[0], office(), assets, MEDIA, "bench"))
    return run_machine_steps(
        ledger, opened.id, lambda actions, *_: RunResult("ok", _measured(all_good(actions, names)))
    )


def _measured(records: list[Evidence]) -> list[Evidence]:
    """The records with all that a real role tells of a point, different for every asset; one in two hundred failed
    first."""
    told = []
    for number, one in enumerate(records):
        content = hashlib.sha256(str(one.asset).encode()).hexdigest()
        size = int(content[:7], 16)
        began = one.started_at + timedelta(seconds=2 * number)
        facts = {
            "started_at": began, "finished_at": began + timedelta(seconds=size % 90 + 1),
            "point": f"{one.asset}.{began:%Y%m%dT%H%M%SZ}.{content[:6]}",
            "placement": one.store, "medium": "HDD-01" if one.store == "external" else None,
            "store_id": hashlib.sha256(str(one.store).encode()).hexdigest(),
            "size_bytes": size, "stored_bytes": size // 3, "items": size % 1000,
            "sha256": content, "fingerprint": content[::-1], "retention_until": began + timedelta(days=30),
        }  # fmt: skip
        if one.action == "backup" and number % 600 == 0:
            told.append(one.model_copy(update={"outcome": "failed", "message": "The database server does not answer."}))
        told.append(one.model_copy(update=facts) if one.asset else one)
    return told


def _write_office(folder: Path, names: list[str], hosts: int) -> None:
    spread: dict[str, Any] = {f"srv-{number:03d}": {"sopwrap_assets": []} for number in range(hosts)}
    for number, name in enumerate(names):
        spread[f"srv-{number % hosts:03d}"]["sopwrap_assets"].append(entry(id=name, stores=["internal", "external"]))
    stores = {"internal": STORE, "external": {**STORE, "placement": "external"}}
    everything = {"all": {"vars": {"sopwrap_stores": stores, "sopwrap_secrets": "secrets"}, "hosts": spread}}
    (folder / "inventory").mkdir()
    shutil.copy(ROOT / "ansible.cfg", folder / "ansible.cfg")
    (folder / "office.yml").write_text(yaml.safe_dump(OFFICE), encoding="utf-8")
    (folder / "inventory" / "hosts.yml").write_text(yaml.dump(everything, Dumper=yaml.CSafeDumper), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
