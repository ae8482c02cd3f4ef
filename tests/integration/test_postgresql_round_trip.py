"""PostgreSQL: what was there at one moment comes back beside the living database, or one sentence says why not."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.process import program
from tests.office.runs import Playbooks, Stores

HOST = "srv-akademik"
ID = "siakad-db"
ODD = "Basis Data \"2026\" 'é' \\x"


@pytest.fixture
def target(office: Office) -> Iterator[str]:
    """The name of a database that does not exist, before and after the test."""
    name = "Uji Coba'\"\\"
    yield name
    for database in (name, ODD):
        quoted = database.replace('"', '""')
        office.postgresql.sql(f'DROP DATABASE IF EXISTS "{quoted}"', "postgres")
    office.postgresql.sql('DROP ROLE IF EXISTS "Tukang Backup"', "postgres")


def alone(office: Office, **source: Any) -> dict[str, Any]:
    """The asset in the internal store alone, its source changed."""
    asset = office.asset(ID)
    return {**asset, "stores": ["internal"], "source": {**asset["source"], **source}}


def test_a_database_that_was_damaged_comes_back_whole(
    office: Office, stores: Stores, run_playbook: Playbooks, target: str
) -> None:
    backup = run_playbook("backup_assets", sopwrap_only=[ID])
    assert backup.rc == 0, backup.output
    made, copied = backup.one(action="backup"), backup.one(action="copy")
    assert (made["outcome"], copied["outcome"]) == ("ok", "ok")
    assert made["point"] == copied["point"]
    assert made["size_bytes"] > 0 and made["items"] > 0 and made["sha256"] and made["store_id"] != copied["store_id"]
    assert copied["medium"] and copied["verify"]["ok"]
    try:
        assert office.damage("postgresql")
        restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target={"database": target})
        assert restore.rc == 0, restore.output
        record = restore.one(action="restore")
        assert record["outcome"] == "ok" and record["verify"]["ok"]
        assert record["fingerprint"] == made["fingerprint"]
    finally:
        office.reseed("postgresql")


def test_a_second_backup_of_equal_content_changes_nothing_and_a_changed_cell_is_seen(
    office: Office, run_playbook: Playbooks
) -> None:
    assets = {HOST: [alone(office)]}
    first = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    office.postgresql.sql("SELECT nextval('akademik.nomor_surat')")  # counts on in every snapshot, even a dump's
    second = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    assert (first.one(action="backup")["outcome"], second.one(action="backup")["outcome"]) == ("ok", "unchanged")
    assert first.one(action="backup")["point"] != second.one(action="backup")["point"]
    try:
        office.postgresql.sql("CREATE TABLE sopwrap_satu (nilai text); INSERT INTO sopwrap_satu VALUES (NULL)")
        empty = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).one(action="backup")
        office.postgresql.sql("UPDATE sopwrap_satu SET nilai = ''")
        filled = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).one(action="backup")
    finally:
        office.postgresql.sql("DROP TABLE IF EXISTS sopwrap_satu")
    assert (empty["outcome"], filled["outcome"]) == ("ok", "ok")
    assert empty["fingerprint"] != filled["fingerprint"], "NULL and the empty text are not the same"


def test_a_database_with_odd_names_objects_and_owners_comes_back(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    quoted = ODD.replace('"', '""')
    office.postgresql.sql('CREATE ROLE "Tukang Backup"', "postgres")
    office.postgresql.sql(f'CREATE DATABASE "{quoted}"', "postgres")
    office.postgresql.sql(_ODD_OBJECTS, ODD)
    asset = alone(office, database=ODD)
    backup = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert backup.rc == 0, backup.output
    restore = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"database": target}, host_assets={HOST: [asset]}
    )
    assert restore.rc == 0, restore.output
    assert office.postgresql.sql('SELECT "t" FROM "Nilai ""Akhir""|x" WHERE "t" IS NOT NULL', target).strip() == "é\tz"


_ODD_OBJECTS = """
CREATE TABLE "Nilai ""Akhir""|x" ("t" text, "sopwrap_row" int, uang money, saat timestamptz, b bytea, f float8);
INSERT INTO "Nilai ""Akhir""|x" VALUES (E'é\\tz', 1, 12.5, now(), '\\x00ff', 0.1),
  (NULL, NULL, NULL, NULL, NULL, 'NaN');
ALTER TABLE "Nilai ""Akhir""|x" OWNER TO "Tukang Backup";
CREATE TABLE bagian (i int) PARTITION BY RANGE (i);
CREATE TABLE bagian_satu PARTITION OF bagian FOR VALUES FROM (0) TO (10);
INSERT INTO bagian VALUES (1);
CREATE TABLE tanpa_kolom ();
INSERT INTO tanpa_kolom DEFAULT VALUES;
CREATE SEQUENCE urut;
SELECT nextval('urut');
SELECT lo_from_bytea(0, '\\x0001020000');
CREATE VIEW lihat AS SELECT "t" FROM "Nilai ""Akhir""|x";
CREATE TABLE status (isi varchar(9) CHECK (isi IN ('aktif', 'cuti')));
CREATE INDEX sebagian ON status (isi) WHERE isi NOT IN ('cuti', 'lulus');
SELECT lo_put(lo_create(0), 100000, '\\xff');
SELECT lo_from_bytea(0, decode(repeat('00', 5000), 'hex'));
CREATE TABLE piket (saat timestamptz, hari date, CHECK (saat::date = hari));
INSERT INTO piket VALUES ('2026-01-02 03:00+07', '2026-01-02');
SELECT format('CREATE TABLE banyak_%s (id int PRIMARY KEY)', i) FROM generate_series(1, 2500) AS i \\gexec
"""
"""A check that holds by the server's time zone alone; more tables with indexes than one transaction has locks for."""


def test_a_database_in_no_encoding_holds_any_bytes_and_comes_back(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    quoted = ODD.replace('"', '""')
    as_bytes = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    office.postgresql.sql(f'CREATE DATABASE "{quoted}" {as_bytes}', "postgres")
    office.postgresql.sql(
        """CREATE TABLE t (i text); INSERT INTO t VALUES (E'caf\\351');
        SELECT format('CREATE TABLE %I ()', convert_from('\\x66fc', 'SQL_ASCII')) \\gexec""",
        ODD,
    )
    assets = {HOST: [alone(office, database=ODD)]}
    backup = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    assert backup.rc == 0, backup.output
    wish = {"database": target}
    restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets)
    assert restore.rc == 0, restore.output
    assert office.postgresql.sql("SELECT i::bytea FROM t", target).strip() == "\\x636166e9"


def test_an_account_that_may_only_read_by_default_restores(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    office.postgresql.sql("ALTER ROLE cadangan SET default_transaction_read_only = on", "postgres")
    try:
        assets = {HOST: [{**alone(office), "source": office.postgresql.tcp_source}]}
        assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).rc == 0
        wish = {"database": target}
        restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets)
        assert restore.rc == 0, restore.output
    finally:
        office.postgresql.sql("ALTER ROLE cadangan RESET default_transaction_read_only", "postgres")


def test_an_owner_the_server_lacks_refuses_the_restore_unless_it_may_be_made(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    quoted = ODD.replace('"', '""')
    office.postgresql.sql('CREATE ROLE "Tukang Backup"', "postgres")
    office.postgresql.sql(f'CREATE DATABASE "{quoted}"', "postgres")
    office.postgresql.sql('CREATE TABLE t (i int); ALTER TABLE t OWNER TO "Tukang Backup"', ODD)
    assets = {HOST: [alone(office, database=ODD)]}
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).rc == 0
    office.postgresql.sql(f'DROP DATABASE "{quoted}"', "postgres")
    office.postgresql.sql('DROP ROLE "Tukang Backup"', "postgres")

    wish = {"database": target}
    refused = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets)
    assert refused.one(action="restore")["outcome"] == "refused"
    assert "Tukang Backup" in refused.one(action="restore")["message"]
    wish["create_roles"] = True
    assert run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets).rc == 0
    office.postgresql.sql(f'DROP DATABASE "{target.replace(chr(34), chr(34) * 2)}"', "postgres")


def test_a_restore_into_a_database_that_exists_fails_as_refused_and_leaves_it(
    office: Office, run_playbook: Playbooks
) -> None:
    assets = {HOST: [alone(office)]}
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).rc == 0
    before = office.postgresql.sql("SELECT count(*) FROM pg_class")
    into = {"database": office.postgresql.database}
    run = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=into, host_assets=assets)
    assert run.rc == 2
    assert run.one(action="restore")["outcome"] == "refused"
    assert office.postgresql.sql("SELECT count(*) FROM pg_class") == before


def test_verify_reads_the_point_back_from_every_store(office: Office, run_playbook: Playbooks) -> None:
    run_playbook("backup_assets", sopwrap_only=[ID])
    run = run_playbook("verify_points", sopwrap_only=[ID])
    assert run.rc == 0, run.output
    assert {record["store"] for record in run.records} == {"internal", "external"}
    assert all(record["verify"]["ok"] for record in run.records)


def test_check_mode_tries_everything_and_writes_nothing(
    office: Office, stores: Stores, run_playbook: Playbooks
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], options=["--check"])
    assert run.rc == 0, run.output
    assert [record["outcome"] for record in run.records] == ["planned", "planned"]
    assert stores.snapshots("internal") == stores.snapshots("external") == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"database": "tidak_ada"}, "does not exist"),
        ({"port": 1}, "does not answer"),
        ({"user": "bukan_siapa_siapa"}, "bukan_siapa_siapa"),
    ],
    ids=["wrong database", "server down", "wrong user"],
)
def test_a_database_that_cannot_be_read_fails_with_one_sentence_and_leaves_nothing(
    office: Office, stores: Stores, run_playbook: Playbooks, change: dict[str, Any], words: str
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [alone(office, **change)]})
    record = run.one(action="backup")
    assert run.rc == 2
    assert record["outcome"] == "failed" and words in record["message"] and record["hint"]
    assert not stores.snapshots("internal")


def test_a_wrong_password_is_said_and_not_shown(office: Office, stores: Stores, run_playbook: Playbooks) -> None:
    source = {**office.postgresql.tcp_source, "password": "bukan-rahasia-4711"}
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [alone(office, **source)]})
    record = run.one(action="backup")
    assert "password authentication failed" in record["message"]
    assert "bukan-rahasia-4711" not in run.output + json.dumps(run.records)
    assert not stores.snapshots("internal")


@pytest.mark.parametrize("victim", ["pg_dump", "restic", "module"])
def test_a_program_that_is_killed_leaves_no_point_and_the_next_run_works(
    office: Office, stores: Stores, run_playbook: Playbooks, tmp_path: Path, victim: str
) -> None:
    office.postgresql.create("besar", 10)
    try:
        assets = {HOST: [alone(office, database="besar")]}
        held = {"PATH": f"{_restic_that_stops(tmp_path)}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
        running = run_playbook.start("backup_assets", sopwrap_only=[ID], host_assets=assets, env=held)
        restic = _stopped_restic(stores)
        os.kill(_find(restic, victim), signal.SIGKILL)
        if victim == "pg_dump":
            os.kill(restic, signal.SIGCONT)
        assert running.finish().rc == 2
        assert not stores.snapshots("internal")
        again = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
        assert again.rc == 0, again.output
        assert len(stores.snapshots("internal")) == 2
    finally:
        office.postgresql.sql("DROP DATABASE besar", "postgres")


def _restic_that_stops(folder: Path) -> Path:
    """A folder with a restic that stops itself before it takes data, so that the dump stands still, too."""
    (folder / "programs").mkdir()
    script = folder / "programs" / "restic"
    stop = 'case "$*" in *role:data*) kill -STOP $$ ;; esac'
    script.write_text(f'#!/bin/sh\n{stop}\nexec {program("restic")} "$@"\n', encoding="ascii")
    script.chmod(0o755)
    return script.parent


def _stopped_restic(stores: Stores) -> int:
    """The process id of the restic that has stopped itself."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for pid, words in _processes().items():
            if str(stores.internal) in words and "--stdin" in words and _stat(pid)[0] == "T":
                return pid
        time.sleep(0.02)
    pytest.fail("restic never took data")


def _find(restic: int, victim: str) -> int:
    """The process id of a program of the backup that is standing still."""
    if victim == "restic":
        return restic
    module = int(_stat(restic)[1])
    if victim == "module":
        return module
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for pid, words in _processes().items():
            if "pg_dump" in words[0] and "--format=custom" in words and int(_stat(pid)[1]) == module:
                return pid
        time.sleep(0.02)
    pytest.fail(f"{victim} never ran")


def _stat(pid: int) -> list[str]:
    """State, parent and so on of a process; neither when it has gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["", "0"]
    return text.rpartition(")")[2].split()


def _processes() -> dict[int, list[str]]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
            except OSError:
                continue
            if words:
                found[int(entry.name)] = words
    return found
