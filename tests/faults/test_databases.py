"""Databases that do not answer, do not let us in, are not there, or whose dump dies while it streams."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from tests.faults.conftest import BIG, Databases
from tests.faults.desk import ANSIBLES_OWN
from tests.office.process import free_port

DUMPS = {"postgresql": "pg_dump", "mariadb": "mariadb-dump"}
WRONG_PASSWORD = "sandi-yang-salah-Qw8zR3"
WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "server is down": ({}, ("does not answer", "Start the server, or correct")),
    "password is wrong": ({"password": WRONG_PASSWORD}, ("password", "Correct", "in the asset's source")),
    "database does not exist": ({"database": "tidak_ada"}, ("tidak_ada", "Correct", "in the asset's source")),
}


@pytest.mark.parametrize("kind", DUMPS)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_database_that_cannot_be_dumped_is_named_with_the_reason(
    databases_of: Databases, kind: str, wrong: str
) -> None:
    changed, words = WRONG[wrong]
    desk = databases_of(kind, **(changed or {"port": free_port()}))
    desk.secrets.append(WRONG_PASSWORD)
    (desk.folder / "inventory" / "host_vars" / "srv-uji.yml").chmod(0o600)
    ended = desk.backup()
    if "password" in changed:
        desk.secrets.remove(WRONG_PASSWORD)
        assert WRONG_PASSWORD not in ended.output
    ended.says(1, "uji-db: backup in internal failed", *words)
    assert not desk.snapshots()
    databases_of(kind)
    if kind == "postgresql":
        desk.backup().says(0)
        assert desk.whole_points() == 1


@pytest.mark.parametrize("kind", DUMPS)
def test_a_dump_that_is_killed_half_way_leaves_nothing_and_the_next_one_is_whole(
    databases_of: Databases, kind: str
) -> None:
    desk = databases_of(kind, BIG)
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.caught("restic", "backup", "--stdin")
    restic.send(signal.SIGSTOP)
    going.caught(DUMPS[kind], "uji_besar").send(signal.SIGKILL)
    restic.send(signal.SIGCONT)
    going.finish().says(1, "could not be dumped: the program was ended by SIGKILL.", "Run again.")
    assert not desk.snapshots(), "a dump that died was stored"
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_restic_that_is_killed_half_way_is_told(databases_of: Databases) -> None:
    desk = databases_of("postgresql", BIG)
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.caught("restic", "backup", "--stdin")
    restic.send(signal.SIGSTOP)
    going.caught("pg_dump", "uji_besar")
    restic.send(signal.SIGKILL)
    going.finish().says(1, "restic could not store", "ended by SIGKILL", "run again")
    assert not desk.snapshots()
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_module_that_is_killed_takes_its_programs_along_and_is_no_success(databases_of: Databases) -> None:
    desk = databases_of("postgresql", BIG)
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.caught("restic", "backup", "--stdin")
    restic.send(signal.SIGSTOP)
    restic.parent().send(signal.SIGKILL)
    desk.litter = ANSIBLES_OWN
    going.finish().says(1, "No evidence of the backup of uji-db came back from srv-uji")
    assert not desk.snapshots()
    desk.sopwrap("case", "decide", "retry", "--as", "andi", "--reason", "proses terbunuh").says(0, "goes on")
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert desk.whole_points() == 1


@pytest.mark.parametrize("kind", DUMPS)
def test_a_server_that_ends_the_connection_half_way_is_told_and_leaves_nothing(
    databases_of: Databases, databases: dict[str, Any], kind: str
) -> None:
    desk = databases_of(kind, BIG)
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.caught("restic", "backup", "--stdin")
    restic.send(signal.SIGSTOP)
    going.caught(DUMPS[kind], BIG)
    _end_connections_of_dumps(kind, databases[kind])
    restic.send(signal.SIGCONT)
    going.finish().says(1, "uji-db: backup in internal failed", "the connection", "Look into the server's log")
    assert not desk.snapshots(), "a dump that broke off was stored"


def _end_connections_of_dumps(kind: str, server: Any) -> None:
    if kind == "postgresql":
        where = "application_name = 'pg_dump' AND datname = 'uji_besar'"
        wait_for = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {where} AND query LIKE 'COPY%isian%'"
        while not server.sql(wait_for, "postgres").strip():
            time.sleep(0.05)
        return
    streams = (
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = 'uji_besar' AND INFO LIKE '%SQL_NO_CACHE%isian%'"
    )
    while not (found := server.sql(streams).split()):
        time.sleep(0.05)
    for number in found:
        server.sql(f"KILL {number}")
