"""Databases that do not answer, do not let us in, are not there, or whose dump dies while it streams."""

from __future__ import annotations

import signal
import time
from functools import partial
from typing import Any

import pytest

from tests.faults.conftest import BIG, Databases, seal
from tests.faults.desk import ANSIBLES_OWN, HOST
from tests.office.process import free_port

DUMPS = {"postgresql": ("pg_dump", "--format=custom"), "mariadb": ("mariadb-dump", "--single-transaction")}
"""The program that dumps, and what tells it from the one that reads the schema for the fingerprint."""
WRONG_PASSWORD = "sandi-yang-salah-Qw8zR3"
WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "down": ({}, ("does not answer", "Start the server, or correct")),
    "password": ({"password": "{{ wrong_password }}"}, ("password", "Correct", "in the asset's source")),
    "database": ({"database": "tidak_ada"}, ("tidak_ada", "Correct", "in the asset's source")),
}


def test_databases_that_cannot_be_dumped_are_named_with_the_reason_and_do_not_stop_the_others(
    databases_of: Databases,
) -> None:
    mariadb = databases_of("mariadb").assets[HOST]
    desk = databases_of("postgresql")
    seal(desk, {"wrong_password": WRONG_PASSWORD})
    for one in [*desk.assets[HOST], *mariadb]:
        for name, (changed, _words) in WRONG.items():
            source = {**one["source"], **({"port": free_port()} if name == "down" else changed)}
            desk.assets[HOST].append({**one, "id": f"{one['kind']}-{name}", "source": source})
    desk.write()
    ended = desk.backup()
    ended.says(1, "uji-db: backup in internal ok", "6 of 7 assets are not done")
    for kind in DUMPS:
        for name, (_changed, words) in WRONG.items():
            (line,) = (one for one in ended.output.splitlines() if f"{kind}-{name}: backup in internal failed" in one)
            assert all(word in line for word in words), line
    assert list(desk.points()) == [desk.records(asset="uji-db")[0]["point"]]


@pytest.mark.parametrize("kind", DUMPS)
def test_a_dump_that_is_killed_half_way_leaves_nothing_and_the_next_one_is_whole(
    databases_of: Databases, kind: str
) -> None:
    desk = databases_of(kind, BIG)
    desk.stop_restic_at("role:data")
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.stopped()
    going.caught(*DUMPS[kind], "uji_besar").send(signal.SIGKILL)
    restic.release()
    going.finish().says(1, "could not be dumped: the program was ended by SIGKILL.", "Run again.")
    assert not desk.snapshots(), "a dump that died was stored"
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_restic_that_is_killed_half_way_is_told(databases_of: Databases) -> None:
    desk = databases_of("postgresql", BIG)
    desk.stop_restic_at("role:data")
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.stopped()
    going.caught(*DUMPS["postgresql"], "uji_besar")
    restic.send(signal.SIGKILL)
    going.finish().says(1, "restic could not store", "ended by SIGKILL", "run again")
    assert not desk.snapshots()
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_module_that_is_killed_takes_its_programs_along_and_is_no_success(databases_of: Databases) -> None:
    desk = databases_of("postgresql", BIG)
    desk.stop_restic_at("role:data")
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.stopped()
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
    desk = databases_of(kind, BIG, socket=True)
    desk.stop_restic_at("role:data")
    going = desk.start("run", "uji/backup", "--ci")
    restic = going.stopped()
    going.caught(*DUMPS[kind], BIG)
    _end_connections_of_dumps(kind, databases[kind])
    restic.release()
    going.finish().says(1, "uji-db: backup in internal failed", "the connection", "Look into the server's log")
    assert not desk.snapshots(), "a dump that broke off was stored"


STREAMS = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = 'uji_besar' "
    "AND state = 'active' AND query LIKE 'COPY%data%'",
    "mariadb": "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = 'uji_besar' "
    "AND INFO LIKE '%SQL_NO_CACHE%data%'",
}
"""The connections over which the table is being sent. They stand still: nobody takes the rest while restic is held."""
END = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


def _end_connections_of_dumps(kind: str, server: Any) -> None:
    ask = partial(server.sql, **({"database": "postgres"} if kind == "postgresql" else {}))
    until = time.monotonic() + 60
    while not (found := ask(STREAMS[kind]).split()):
        assert time.monotonic() < until, "the server does not send the table"
        time.sleep(0.05)
    for number in found:
        ask(END[kind].format(number))
