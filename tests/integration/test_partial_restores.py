"""A piece of a point instead of all of it, into a fresh place, compared with the fingerprint of that piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import recall

from tests.integration.replacing import Bench
from tests.office import Office
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def bench(folder: Path, shelf: Shelf, kind: str, source: dict[str, Any]) -> Bench:
    asset = {"id": f"uji-{kind}", "kind": kind, "stores": ["internal"], "source": source}
    made = Bench(folder, asset, shelf.config(folder, "internal"), Authority(folder / "authority"))
    made.back_up()
    return made


@pytest.fixture(scope="module")
def trees(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two trees with names that a pattern would take for something else."""
    folder = tmp_path_factory.mktemp("trees")
    for name in ("situs/a[1]*.html", "situs/a1x.html", "situs/unggahan/dalam/b.txt", "situs/unggahanku", "lain/c"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (folder / "situs/unggahan").chmod(0o2750)
    return bench(folder, shelf, "files", {"paths": [str(folder / "situs"), str(folder / "lain")], "exclude": []})


def test_one_folder_and_one_file_of_the_point_come_back_and_nothing_else(trees: Bench, tmp_path: Path) -> None:
    only = [str(trees.folder / "situs/unggahan"), str(trees.folder / "situs/a[1]*.html")]
    (done,) = trees.do({"path": str(tmp_path / "uji"), "only": only})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    found = sorted(path.name for path in (tmp_path / "uji").rglob("*") if path.is_file())
    assert found == ["a[1]*.html", "b.txt"]
    (folder,) = (tmp_path / "uji").rglob("unggahan")
    assert folder.stat().st_mode & 0o7777 == 0o2750


@pytest.mark.parametrize(
    ("only", "says"),
    [(["/tidak/ada"], "nothing at /tidak/ada"), (["situs"], "no list of absolute paths"), ("situs", "no list")],
)
def test_what_the_point_does_not_hold_is_refused_before_anything_is_made(
    only: Any, says: str, trees: Bench, tmp_path: Path
) -> None:
    (refused,) = trees.do({"path": str(tmp_path / "uji"), "only": only})
    assert refused["outcome"] == "refused" and says in refused["message"]
    assert not (tmp_path / "uji").exists()


def test_a_piece_that_is_missing_afterwards_is_no_success(
    trees: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import point

    whole = point.Recovered.extract

    def lossy(self: Any, part: str, into: str, only: Any = ()) -> None:
        whole(self, part, into, only)
        next(Path(into).rglob("b.txt")).unlink()

    monkeypatch.setattr(point.Recovered, "extract", lossy)
    (failed,) = trees.do({"path": str(tmp_path / "uji"), "only": [str(trees.folder / "situs/unggahan")]})
    assert failed["outcome"] == "failed" and "missing" in failed["message"]


def test_a_part_of_a_servers_configuration_comes_back_with_the_list_of_the_machine(
    shelf: Shelf, tmp_path: Path
) -> None:
    etc = tmp_path / "etc"
    for name in ("nginx/nginx.conf", "hosts"):
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_text(name, encoding="utf-8")
    made = bench(tmp_path, shelf, "system", {"etc": str(etc), "exclude": []})
    (etc / "nginx/nginx.conf").write_text("lain", encoding="utf-8")
    (etc / "hosts").write_text("lain", encoding="utf-8")
    wish = {"path": str(tmp_path / "uji"), "only": [str(etc / "nginx")]}
    (planned,) = made.do(wish, check=True)
    assert "At present it differs: files: otherwise etc/nginx/nginx.conf." in planned["message"], planned["message"]
    (done,) = made.do(wish)
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    files = sorted(path.name for path in (tmp_path / "uji").rglob("*") if path.is_file())
    assert files == ["nginx.conf", "state.json"]


SCHEMA = """
CREATE SCHEMA arsip; CREATE TABLE induk (id serial PRIMARY KEY, isi text); INSERT INTO induk (isi) VALUES ('a'), ('b');
CREATE TABLE anak (id int REFERENCES induk); INSERT INTO anak VALUES (1); CREATE INDEX anak_id ON anak (id);
CREATE TABLE arsip."Nilai Lama" (a int); INSERT INTO arsip."Nilai Lama" SELECT generate_series(1, 100);
SELECT lo_from_bytea(0, 'besar');
CREATE VIEW ringkas AS SELECT count(*) FROM anak;
"""
ROLES = """
DROP ROLE IF EXISTS "Uji Baca", uji_tulis, uji_lain;
CREATE ROLE uji_tulis LOGIN PASSWORD 'canary-of-the-role' CONNECTION LIMIT 3; CREATE ROLE uji_lain NOLOGIN;
CREATE ROLE "Uji Baca" NOLOGIN; GRANT "Uji Baca" TO uji_tulis; ALTER ROLE uji_tulis SET work_mem = '8MB';
"""
ABOUT = """SELECT rolname, rolcanlogin, rolconnlimit, left(rolpassword, 6),
(SELECT setconfig FROM pg_db_role_setting WHERE setrole = a.oid AND setdatabase = 0),
ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = a.oid)
FROM pg_authid a WHERE rolname IN ('uji_tulis', 'Uji Baca', 'uji_lain') ORDER BY 1"""


@pytest.fixture(scope="module")
def database(office: Office, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A database whose owner is a role with a password, and the roles of its server."""
    office.postgresql.create("uji_potong", 0)
    office.postgresql.sql(ROLES, "postgres")
    office.postgresql.sql(SCHEMA, "uji_potong")
    office.postgresql.sql('ALTER TABLE anak OWNER TO uji_tulis; GRANT SELECT ON induk TO "Uji Baca"', "uji_potong")
    folder = tmp_path_factory.mktemp("database")
    folder.parent.chmod(0o755)
    return bench(folder, shelf, "postgresql", {**office.postgresql.source, "database": "uji_potong", "roles": True})


@pytest.fixture
def fresh(office: Office) -> Iterator[str]:
    """The name of a database that is not there; it is removed afterwards."""
    yield "uji_segar"
    office.postgresql.sql("DROP DATABASE IF EXISTS uji_segar WITH (FORCE)", "postgres")


def test_one_table_of_a_database_comes_back_without_the_others(database: Bench, office: Office, fresh: str) -> None:
    (done,) = database.do({"database": fresh, "tables": ["anak", "arsip.Nilai Lama"]})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    assert "2 items" in done["verify"]["detail"]
    counts = (
        'SELECT (SELECT count(*) FROM anak), (SELECT count(*) FROM arsip."Nilai Lama"), (SELECT count(*) FROM induk)'
    )
    assert office.postgresql.sql(counts, fresh).strip() == "1|100|0"
    assert office.postgresql.sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'anak_id'", fresh).strip() == "1"


def test_several_processes_load_a_database_from_a_file_that_has_no_name(
    database: Bench, office: Office, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_load
    from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client

    ran: list[list[str]] = []
    child = Client.child
    monkeypatch.setattr(Client, "child", lambda self, argv, *more: ran.append(argv) or child(self, argv, *more))
    (done,) = database.do({"database": fresh, "jobs": 3})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    assert any("--jobs=3" in argv and argv[-1].startswith("/dev/fd/") for argv in ran)
    assert office.postgresql.sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'anak_id'", fresh).strip() == "1"
    office.postgresql.sql(f"DROP DATABASE {fresh}", "postgres")
    (some,) = database.do({"database": fresh, "jobs": 2, "tables": ["anak"]})
    assert some["outcome"] == "ok", some
    office.postgresql.sql(f"DROP DATABASE {fresh}", "postgres")
    monkeypatch.setattr(postgresql_load, "require_room", lambda *given: None)
    monkeypatch.setattr(postgresql_load, "SCRATCH", "/tidak/ada")
    (failed,) = database.do({"database": fresh, "jobs": 2})
    there = office.postgresql.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{fresh}'", "postgres").strip()
    assert (failed["outcome"], there) == ("failed", "0"), "what was begun is removed"


@pytest.mark.parametrize(("tables", "says"), [(["tidak_ada"], "no table public.tidak_ada"), ("anak", "no list")])
def test_a_table_the_point_does_not_hold_is_refused(tables: Any, says: str, database: Bench, fresh: str) -> None:
    (refused,) = database.do({"database": fresh, "tables": tables})
    assert refused["outcome"] == "refused" and says in refused["message"]


@pytest.mark.parametrize(
    ("wish", "roles"), [(True, ["Uji Baca", "uji_tulis"]), ("all", ["Uji Baca", "uji_lain", "uji_tulis"])]
)
def test_roles_come_back_as_they_were_with_passwords_settings_and_memberships(
    wish: Any, roles: list[str], database: Bench, office: Office, fresh: str
) -> None:
    before = office.postgresql.sql(ABOUT, "postgres").splitlines()
    assert len(before) == 3 and "SCRAM-" in before[2] and "work_mem=8MB" in before[2] and "Uji Baca" in before[2]
    office.postgresql.sql('DROP DATABASE uji_potong; DROP ROLE uji_tulis, uji_lain, "Uji Baca"', "postgres")
    try:
        (refused,) = database.do({"database": fresh})
        assert refused["outcome"] == "refused" and "uji_tulis" in refused["message"]
        (done,) = database.do({"database": fresh, "create_roles": wish})
        assert done["outcome"] == "ok", done
        after = office.postgresql.sql(ABOUT, "postgres").splitlines()
        assert after == [line for line in before if line.partition("|")[0] in roles]
        assert (
            office.postgresql.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'anak'", fresh).strip()
            == "uji_tulis"
        )
    finally:
        office.postgresql.sql("DROP DATABASE IF EXISTS uji_segar WITH (FORCE)", "postgres")
        office.postgresql.sql(ROLES, "postgres")
        office.postgresql.create("uji_potong", 0)


def test_the_stored_roles_are_read_back_and_no_password_is_told(database: Bench) -> None:
    job = database._job()
    recall.verify(job, database.kind)
    (told,) = job.records
    assert told["outcome"] == "ok" and "roles of the server" in told["verify"]["detail"], told
    assert "canary-of-the-role" not in str(job.records) and "SCRAM" not in str(job.records)


ACCOUNTS = """
DROP USER IF EXISTS 'uji baca'@'localhost', uji_tulis@'%', uji_lain@'%'; DROP DATABASE IF EXISTS uji_akun;
CREATE DATABASE uji_akun; CREATE TABLE uji_akun.t (a INT); INSERT INTO uji_akun.t VALUES (1);
CREATE PROCEDURE uji_akun.hitung() SELECT COUNT(*) FROM t;
CREATE USER 'uji baca'@'localhost' IDENTIFIED BY 'canary-of-the-account' WITH MAX_USER_CONNECTIONS 2;
GRANT SELECT ON uji_akun.* TO 'uji baca'@'localhost'; GRANT SELECT ON mysql.* TO 'uji baca'@'localhost';
CREATE USER uji_tulis@'%' IDENTIFIED BY 'x'; GRANT INSERT ON uji_akun.t TO uji_tulis@'%';
GRANT EXECUTE ON PROCEDURE uji_akun.hitung TO uji_tulis@'%'; CREATE USER uji_lain@'%' IDENTIFIED BY 'x';
DROP ROLE IF EXISTS uji_baca, uji_staf; DROP USER IF EXISTS uji_lewat@'%';
CREATE ROLE uji_baca; CREATE ROLE uji_staf; GRANT uji_staf TO uji_tulis@'%' WITH ADMIN OPTION;
GRANT SELECT ON uji_akun.* TO uji_baca;
GRANT UPDATE ON mysql.* TO uji_baca; CREATE USER uji_lewat@'%' IDENTIFIED BY 'y';
GRANT uji_baca TO uji_staf; GRANT uji_staf TO uji_lewat@'%'; SET DEFAULT ROLE uji_staf FOR uji_lewat@'%';
REVOKE uji_staf FROM CURRENT_USER;
"""
MEMBERS = "SELECT User, Host, Role, Admin_option FROM mysql.roles_mapping WHERE Role LIKE 'uji%' ORDER BY 1, 2, 3"


def grants(office: Office, account: str) -> list[str]:
    return sorted(office.mariadb.sql(f"SHOW GRANTS FOR {account}", "mysql").splitlines())


def test_accounts_come_back_with_their_password_and_their_privileges_there(
    office: Office, shelf: Shelf, tmp_path: Path
) -> None:
    office.mariadb.sql(ACCOUNTS, "mysql")
    tmp_path.parent.chmod(0o755)
    made = bench(tmp_path, shelf, "mariadb", {**office.mariadb.source, "database": "uji_akun", "accounts": True})
    reads, writes = grants(office, "'uji baca'@'localhost'"), grants(office, "uji_tulis@'%'")
    roles, members = grants(office, "uji_staf"), office.mariadb.sql(MEMBERS, "mysql")
    assert "uji_lewat\t%\tuji_staf\tN" in members and "uji_tulis\t%\tuji_staf\tY" in members
    known = office.mariadb.sql("SHOW CREATE USER 'uji baca'@'localhost'", "mysql")
    try:
        office.mariadb.sql("DROP USER 'uji baca'@'localhost', uji_tulis@'%', uji_lain@'%'", "mysql")
        office.mariadb.sql("DROP ROLE uji_baca, uji_staf; DROP USER uji_lewat@'%'", "mysql")
        (done,) = made.do({"database": "uji_akun_segar", "create_accounts": True})
        assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
        assert office.mariadb.sql("SHOW CREATE USER 'uji baca'@'localhost'", "mysql") == known
        assert grants(office, "'uji baca'@'localhost'") == [one for one in reads if "`mysql`" not in one]
        assert grants(office, "uji_tulis@'%'") == writes
        assert "uji_lain" not in office.mariadb.sql("SELECT User FROM mysql.user", "mysql")
        assert grants(office, "uji_staf") == [one for one in roles if "`mysql`" not in one]
        assert office.mariadb.sql(MEMBERS, "mysql") == members
        said = "SELECT default_role FROM mysql.user WHERE User = 'uji_lewat'"
        assert office.mariadb.sql(said, "mysql").strip() == "uji_staf"
        assert "canary-of-the-account" not in str(done)

        office.mariadb.sql("DROP USER uji_tulis@'%'; DROP DATABASE uji_akun; DROP DATABASE uji_akun_segar", "mysql")
        (refused,) = made.do({"database": "uji_akun_segar", "create_accounts": True})
        assert refused["outcome"] == "refused" and "single tables of uji_akun" in refused["message"]
    finally:
        office.mariadb.sql("DROP DATABASE IF EXISTS uji_akun; DROP DATABASE IF EXISTS uji_akun_segar", "mysql")
        office.mariadb.sql("DROP USER IF EXISTS 'uji baca'@'localhost', uji_tulis@'%', uji_lain@'%'", "mysql")
        office.mariadb.sql("DROP ROLE IF EXISTS uji_baca, uji_staf; DROP USER IF EXISTS uji_lewat@'%'", "mysql")
