"""An application that is written to all the time: files and two databases are of one moment, and come back together."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import Client, session
from ansible_collections.sopwrap.backup.plugins.module_utils.permit_register import STATE

from tests.office import Office
from tests.office.runs import Playbook, Playbooks, Stores

HOST, ID, NAME = "srv-web", "aplikasi", "uji_aplikasi"


class App:
    """Every request writes a row into MariaDB, one into PostgreSQL, and a file, all of one number."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.files, self.flag = office, folder / "unggahan", folder / "unggahan/.maintenance"
        self.files.mkdir()
        self.mariadb = {**office.mariadb.source, "database": NAME}
        postgresql = {**office.postgresql.source, "database": NAME}
        parts = [
            {"name": "berkas", "files": {"paths": [str(self.files)]}},
            {"name": "isi", "mariadb": self.mariadb},
            {"name": "nilai", "postgresql": postgresql},
        ]
        source = {"quiesce": {"file": str(self.flag)}, "parts": parts}
        self.asset = {**office.asset("website-db"), "id": ID, "kind": "application", "stores": ["internal"]}
        self.asset |= {"source": source}
        for server, admin in ((office.mariadb, "mysql"), (office.postgresql, "postgres")):
            server.sql(f"CREATE DATABASE {NAME};", admin)
            server.sql("CREATE TABLE t (n INT);", NAME)
        self.request(1)

    def request(self, number: int) -> None:
        """Like a page of PHP: connected to its database from beginning to end, and turned away by the flag."""
        client = Client(self.mariadb)
        with session(client) as ask:
            ask(f"USE {NAME};")
            if not self.flag.exists():
                ask(f"INSERT INTO t VALUES ({number});")
                self.office.postgresql.sql(f"INSERT INTO t VALUES ({number})", NAME)
                (self.files / str(number)).write_text(str(number), encoding="ascii")
        client.close()

    def written(self, database: str = NAME, files: Path | None = None) -> list[set[str]]:
        """What each of the three holds."""
        servers = (self.office.mariadb, self.office.postgresql)
        rows = [set(server.sql("SELECT n FROM t", database).split()) for server in servers]
        return [{path.name for path in (files or self.files).iterdir()}, *rows]

    def drop(self) -> None:
        """Remove the databases, restored ones too."""
        for server, admin in ((self.office.mariadb, "mysql"), (self.office.postgresql, "postgres")):
            for name in (NAME, f"{NAME}_pulih"):
                server.sql(f"DROP DATABASE IF EXISTS {name};", admin)


class Visitors:
    """Somebody who writes while the block lasts, thirty times a second at most: each file is one more to back up."""

    def __init__(self, app: App) -> None:
        self.app, self.count, self._over = app, 1, threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        while not self._over.wait(0.03):
            self.count += 1
            self.app.request(self.count)

    def __enter__(self) -> Visitors:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def app(office: Office, tmp_path: Path) -> Iterator[App]:
    app = App(office, tmp_path)
    yield app
    app.drop()


def test_what_is_written_to_all_the_time_is_taken_at_one_moment_and_comes_back_together(
    app: App, run_playbook: Playbooks, tmp_path: Path
) -> None:
    register = {HOST: [app.asset]}
    with Visitors(app) as visitors:
        backup = run_playbook("backup_assets", host_assets=register, options=["-vvv"], sopwrap_only=[ID])
        went_on = visitors.count
        while visitors.count < went_on + 2:
            time.sleep(0.1)
    assert backup.one(action="backup")["outcome"] == "ok", backup.output
    assert "It was kept from writing for" in backup.one(action="backup")["message"]
    assert app.mariadb["password"] not in backup.output
    assert not app.flag.exists() and run_playbook("verify_points", host_assets=register, sopwrap_only=[ID]).rc == 0

    target = {"path": str(tmp_path / "pulih")}
    restore = run_playbook("restore_point", host_assets=register, sopwrap_only=[ID], sopwrap_target=target)
    assert restore.one(action="restore")["verify"]["ok"], restore.output
    files, isi, nilai = app.written(f"{NAME}_pulih", tmp_path / "pulih/berkas")
    assert files == isi == nilai and "1" in files
    assert len(app.written()[0]) > len(files), "others wrote on while its databases were being read"

    again = run_playbook("restore_point", host_assets=register, sopwrap_only=[ID], sopwrap_target=target)
    assert again.one(action="restore")["outcome"] == "refused"


def test_a_second_backup_of_a_resting_application_changes_nothing_and_check_mode_plans(
    app: App, run_playbook: Playbooks, stores: Stores
) -> None:
    given: dict[str, Any] = {"host_assets": {HOST: [app.asset]}, "sopwrap_only": [ID]}
    plan = run_playbook("backup_assets", options=["--check"], **given)
    assert plan.one(action="backup")["outcome"] == "planned" and stores.snapshots("internal") == [], plan.output
    assert run_playbook("backup_assets", **given).one(action="backup")["outcome"] == "ok"
    again = run_playbook("backup_assets", **given)
    assert again.one(action="backup")["outcome"] == "unchanged" and "changed=0" in again.output


def test_a_backup_that_is_killed_lets_the_application_go_on(app: App, run_playbook: Playbooks, stores: Stores) -> None:
    given: dict[str, Any] = {"host_assets": {HOST: [app.asset]}, "sopwrap_only": [ID]}
    run = run_playbook.start("backup_assets", **given)
    _wait_for(app.flag.exists, run)
    os.kill(_holder(), signal.SIGKILL)
    assert run.finish().rc != 0
    _wait_for(lambda: not app.flag.exists())
    assert not [one for one in stores.snapshots("internal") if "role:manifest" in one["tags"]]
    assert run_playbook("backup_assets", **given).one(action="backup")["outcome"] == "ok"


def _holder() -> int:
    """The backup is the only process that has this file open."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) == f"{STATE}/restores/{ID}.lock":
                return int(link.parts[2])
        except OSError:
            continue
    raise AssertionError("no backup is at work")


def _wait_for(state: Any, run: Playbook | None = None, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not state():
        assert time.monotonic() < end, run.finish().output if run else "it never came"
        time.sleep(0.02)
