"""What is measured: for each kind a way to make data of a size, and the bare pipe that backs it up."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.place import Place, asset
from tests.office import Office


@dataclass(frozen=True)
class Subject:
    """One asset with data of one size; ``bare(place)`` is the bare engine's shell pipe, ``forget`` removes the data."""

    asset: dict[str, Any]
    bare: Callable[[Place], str]
    forget: Callable[[], object]


@dataclass(frozen=True)
class Maker:
    """How to get a subject of a kind; ``part`` is the server of the demo office it needs."""

    part: str
    make: Callable[[Office, Path, int], Subject]


def _secret(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


def _postgresql(office: Office, folder: Path, megabytes: int) -> Subject:
    name = f"bench_{megabytes}"
    office.postgresql.create(name, megabytes)
    office.postgresql.sql("VACUUM", name)  # or the server would do so by itself, in the middle of a pair
    source = {**office.postgresql.tcp_source, "database": name}
    host, port, user = source["host"], source["port"], source["user"]
    passwords = _secret(folder, "pgpass", f"*:*:*:*:{source['password']}\n")
    dump = shlex.join(["pg_dump", "-Fc", "-Z0", "-h", host, "-p", str(port), "-U", user, name])
    pipe = f"set -o pipefail; PGPASSFILE={passwords} {dump} | restic backup --quiet --stdin --stdin-filename dump"
    return Subject(
        asset("postgresql", source),
        lambda place: pipe,
        lambda: office.postgresql.sql(f"DROP DATABASE {name}", "postgres"),
    )


def _mariadb(office: Office, folder: Path, megabytes: int) -> Subject:
    name = f"bench_{megabytes}"
    office.mariadb.create(name, megabytes)
    source = {**office.mariadb.source, "database": name}
    login = f"[client]\nsocket={source['socket']}\nuser={source['user']}\npassword={source['password']}\n"
    options = _secret(folder, "my.cnf", login)
    objects = "--routines --triggers --events --hex-blob"
    dump = f"mariadb-dump --defaults-extra-file={options} --single-transaction {objects} {name}"
    pipe = f"set -o pipefail; {dump} | restic backup --quiet --stdin --stdin-filename dump"
    return Subject(asset("mariadb", source), lambda place: pipe, lambda: office.mariadb.sql(f"DROP DATABASE {name}"))


def _files(office: Office, folder: Path, megabytes: int) -> Subject:
    tree = folder / "tree"
    office.files.create(tree, megabytes, files=max(10, megabytes * 5))
    pipe = shlex.join(["restic", "backup", "--quiet", str(tree)])
    return Subject(asset("files", {"paths": [str(tree)]}), lambda place: pipe, lambda: None)


def _sqlite(office: Office, folder: Path, megabytes: int) -> Subject:
    path = folder / f"bench_{megabytes}.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, body BLOB)")
        rows = megabytes * 1024 // 4
        database.execute(
            "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO filler SELECT i, randomblob(4000) FROM n",
            (rows,),
        )
    database.close()

    def bare(place: Place) -> str:
        copy = place.store.parent / "copy.db"
        backup = shlex.join(["sqlite3", str(path), f".backup {copy}"])
        return f"{backup} && restic backup --quiet {copy} && rm {copy}"

    return Subject(asset("sqlite", {"path": str(path)}), bare, path.unlink)


KINDS = {
    "files": Maker("files", _files),
    "mariadb": Maker("mariadb", _mariadb),
    "postgresql": Maker("postgresql", _postgresql),
    "sqlite": Maker("sqlite", _sqlite),
}
