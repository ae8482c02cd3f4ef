"""A restore onto living data beside its bare pieces, and how long services would stand still.

    python -m tests.bench.restores [--megabytes 1000] [--pairs 3]

*Bare* is `restic dump | pg_restore` into a new database and a safety copy of the living one (`pg_dump | restic
backup`). *Wrapped* is the whole work of the module on the host: permit, loading beside, the fingerprint of all that was
loaded, the safety copy with its own fingerprint and its reading back, the exchange, the journal. Ansible's start, the
same for any size, is not in it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.measure import Reading, pairs, timed
from tests.integration.replacing import ROOT, Bench
from tests.office import Office
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf

LIMIT = 1.10
DATABASE, NEW = "bench_pulih", "bench_baru"


def lines(megabytes: int, count: int) -> Iterator[str]:
    """Run the pairs; give the one row of the table."""
    folder = Path(tempfile.mkdtemp(prefix="sopwrap-pulih-"))
    folder.chmod(0o755)
    try:
        with Office(folder / "o", parts={"postgresql"}, scale=0.01) as servers:
            subject = Subject(servers, folder, megabytes)
            found = pairs(count, subject.bare, subject.wrapped)
    finally:
        shutil.rmtree(folder)
    low, high = found.spread
    still = ", ".join(f"{one:.1f}" for one in subject.down)
    yield (
        f"| postgresql | {megabytes} | {found.bare:.1f} | {found.wrapped:.1f} "
        f"| {found.ratio:.2f} ({low:.2f}–{high:.2f}) | {LIMIT:.2f} | {still} |"
    )


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.restores", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args(argv)
    for line in lines(options.megabytes, options.pairs):
        print(line)
    return 0


class Subject:
    """A database that was changed a little since its backup."""

    def __init__(self, servers: Office, folder: Path, megabytes: int) -> None:
        self.sql = servers.postgresql.sql
        servers.postgresql.create(DATABASE, megabytes)
        (folder / "shelf").mkdir()
        self.shelf, source = Shelf(folder / "shelf"), {**servers.postgresql.source, "database": DATABASE}
        asset = {"id": "bench-pulih", "kind": "postgresql", "stores": ["internal"], "source": source}
        store = self.shelf.config(
            folder, "internal", empty=False
        )  # made by the backup: a key that costs what keys cost
        self.bench = Bench(folder, asset, store, Authority(folder / "authority"))
        self.point = self.bench.back_up()["point"]
        self.sql("CREATE TABLE berubah AS SELECT generate_series(1, 1000) AS a", DATABASE)
        self.down: list[float] = []

    def bare(self) -> Reading:
        """The pieces as an administrator would type them."""
        self.sql(f"DROP DATABASE IF EXISTS {NEW} WITH (FORCE)", "postgres")
        source = self.bench.asset["source"]
        where = f"-h {source['host']} -p {source['port']} -U {source['user']}"
        restic = f"restic -q --cache-dir {self.bench.store['cache']} -r {self.bench.store['repository']}"
        words = [
            "set -eo pipefail",
            f"createdb {where} {NEW}",
            f"{restic} dump --tag point:{self.point},part:database.dump latest /bench-pulih/database.dump"
            f" | pg_restore {where} --exit-on-error -d {NEW}",
            f"pg_dump {where} -Fc -Z0 {DATABASE} | {restic} backup --stdin --stdin-filename aman.dump",
        ]
        password = {"RESTIC_PASSWORD_FILE": str(self.shelf._key)}
        return timed(["bash", "-c", "\n".join(words)], ROOT, {**os.environ, **password})

    def wrapped(self) -> Reading:
        """The same by the module, and back again, which is not timed."""
        permit = self.bench.authority.permit(self.bench.plan())
        records = self.bench.folder / "records.json"
        known = {"trust": str(self.bench.trust), "state": str(self.bench.state), "breakage": "none"}
        spec: dict[str, Any] = {"asset": self.bench.asset, "store": self.bench.store, "permit": permit}
        path = self.bench.folder / "spec.json"
        path.write_text(json.dumps({**spec, **known, "records": str(records)}), encoding="utf-8")
        reading = timed([sys.executable, "-m", "tests.integration.replacing", str(path)], ROOT, {**os.environ})
        done = json.loads(records.read_text(encoding="utf-8"))[-1]
        if done["outcome"] != "ok":
            raise RuntimeError(done["message"])
        self.down.append(done["restore"]["downtime_seconds"])
        self.bench.do({"undo": True})
        for journal in (self.bench.state / "restores").glob("*/journal.json"):
            ended = json.loads(journal.read_text(encoding="utf-8")) | {"undo_until": "2020-01-01T00:00:00Z"}
            journal.write_text(json.dumps(ended), encoding="utf-8")
        self.bench.do({"forget": True})
        return reading


if __name__ == "__main__":
    sys.exit(main())
