"""A whole PostgreSQL server as one asset: every database, the roles, and what databases have of their own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_server, recall

from tests.integration.replacing import Bench, end_the_window
from tests.office import Office
from tests.office.permits import Authority
from tests.unit.collection.toy import Shelf

SMALL = 0.01
EXTRA = """
CREATE ROLE uji_peran LOGIN PASSWORD 'canary-of-the-role'; CREATE DATABASE "Uji.Arsip 2" OWNER uji_peran;
ALTER DATABASE "Uji.Arsip 2" SET work_mem = '8MB';
ALTER ROLE uji_peran IN DATABASE "Uji.Arsip 2" SET statement_timeout = 7000;
REVOKE CONNECT ON DATABASE "Uji.Arsip 2" FROM PUBLIC; GRANT CONNECT ON DATABASE "Uji.Arsip 2" TO siakad_pemilik;
ALTER DATABASE "Uji.Arsip 2" CONNECTION LIMIT 9;
"""
OWN = """SELECT datname, datconnlimit, ARRAY(SELECT unnest(datacl)::text ORDER BY 1), pg_get_userbyid(datdba),
ARRAY(SELECT setconfig::text FROM pg_db_role_setting s WHERE s.setdatabase = d.oid ORDER BY 1)
FROM pg_database d WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"""


def ruang(folder: Path) -> Path:
    """A folder for a tablespace, which has to be the server's account's own."""
    place = folder / "ruang"
    place.mkdir()
    shutil.chown(place, "postgres")
    return place


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    """A server with two databases, and a fresh one."""
    folder = tmp_path_factory.mktemp("w")
    folder.parent.chmod(0o755)
    with (
        Office(folder / "a", scale=SMALL, parts={"postgresql"}) as living,
        Office(folder / "b", scale=SMALL, parts={"postgresql"}) as fresh,
    ):
        place = ruang(living.postgresql.folder)
        living.postgresql.sql(f"CREATE TABLESPACE uji_ruang LOCATION '{place}'", "postgres")
        living.postgresql.sql(EXTRA, "postgres")
        living.postgresql.sql("CREATE TABLE surat AS SELECT generate_series(1, 100) AS id", "Uji.Arsip 2")
        living.postgresql.sql("ALTER TABLE surat SET TABLESPACE uji_ruang", "Uji.Arsip 2")
        fresh.postgresql.sql("DROP DATABASE siakad WITH (FORCE)", "postgres")
        yield living, fresh


@pytest.fixture(scope="module")
def whole(servers: tuple[Office, Office], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The server, backed up."""
    folder = tmp_path_factory.mktemp("bench")
    source = {**servers[0].postgresql.source, "database": "*"}
    asset = {"id": "uji-server", "kind": "postgresql", "stores": ["internal"], "source": source}
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    made = Bench(folder, asset, shelf.config(folder, "internal"), Authority(folder / "authority"))
    first = made.back_up()
    assert first["outcome"] == "ok" and made.back_up()["outcome"] == "unchanged", "equal content, equal fingerprint"
    return made


def test_every_part_of_a_server_is_read_back_by_name_and_no_password_is_told(whole: Bench) -> None:
    job = whole._job()
    recall.verify(job, whole.kind)
    (told,) = job.records
    assert told["outcome"] == "ok", told
    assert "Uji.Arsip 2: pg_restore read" in told["verify"]["detail"] and "roles of the server" in str(told["verify"])
    assert "canary-of-the-role" not in str(job.records) and "SCRAM" not in str(job.records)


def test_a_server_comes_back_beside_itself_under_names_of_its_own_or_not_at_all(
    whole: Bench, servers: tuple[Office, Office]
) -> None:
    database = servers[0].postgresql
    (done,) = whole.do({"database": "uji", "jobs": 2})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    rows = database.sql(OWN, "postgres").splitlines()
    assert [row.partition("|")[0] for row in rows] == ["Uji.Arsip 2", "siakad", "uji_Uji.Arsip 2", "uji_siakad"]
    assert rows[2] == f"uji_{rows[0]}" and "work_mem=8MB" in rows[0] and "statement_timeout" in rows[0]
    database.sql("DROP DATABASE uji_siakad", "postgres")
    (refused,) = whole.do({"database": "uji"})
    assert refused["outcome"] == "refused" and "uji_Uji.Arsip 2 exists already" in refused["message"]
    database.sql('DROP DATABASE "uji_Uji.Arsip 2"', "postgres")


def test_a_server_that_fails_at_its_end_leaves_no_database_behind(
    whole: Bench, servers: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = servers[0].postgresql.sql(OWN, "postgres")
    monkeypatch.setattr(postgresql_server.dress, "statements", lambda own, name: ["SELECT 1 / 0;"])
    (failed,) = whole.do({"database": "uji"})
    assert failed["outcome"] == "failed" and "division by zero" in failed["message"], failed
    assert servers[0].postgresql.sql(OWN, "postgres") == before


def test_a_server_comes_back_onto_a_fresh_one_with_its_roles_under_its_names(
    whole: Bench, servers: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    living, fresh = (one.postgresql for one in servers)
    monkeypatch.setitem(whole.asset, "source", {**fresh.source, "database": "*"})
    (refused,) = whole.do({"same_names": True}, check=True)
    assert refused["outcome"] == "refused" and "uji_peran" in refused["message"]
    wish = {"same_names": True, "create_roles": True}
    (planned,) = whole.do(wish, check=True)
    assert planned["outcome"] == "planned" and "no tablespace uji_ruang: tables go to" in planned["message"], planned
    (done,) = whole.do(wish)
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True) and "no tablespace uji_ruang" in done["message"], (
        done
    )
    fresh.sql('DROP DATABASE siakad; DROP DATABASE "Uji.Arsip 2"', "postgres")

    (failed,) = whole.do({**wish, "tablespaces": {"uji_ruang": "/tidak/ada"}})
    assert failed["outcome"] == "failed" and "uji_ruang could not be made: directory" in failed["message"], failed
    (done,) = whole.do({**wish, "tablespaces": {"uji_ruang": str(ruang(fresh.folder))}})
    assert (done["outcome"], done["verify"]["ok"]) == ("ok", True), done
    lies = "SELECT spcname FROM pg_tablespace t JOIN pg_class c ON c.reltablespace = t.oid WHERE relname = 'surat'"
    assert fresh.sql(lies, "Uji.Arsip 2").strip() == "uji_ruang"
    assert fresh.sql(OWN, "postgres") == living.sql(OWN, "postgres")
    hashed = "SELECT rolpassword FROM pg_authid WHERE rolname = 'uji_peran'"
    assert fresh.sql(hashed, "postgres") == living.sql(hashed, "postgres")
    assert fresh.sql("SELECT count(*) FROM surat", "Uji.Arsip 2").strip() == "100"


DAMAGE = """
ALTER DATABASE siakad SET work_mem = '9MB'; DROP DATABASE "Uji.Arsip 2"; DROP ROLE uji_peran; CREATE ROLE uji_baru;
CREATE DATABASE uji_baru; COMMENT ON DATABASE siakad IS 'milik akademik';
"""


def test_all_databases_of_a_living_server_change_places_at_once_and_back_and_what_is_new_stays(
    whole: Bench, servers: tuple[Office, Office]
) -> None:
    server = servers[0].postgresql
    good, said = server.sql(OWN, "postgres"), "SELECT shobj_description(oid, 'pg_database') FROM pg_database d"
    server.sql(DAMAGE, "postgres")
    server.damage()
    bad, content = server.sql(OWN, "postgres"), whole.live()

    plan = whole.plan()
    assert (plan["outcome"], plan["restore"]["stays"]) == ("planned", ["database:uji_baru", "role:uji_baru"]), plan
    assert "uji_peran" not in server.sql("SELECT rolname FROM pg_roles", "postgres"), "a plan changes nothing"
    for number, breakage in enumerate(("fail:swapped", "kill:swapping", "kill:swapped")):
        status, _records = whole.broken(breakage, number=number)
        assert (status == -9) == breakage.startswith("kill")
        end = time.monotonic() + 60
        while any(one["state"] != "loading" for one in whole.journals()) and time.monotonic() < end:
            time.sleep(0.1)
        assert server.sql(OWN, "postgres") == bad and whole.live().digest == content.digest, breakage

    safety, done = whole.replace()
    assert (safety["action"], done["outcome"], done["verify"]["ok"]) == ("safety", "ok", True), done
    found = {row.partition("|")[0]: row for row in server.sql(OWN, "postgres").splitlines()}
    assert {name: found[name] for name in ("Uji.Arsip 2", "siakad")} == {
        row.partition("|")[0]: row for row in good.splitlines()
    }
    assert len(found) == 4 and "uji_baru" in found, "the former siakad is beside"
    assert server.sql(f"{said} WHERE datname = 'siakad'", "postgres").strip() == "milik akademik"
    assert server.sql("SELECT count(*) FROM surat", "Uji.Arsip 2").strip() == "100"
    assert set(whole.kind.preflight(whole.asset)["parts"]) == {"siakad", "uji_baru", "Uji%2EArsip%202"}

    (undo,) = whole.do({"undo": True})
    assert undo["outcome"] == "ok" and whole.live().digest == content.digest, undo
    assert server.sql(f"{said} WHERE datname = 'siakad'", "postgres").strip() == "milik akademik"
    end_the_window(whole)
    assert whole.do({"forget": True})[-1]["outcome"] == "ok" and server.sql(OWN, "postgres") == bad


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"path": "/x"}, "names no beginning"),
        ({"database": "x" * 60}, "longer than 63 bytes"),
        ({"database": "uji", "tables": ["surat"]}, "not restored by tables"),
        ({"database": "uji", "tablespaces": {"lain": "/x"}}, "knows no tablespace lain"),
        ({"database": "uji", "tablespaces": {"uji_ruang": "/x"}}, "has the tablespace uji_ruang at /"),
        ({"database": "uji", "tablespaces": ["/x"]}, "no folders by names"),
        ({"replace": True, "pieces": ["table:surat"]}, "not replaced by pieces"),
    ],
)
def test_what_a_whole_server_is_not_restored_into_is_refused(target: dict[str, Any], says: str, whole: Bench) -> None:
    (refused,) = whole.do(target, check=True)
    assert refused["outcome"] == "refused" and says in refused["message"], refused
