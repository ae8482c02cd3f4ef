"""MariaDB: what was there at one moment comes back beside the living database, or one sentence says why not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.office import Office
from tests.office.runs import Playbooks, Stores

HOST = "srv-web"
ID = "website-db"
ODD = "Situs `é` 2026"


@pytest.fixture
def target(office: Office) -> Iterator[str]:
    """The name of a database that does not exist, before and after the test."""
    name = "Uji `Coba"
    yield name
    for database in (name, ODD):
        office.mariadb.sql(f"DROP DATABASE IF EXISTS `{database.replace('`', '``')}`")


def alone(office: Office, **source: Any) -> dict[str, Any]:
    """The asset in the internal store alone, its source changed."""
    asset = office.asset(ID)
    return {**asset, "stores": ["internal"], "source": {**asset["source"], **source}}


def test_a_database_that_was_damaged_comes_back_whole(office: Office, run_playbook: Playbooks, target: str) -> None:
    backup = run_playbook("backup_assets", sopwrap_only=[ID])
    assert backup.rc == 0, backup.output
    made = backup.one(action="backup")
    assert (made["outcome"], backup.one(action="copy")["outcome"]) == ("ok", "ok")
    try:
        assert office.damage("mariadb")
        restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target={"database": target})
        assert restore.rc == 0, restore.output
        record = restore.one(action="restore")
        assert record["outcome"] == "ok" and record["fingerprint"] == made["fingerprint"]
    finally:
        office.reseed("mariadb")


def test_a_second_backup_of_equal_content_changes_nothing(office: Office, run_playbook: Playbooks) -> None:
    assets = {HOST: [alone(office)]}
    office.mariadb.sql("CREATE SEQUENCE sopwrap_urut")
    try:
        first = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
        office.mariadb.sql("SELECT SETVAL(sopwrap_urut, 5000)")  # counts on in every snapshot, even a dump's
        second = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    finally:
        office.mariadb.sql("DROP SEQUENCE sopwrap_urut")
    assert (first.one(action="backup")["outcome"], second.one(action="backup")["outcome"]) == ("ok", "unchanged")


def test_a_database_with_odd_names_and_every_type_comes_back(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    office.mariadb.sql(f"CREATE DATABASE `{ODD.replace('`', '``')}` CHARACTER SET utf8mb4")
    office.mariadb.sql(_ODD_OBJECTS, ODD)
    assets = {HOST: [alone(office, database=ODD)]}
    backup = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    assert backup.rc == 0, backup.output
    assert run_playbook("verify_points", sopwrap_only=[ID], host_assets=assets).rc == 0
    wish = {"database": target}
    restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets)
    assert restore.rc == 0, restore.output
    found = office.mariadb.sql('SELECT HEX(`kolom ``satu`) FROM `aneh|"``tabel` LIMIT 1', target)
    assert found.strip() == "610D620063"
    office.mariadb.sql(f"DROP DATABASE `{ODD.replace('`', '``')}`")
    office.mariadb.sql("INSERT INTO surat (isi) VALUES (8)", target)
    assert office.mariadb.sql("SELECT COUNT(nomor) FROM surat", target).strip() == "2", "it counts by its own sequence"


_ODD_OBJECTS = r"""
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(100), b varchar(100) CHARACTER SET latin1,
  c varbinary(50), d bit(7), e enum('x','yé'), f float, g double, h decimal(20,5), i datetime(6), j timestamp NULL,
  k time, l json,
  m blob, n point, o set('p','q'), p text CHARACTER SET ucs2, q year, r int AS (id * 2) VIRTUAL);
INSERT INTO t (a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q) VALUES
  ('é''"\\\n','ü',X'00FF',b'101','yé',1.1,1e300,12.34567,'2020-01-01 00:00:00.123456','2020-01-01','-12:00:00',
   '{"a":1}',X'0001',ST_GeomFromText('POINT(1 2)'),'p,q','日本',2020),
  (NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE `aneh|"``tabel` (`kolom ``satu` text);
INSERT INTO `aneh|"``tabel` VALUES (X'610D620063');
CREATE TABLE lama (i int, s varchar(9)) ENGINE=MyISAM;
INSERT INTO lama VALUES (1, NULL), (1, NULL), (1, '');
CREATE VIEW lihat AS SELECT id, a FROM t WHERE id > 0;
CREATE SEQUENCE urut START WITH 100;
CREATE TABLE surat (nomor int DEFAULT NEXTVAL(urut), isi int);
INSERT INTO surat (isi) VALUES (7);
CREATE TABLE berversi (x int) WITH SYSTEM VERSIONING;
INSERT INTO berversi VALUES (1), (2);
DELETE FROM berversi WHERE x = 1;
CREATE PROCEDURE p() SELECT 'a;b';
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @x = 1;
CREATE DEFINER='sudah'@'pergi' VIEW yatim AS SELECT t.id FROM t;
SET sql_mode = 'ALLOW_INVALID_DATES';
CREATE TABLE hari (h datetime);
INSERT INTO hari VALUES ('2020-02-31 01:02:03'), ('0000-00-00'), ('2020-00-00');
"""


def test_the_fingerprint_is_of_the_dumps_moment_while_others_write(
    office: Office, run_playbook: Playbooks, target: str
) -> None:
    """A restore is compared with a fingerprint taken while rows came in; both must be of one moment."""
    office.mariadb.sql(f"CREATE DATABASE `{ODD.replace('`', '``')}`")
    office.mariadb.sql("CREATE TABLE masuk (i int AUTO_INCREMENT PRIMARY KEY, t text)", ODD)
    assets = {HOST: [alone(office, database=ODD)]}
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            office.mariadb.sql("INSERT INTO masuk (t) SELECT REPEAT('x', 500) FROM seq_1_to_200", ODD)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup = run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets)
    finally:
        done.set()
        writer.join()
    assert backup.rc == 0, backup.output
    wish = {"database": target}
    restore = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=wish, host_assets=assets)
    assert restore.rc == 0, restore.output


def test_a_restore_into_a_database_that_exists_fails_as_refused(office: Office, run_playbook: Playbooks) -> None:
    assets = {HOST: [alone(office)]}
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets=assets).rc == 0
    into = {"database": office.mariadb.database}
    run = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=into, host_assets=assets)
    assert run.rc == 2
    assert run.one(action="restore")["outcome"] == "refused"


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
        ({"database": "tidak_ada"}, "no database tidak_ada"),
        ({"socket": "/nonexistent.sock"}, "does not answer"),
        ({"database": "it's"}, "quotation mark"),
    ],
    ids=["wrong database", "server down", "a name mariadb-dump cannot dump"],
)
def test_a_database_that_cannot_be_read_fails_with_one_sentence_and_leaves_nothing(
    office: Office, stores: Stores, run_playbook: Playbooks, change: dict[str, Any], words: str
) -> None:
    if words == "quotation mark":
        office.mariadb.sql("CREATE DATABASE IF NOT EXISTS `it's`")
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [alone(office, **change)]})
    office.mariadb.sql("DROP DATABASE IF EXISTS `it's`")
    record = run.one(action="backup")
    assert run.rc == 2
    assert record["outcome"] == "failed" and words in record["message"] and record["hint"]
    assert not stores.snapshots("internal")


def test_a_wrong_password_is_said_and_not_shown(office: Office, stores: Stores, run_playbook: Playbooks) -> None:
    source = {**office.mariadb.tcp_source, "password": "bukan-rahasia-4711", "socket": None}
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [alone(office, **source)]})
    assert "Access denied" in run.one(action="backup")["message"]
    assert "bukan-rahasia-4711" not in run.output + json.dumps(run.records)
    assert not stores.snapshots("internal")


def test_without_the_right_to_lock_the_manifest_says_that_the_moments_are_near(
    office: Office, stores: Stores, run_playbook: Playbooks
) -> None:
    office.mariadb.sql("CREATE USER IF NOT EXISTS lemah@'%' IDENTIFIED BY 'lemah-4711'")
    office.mariadb.sql(f"GRANT ALL ON `{office.mariadb.database}`.* TO lemah@'%'")
    office.mariadb.sql("GRANT SELECT ON mysql.proc TO lemah@'%'")
    source = {**office.mariadb.source, "user": "lemah", "password": "lemah-4711"}
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [alone(office, **source)]})
    office.mariadb.sql("DROP USER lemah@'%'")
    assert run.rc == 0, run.output
    dumped = stores.restic("internal", "dump", "--tag", "role:manifest", "latest", "/manifest.json")
    manifest = json.loads(dumped.stdout)
    assert manifest["source"]["fingerprint_moment"] == "near"
