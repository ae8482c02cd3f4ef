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
from pathlib import Path
from typing import Any

from tests.bench.measure import Reading, pairs, timed
from tests.integration.replacing import ROOT, Bench
from tests.office import Office
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf

LIMIT = 1.10
DATABASE, NEW = "bench_pulih", "bench_baru"


def main(argv: list[str] | None = None) -> int:
    """Measure and print; return 1 when the limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.restores", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="sopwrap-pulih-"))
    folder.chmod(0o755)
    try:
        with Office(folder / "o", parts={"postgresql"}, scale=0.01) as servers:
            return measure(Subject(servers, folder, options.megabytes), options)
    finally:
        shutil.rmtree(folder)


def measure(subject: Subject, options: argparse.Namespace) -> int:
    """Run the pairs and print one line for what they took."""
    found = pairs(options.pairs, subject.bare, subject.wrapped)
    down = ", ".join(f"{one:.1f}" for one in subject.down)
    low, high = found.spread
    print(
        f"postgresql {options.megabytes} MB: bare {found.bare:.1f} s, wrapped {found.wrapped:.1f} s,"
        f" ratio {found.ratio:.2f} ({low:.2f}-{high:.2f}; at most {LIMIT}), services still for {down} s,"
        f" load {os.getloadavg()[0]:.1f}"
    )
    return 0 if found.ratio <= LIMIT else 1


class Subject:
    """A database that was changed a little since its backup."""

    def __init__(self, servers: Office, folder: Path, megabytes: int) -> None:
        self.sql = servers.postgresql.sql
        servers.postgresql.create(DATABASE, megabytes)
        (folder / "shelf").mkdir()
        self.shelf, source = Shelf(folder / "shelf"), {**servers.postgresql.source, "database": DATABASE}
        asset = {"id": "bench-pulih", "kind": "postgresql", "stores": ["internal"], "source": source}
        store = self.shelf.config(folder, "internal")
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
