"""A point takes the place of living data; whatever breaks on the way, what lived before lives again."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.integration.replacing import HOST, Bench, end_the_window
from tests.office import Office
from tests.office.openldap import OpenLDAP
from tests.office.permits import Authority
from tests.office.redis import Redis
from tests.unit.collection.toy import Shelf

KINDS = ("files", "sqlite", "postgresql", "mariadb", "redis", "openldap", "application", "system", "tables")
BREAKAGES = (
    *(f"kill:{state}" for state in ("loading", "stopping", "swapping", "swapped")),
    *(f"term:{state}" for state in ("loading", "swapping", "swapped")),
    *(f"fail:{state}" for state in ("stopping", "swapping", "swapped")),
    *(f"restic:{state}" for state in ("loading", "stopping")),
)
AT_WORK = ("stopping", "swapping", "swapped", "back")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Stores that open in no time."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who approves."""
    return Authority(tmp_path_factory.mktemp("authority"))


class Life:
    """Living data of one kind on a bench: what backs it up, and what changes it so that a restore is wanted."""

    def __init__(self, bench: Bench, change: Callable[[], None]) -> None:
        self.bench, self.change = bench, change
        bench.back_up()
        self.good = bench.live()
        change()
        self.changed = bench.live()
        assert self.good.digest != self.changed.digest

    def settled(self) -> list[str]:
        """Wait until no restore is at work on the host, and return the states its journals are in."""
        end = time.monotonic() + 60
        while any(one["state"] in AT_WORK for one in self.bench.journals()):
            assert time.monotonic() < end, self.bench.journals()
            time.sleep(0.1)
        return [one["state"] for one in self.bench.journals()]


@pytest.fixture(scope="module")
def lives(
    shelf: Shelf, authority: Authority, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Life]]:
    """Give the living data of a kind, made when it is first asked for."""
    made: dict[str, Life] = {}
    servers = ExitStack()

    def give(kind: str) -> Life:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            folder.parent.chmod(0o755)
            make = {"files": _files, "sqlite": _sqlite, "application": _application, "system": _system}.get(kind)
            if kind == "redis":
                source, change = _redis(servers.enter_context(Redis(folder)))
            elif kind == "openldap":
                source, change = _openldap(servers.enter_context(OpenLDAP(folder / "l")))
            else:
                source, change = make(folder) if make else _database(request.getfixturevalue("office"), kind)
            named = "postgresql" if kind == "tables" else kind
            asset = {"id": f"uji-{kind}", "kind": named, "stores": ["internal"], "source": source}
            bench = Bench(folder, asset, shelf.config(folder, "internal"), authority)
            bench.pieces = [one.format(**source) for one in PIECES.get(kind, ())]
            made[kind] = Life(bench, change)
        return made[kind]

    with servers:
        yield give


def _redis(server: Redis) -> tuple[dict[str, Any], Callable[[], None]]:
    server.fill()
    server("DEL", "sesi")
    return server.source, lambda: server("DEL", "tag", "judul") and None


def _openldap(server: OpenLDAP) -> tuple[dict[str, Any], Callable[[], None]]:
    """Its server is stopped all the time, as its service would be."""
    server.stop()

    def change() -> None:
        server.start()
        server.remove("p1", "p2")
        server.stop()

    return server.source, change


def _files(folder: Path) -> tuple[dict[str, Any], Callable[[], None]]:
    for name in ("situs/a.html", "situs/unggahan/b c.txt", "lain.conf"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    subprocess.run(["setfacl", "-m", "u:nobody:r", str(folder / "situs/a.html")], check=True)
    paths = [str(folder / "situs"), str(folder / "lain.conf")]

    def change() -> None:
        (folder / "situs/a.html").write_text("diretas", encoding="utf-8")
        (folder / "situs/unggahan/b c.txt").unlink()

    return {"paths": paths, "exclude": []}, change


def _sqlite(folder: Path) -> tuple[dict[str, Any], Callable[[], None]]:
    path = folder / "arsip.db"
    _sql(path, "PRAGMA journal_mode=WAL", "CREATE TABLE t (a)", "INSERT INTO t VALUES ('satu'), ('dua')")
    return {"path": str(path)}, lambda: _sql(path, "DELETE FROM t WHERE a = 'satu'")


def _application(folder: Path) -> tuple[dict[str, Any], Callable[[], None]]:
    """A tree of files and a database beside it; the tree holds the file that says maintenance."""
    files, change_files = _files(folder)
    sqlite, change_sqlite = _sqlite(folder)
    parts = [{"name": "berkas", "files": files}, {"name": "basis-data", "sqlite": sqlite}]

    def change() -> None:
        change_files()
        change_sqlite()

    return {"quiesce": {"file": str(folder / "situs/.maintenance"), "text": "?"}, "parts": parts}, change


PIECES = {
    "system": ("{etc}/app", "{etc}/hosts", "unit:web.service", "user:games", "group:games"),
    "tables": ("table:induk", "table:hilang"),
}


def _system(folder: Path) -> tuple[dict[str, Any], Callable[[], None]]:
    """A folder that is a machine's /etc in small: its files, a unit, an account that this machine knows, too."""
    etc = folder / "mesin/etc"
    for name, text in ETC.items():
        path = etc / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o640 if "shadow" in name else 0o644)
    wants = etc / "systemd/system/multi-user.target.wants"
    wants.mkdir()
    (wants / "web.service").symlink_to("../web.service")
    (etc / ".pwd.lock").touch(mode=0o600)

    def change() -> None:
        (etc / "app/app.conf").unlink()
        (etc / "hosts").write_text("diretas", encoding="utf-8")
        (etc / "hosts").chmod(0o600)
        (wants / "web.service").unlink()
        (etc / "systemd/system/web.service.d").mkdir(exist_ok=True)
        (etc / "systemd/system/web.service.d/salah.conf").write_text("[Service]", encoding="utf-8")
        for name in ("passwd", "shadow", "group", "gshadow"):
            lines = (etc / name).read_text(encoding="utf-8").splitlines()
            kept = [line.replace(",games", "") for line in lines if not line.startswith("games:")]
            (etc / name).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")

    return {"etc": str(etc), "exclude": []}, change


ETC = {
    "app/app.conf": "benar",
    "hosts": "127.0.0.1 localhost",
    "systemd/system/web.service": "[Service]",
    "passwd": "root:x:0:0::/root:/bin/sh\nlain:x:1001:100::/:/bin/sh\ngames:x:5:60:SIAKAD:/srv:/bin/sh\n",
    "shadow": "root:*:1::::::\nlain:*:1::::::\ngames:$y$canary-of-an-account:19000:0:99999:7:::\n",
    "group": "root:x:0:\nusers:x:100:lain,games\ngames:x:60:games\n",
    "gshadow": "root:*::\nusers:!::lain,games\ngames:!::games\n",
}


def _sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement).fetchall()
    connection.close()


def _database(office: Office, kind: str) -> tuple[dict[str, Any], Callable[[], None]]:
    server = office.mariadb if kind == "mariadb" else office.postgresql
    name = "uji_tabel" if kind == "tables" else "uji_ganti"
    server.create(name, 0)
    for statement in TABLES[kind]:
        server.sql(statement, name)
    return {**server.source, "database": name}, lambda: server.sql(CHANGES[kind], name) and None


TABLES = {
    "postgresql": (
        "CREATE TABLE nilai (id serial PRIMARY KEY, isi text); INSERT INTO nilai (isi) VALUES ('a'), ('b');"
        "CREATE VIEW ringkas AS SELECT count(*) FROM nilai;",
    ),
    "mariadb": (
        "CREATE TABLE induk (id INT PRIMARY KEY) ENGINE=InnoDB; INSERT INTO induk VALUES (1), (2);"
        "CREATE TABLE anak (id INT, FOREIGN KEY (id) REFERENCES induk (id)) ENGINE=InnoDB; INSERT INTO anak VALUES (1);"
        "CREATE VIEW ringkas AS SELECT COUNT(*) AS jumlah FROM anak;"
        "CREATE TRIGGER jaga BEFORE INSERT ON anak FOR EACH ROW SET NEW.id = ABS(NEW.id);"
        "CREATE PROCEDURE hitung() SELECT COUNT(*) FROM induk; CREATE SEQUENCE nomor;"
        "CREATE TABLE surat (nomor INT DEFAULT NEXTVAL(nomor), isi INT); INSERT INTO surat (isi) VALUES (7);",
    ),
    "tables": (
        "CREATE TABLE induk (id serial PRIMARY KEY, isi text); INSERT INTO induk (isi) VALUES ('a'), ('b');"
        "CREATE TABLE anak (id int REFERENCES induk); INSERT INTO anak VALUES (1); CREATE TABLE lain (a int);"
        "CREATE TABLE hilang (a int REFERENCES induk); INSERT INTO hilang VALUES (2);",
    ),
}
CHANGES = {
    "postgresql": "DELETE FROM nilai; DROP VIEW ringkas; CREATE TABLE salah (a int);",
    "tables": "UPDATE induk SET isi = 'salah'; INSERT INTO lain VALUES (1); DROP TABLE hilang;",
    "mariadb": "DELETE FROM anak; DROP VIEW ringkas; DROP TRIGGER jaga; CREATE TABLE salah (a INT);",
}


@pytest.mark.parametrize(
    ("kind", "breakage"),
    [(kind, one) for kind in KINDS for one in BREAKAGES if kind != "tables" or not one.startswith("restic")],
)
def test_whatever_breaks_what_lived_before_lives_again(kind: str, breakage: str, lives: Callable[[str], Life]) -> None:
    life = lives(kind)
    rc, records = life.bench.broken(breakage)
    assert (rc == -9) == breakage.startswith("kill")
    assert [one["outcome"] for one in records if one["action"] == "restore"] == ([] if rc else ["failed"])
    assert set(life.settled()) <= {"loading"}, "what was killed while it loaded is removed by the next run"
    assert life.bench.live().digest == life.changed.digest


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_takes_the_place_of_living_data_and_gives_it_up_again(kind: str, lives: Callable[[str], Life]) -> None:
    life = lives(kind)
    safety, restore = life.bench.replace()
    assert (safety["action"], safety["outcome"], safety["verify"]["ok"]) == ("safety", "ok", True)
    assert (restore["outcome"], restore["verify"]["ok"]) == ("ok", True), restore
    assert restore["restore"]["safety"] == safety["point"] and restore["restore"]["downtime_seconds"] > 0
    if kind != "tables":  # where what is no piece stays as it is
        assert life.bench.live().digest == life.good.digest
    assert life.bench.plan()["point"] == restore["point"], "a safety copy is never the newest backup"
    assert life.bench.do({"forget": True})[-1]["outcome"] == "refused", "it can still be taken back"

    (undo,) = life.bench.do({"undo": True})
    assert undo["outcome"] == "ok", undo
    assert life.bench.live().digest == life.changed.digest
    assert life.bench.do({"undo": True})[-1]["outcome"] == "refused", "once"

    end_the_window(life.bench)
    assert life.bench.do({"forget": True})[-1]["outcome"] == "ok"
    assert life.bench.journals() == [] and life.bench.do({"forget": True})[-1]["outcome"] == "unchanged"
    assert not [path for path in life.bench.folder.iterdir() if path.name.startswith(".sopwrap")]


def test_a_replaced_database_keeps_its_own_settings_and_grants(lives: Callable[[str], Life], office: Office) -> None:
    life = lives("postgresql")
    grants = "array(SELECT unnest(datacl)::text ORDER BY 1)"
    said = f"SELECT {grants}, (SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database d"
    own = "ALTER DATABASE uji_ganti SET work_mem = '8MB'; REVOKE CONNECT ON DATABASE uji_ganti FROM PUBLIC;"
    office.postgresql.sql(own, "postgres")
    before = office.postgresql.sql(f"{said} WHERE datname = 'uji_ganti'", "postgres")
    assert "work_mem=8MB" in before
    life.bench.replace()
    assert office.postgresql.sql(f"{said} WHERE datname = 'uji_ganti'", "postgres") == before
    assert life.bench.do({"undo": True})[-1]["outcome"] == "ok"
    assert HOST in life.bench.plan()["host"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("redis", "system", "tables")])
def test_living_data_that_is_lost_altogether_comes_back(
    kind: str, lives: Callable[[str], Life], office: Office
) -> None:
    life = lives(kind)
    _lose(kind, life, office)
    (restore,) = life.bench.replace()
    assert (restore["outcome"], restore["restore"]["safety"]) == ("ok", None), "there was nothing to keep safe"
    assert life.bench.live().digest == life.good.digest
    end_the_window(life.bench)
    assert life.bench.do({"forget": True})[-1]["outcome"] == "ok"
    life.change()


def _lose(kind: str, life: Life, office: Office) -> None:
    source = life.bench.asset["source"]
    if kind == "application":
        for part in source["parts"]:
            paths = part["files"]["paths"] if "files" in part else [part["sqlite"]["path"]]
            subprocess.run(["rm", "-r", *paths], check=True)
    elif kind == "files":
        subprocess.run(["rm", "-r", *source["paths"]], check=True)
    elif kind == "sqlite":
        Path(source["path"]).unlink()
    elif kind == "openldap":
        subprocess.run(["rm", "-r", str(life.bench.folder / "l/data")], check=True)
    else:
        server = office.postgresql if kind == "postgresql" else office.mariadb
        server.sql("DROP DATABASE uji_ganti;", "postgres" if kind == "postgresql" else "mysql")


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_nothing_is_replaced_while_a_client_is_connected(
    kind: str, lives: Callable[[str], Life], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import mariadb_live, postgresql_live

    for module in (mariadb_live, postgresql_live):
        monkeypatch.setattr(module, "_PATIENCE", 0.5)
    life = lives(kind)
    server, sleep = (
        (office.postgresql, "SELECT pg_sleep(6);")
        if kind == "postgresql"
        else (
            office.mariadb,
            "SELECT SLEEP(6);",
        )
    )
    client = threading.Thread(target=server.sql, args=(sleep, "uji_ganti"))
    client.start()
    time.sleep(0.5)
    (restore,) = life.bench.replace()
    client.join()
    assert restore["outcome"] == "refused" and "Clients are connected" in restore["message"]
    assert life.bench.live().digest == life.changed.digest


def test_postgresql_that_is_killed_comes_up_with_what_lived_before(
    lives: Callable[[str], Life], office: Office
) -> None:
    """The server restarts itself when one of its processes is killed: all is done, or all is as before.

    Which of both depends on how fast it is up again.
    """
    life = lives("postgresql")
    pid = office.postgresql.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'", "postgres")
    _rc, records = life.bench.broken(f"{pid.strip()}:loading")
    done = records[-1]["outcome"] == "ok"
    assert life.bench.live().digest == (life.good if done else life.changed).digest, records
    if done:
        assert life.bench.do({"undo": True})[-1]["outcome"] == "ok"
    assert life.bench.live().digest == life.changed.digest
