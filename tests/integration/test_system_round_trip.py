"""A server's /etc and what is installed on it: brought back into a folder for reading."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.runs import Playbooks, Stores

HOST = "srv-akademik"
ID = "srv-akademik-sistem"


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """A small copy of what makes an /etc: passwords, links, a folder of snippets."""
    folder = tmp_path / "sistem" / "etc"
    (folder / "cron.d").mkdir(parents=True)
    (folder / "passwd").write_text("root:x:0:0::/root:/bin/sh\n", encoding="utf-8")
    (folder / "shadow").write_text("root:$y$j9T$kunci-yang-rahasia:19000::::::\n", encoding="utf-8")
    (folder / "shadow").chmod(0o600)
    (folder / "cron.d" / "cadangan").write_text("0 1 * * * root true\n", encoding="utf-8")
    (folder / "mtab").symlink_to("/proc/self/mounts")
    return folder


@pytest.fixture
def asset(office: Office, etc: Path) -> dict[str, Any]:
    """The server's system with that folder as its /etc, in the internal store alone."""
    return {**office.asset(ID), "stores": ["internal"], "source": {"etc": str(etc)}}


def test_etc_and_the_list_come_back_for_reading_and_a_second_backup_is_unchanged(
    asset: dict[str, Any], etc: Path, run_playbook: Playbooks, tmp_path: Path
) -> None:
    first = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert first.one(action="backup")["outcome"] == "ok", first.output
    again = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert again.one(action="backup")["outcome"] == "unchanged"

    (etc / "cron.d" / "cadangan").unlink()
    (etc / "passwd").write_text("root::0:0::/root:/bin/sh\n", encoding="utf-8")
    target = tmp_path / "uji"
    restore = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [asset]}
    )
    assert restore.rc == 0, restore.output
    assert restore.one(action="restore")["verify"]["ok"]
    assert (target / "etc" / "cron.d" / "cadangan").exists()
    assert (target / "etc" / "mtab").readlink() == Path("/proc/self/mounts")
    assert (target / "etc" / "shadow").stat().st_mode & 0o777 == 0o600
    state = json.loads((target / "state.json").read_text(encoding="utf-8"))
    assert {"packages", "users", "groups", "units", "crontabs", "mounts", "system"} <= set(state)
    if shutil.which("dpkg-query"):
        assert any(package["name"] == "dpkg" for package in state["packages"])
    assert (
        run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).one(action="backup")["outcome"]
        == "ok"
    )


def test_no_password_hash_leaves_the_encrypted_store(
    asset: dict[str, Any], stores: Stores, run_playbook: Playbooks, tmp_path: Path
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}, options=["-vvv"])
    point = run.one(action="backup")["point"]
    assert "kunci-yang-rahasia" not in run.output
    assert "kunci-yang-rahasia" not in run.evidence_file.read_text(encoding="utf-8")
    of_data = next(
        item
        for item in stores.snapshots("internal")
        if "part:blobs" in item["tags"] and f"point:{point}" in item["tags"]
    )
    listed = stores.restic("internal", "ls", of_data["id"]).stdout.splitlines()
    state = next(path for path in listed if path.endswith("state.json"))
    assert "kunci-yang-rahasia" not in stores.restic("internal", "dump", of_data["id"], state).stdout


def test_verify_reads_both_parts_back(asset: dict[str, Any], run_playbook: Playbooks) -> None:
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).rc == 0
    record = run_playbook("verify_points", sopwrap_only=[ID], host_assets={HOST: [asset]}).one(action="verify")
    assert record["outcome"] == "ok"
    assert "packages" in record["verify"]["detail"]
    assert "all their bytes" in record["verify"]["detail"]


def test_a_restore_into_a_folder_with_something_in_it_is_refused(
    asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).rc == 0
    (tmp_path / "penuh").mkdir()
    (tmp_path / "penuh" / "milik.txt").touch()
    target = {"path": str(tmp_path / "penuh")}
    run = run_playbook("restore_point", sopwrap_only=[ID], sopwrap_target=target, host_assets={HOST: [asset]})
    assert run.one(action="restore")["outcome"] == "refused"
    assert [path.name for path in (tmp_path / "penuh").iterdir()] == ["milik.txt"]


def test_check_mode_plans_and_writes_nothing(asset: dict[str, Any], stores: Stores, run_playbook: Playbooks) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}, options=["--check"])
    assert run.rc == 0, run.output
    assert run.one(action="backup")["outcome"] == "planned"
    assert stores.snapshots("internal") == []
