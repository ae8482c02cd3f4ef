"""SQLite databases: backed up while in use, and brought back row by row."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.runs import Playbooks, Stores

HOST = "srv-akademik"
ID = "perpustakaan-db"


@pytest.fixture
def asset(office: Office) -> Iterator[dict[str, Any]]:
    """The library's database, in the internal store alone; its first data is back afterwards."""
    yield {**office.asset(ID), "stores": ["internal"]}
    office.reseed("sqlite")


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_what_was_deleted_comes_back_and_a_second_backup_is_unchanged(
    office: Office, asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    loans = office.sqlite.sql("SELECT count(*) FROM peminjaman")
    kept = {"SOPWRAP_PACKED": str(tmp_path / "packed")}
    backup = run_playbook("backup_assets", env=kept, sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert backup.rc == 0, backup.output
    assert backup.one(action="backup")["outcome"] == "ok"
    telling = {**kept, "ANSIBLE_DEBUG": "1"}
    again = run_playbook("backup_assets", env=telling, sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert again.one(action="backup")["outcome"] == "unchanged"
    assert "changed=0" in again.output
    assert "using cached module" in again.output, "Ansible takes the module as the first run packed it"
    assert "Creating module" not in again.output

    office.damage("sqlite")
    target = tmp_path / "uji.db"
    restore = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [asset]}
    )
    assert restore.rc == 0, restore.output
    assert restore.one(action="restore")["verify"]["ok"]
    assert rows(target, "SELECT count(*) FROM peminjaman") == loans
    assert rows(target, "PRAGMA user_version") == [(7,)]
    assert {path.name for path in tmp_path.iterdir()} >= {"uji.db"}
    assert not list(tmp_path.glob("uji.db-*")), "the restore leaves no log beside the file"
    damaged = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert damaged.one(action="backup")["outcome"] == "ok", "a damaged database is a changed one"


def test_a_restore_onto_an_existing_file_is_refused_and_the_file_stays(
    office: Office, asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).rc == 0
    for name in ("ada.db", "hanya-log.db-wal"):
        (tmp_path / name).write_text("milik orang lain", encoding="utf-8")
        target = {"path": str(tmp_path / name.removesuffix("-wal"))}
        run = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=target, host_assets={HOST: [asset]})
        assert run.rc != 0
        assert run.one(action="restore")["outcome"] == "refused"
        assert (tmp_path / name).read_text(encoding="utf-8") == "milik orang lain"


def test_a_backup_while_the_application_writes_is_whole_and_stops_nobody(
    office: Office, asset: dict[str, Any], run_playbook: Playbooks
) -> None:
    over, written = threading.Event(), []

    def write() -> None:
        while not over.is_set():
            office.sqlite.sql("INSERT INTO peminjaman (buku_id, dipinjam) VALUES (1, '2024-01-01')")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    finally:
        over.set()
        writer.join()
    assert run.one(action="backup")["outcome"] == "ok", run.output
    assert len(written) > 100
    assert run_playbook("verify_points", sopwrap_only=[ID], host_assets={HOST: [asset]}).one(action="verify")["verify"][
        "ok"
    ]


def test_check_mode_plans_and_writes_nothing(
    office: Office, asset: dict[str, Any], stores: Stores, run_playbook: Playbooks
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}, options=["--check"])
    assert run.rc == 0, run.output
    assert run.one(action="backup")["outcome"] == "planned"
    assert stores.snapshots("internal") == []


def test_a_file_that_is_no_database_fails_in_one_sentence_and_leaves_no_point(
    asset: dict[str, Any], stores: Stores, run_playbook: Playbooks, tmp_path: Path
) -> None:
    path = tmp_path / "rusak.db"
    path.write_bytes(b"ini bukan basis data" * 500)
    broken = {**asset, "source": {"path": str(path)}}
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [broken]})
    record = run.one(action="backup")
    assert record["outcome"] == "failed"
    assert str(path) in record["message"]
    assert stores.snapshots("internal") == []
