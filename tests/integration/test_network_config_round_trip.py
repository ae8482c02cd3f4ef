"""Configurations of network devices: asked for over SSH, refused when they are none, each with its own evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.process import free_port
from tests.office.runs import Playbooks, Stores

HOST = "rtr-kampus"
ID = "rtr-kampus-konfigurasi"


@pytest.fixture
def asset(office: Office) -> Iterator[dict[str, Any]]:
    """The router's configuration, in the internal store alone; the router has its first one again afterwards."""
    if office.router is None:
        pytest.skip("this machine allows no network namespace, so there is no router")
    yield {**office.asset(ID), "stores": ["internal"]}
    office.reseed("network_config")


def other(asset: dict[str, Any], name: str, **source: Any) -> dict[str, Any]:
    return {**asset, "id": name, "source": {**asset["source"], **source}}


def test_the_stored_text_is_the_one_that_goes_back_and_a_second_backup_is_unchanged(
    office: Office, asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    shown = office.router.configuration()
    first = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert first.one(action="backup")["outcome"] == "ok", first.output
    assert first.one(action="backup")["host"] == HOST
    again = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert again.one(action="backup")["outcome"] == "unchanged"

    office.damage("network_config")
    target = tmp_path / "rtr.txt"
    restore = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [asset]}
    )
    assert restore.rc == 0, restore.output
    proof = restore.one(action="restore")["verify"]
    assert proof["ok"] and "loaded into the software of frr" in proof["detail"]
    text = target.read_text(encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o600
    assert text.startswith("frr version")
    assert text.endswith("\nend\n")
    assert text in shown.rstrip() + "\n"
    changed = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]})
    assert changed.one(action="backup")["outcome"] == "ok", "a changed configuration is a changed one"


def test_a_restore_onto_an_existing_file_is_refused_and_the_file_stays(
    asset: dict[str, Any], run_playbook: Playbooks, tmp_path: Path
) -> None:
    assert run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}).rc == 0
    target = tmp_path / "ada.txt"
    target.write_text("milik orang lain", encoding="utf-8")
    run = run_playbook(
        "restore_point", sopwrap_only=[ID], sopwrap_target={"path": str(target)}, host_assets={HOST: [asset]}
    )
    assert run.one(action="restore")["outcome"] == "refused"
    assert target.read_text(encoding="utf-8") == "milik orang lain"


def test_check_mode_asks_the_device_and_writes_nothing(
    office: Office, asset: dict[str, Any], stores: Stores, run_playbook: Playbooks
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [asset]}, options=["--check"])
    assert run.rc == 0, run.output
    assert run.one(action="backup")["outcome"] == "planned"
    assert run.one(action="backup")["size_bytes"] > 1000
    assert stores.snapshots("internal") == []


def test_one_process_asks_all_devices_and_each_host_gets_its_own_result(
    asset: dict[str, Any], stores: Stores, run_playbook: Playbooks
) -> None:
    devices = {
        HOST: [asset],
        "srv-web": [other(asset, "rtr-mati", port=free_port())],
        "srv-akademik": [other(asset, "rtr-dua"), other(asset, "rtr-tiga")],
    }
    run = run_playbook("backup_assets", host_assets=devices)
    assert run.rc != 0
    assert [run.one(asset=name)["outcome"] for name in (ID, "rtr-dua", "rtr-tiga")] == ["ok"] * 3
    assert [run.one(asset=name)["host"] for name in (ID, "rtr-dua", "rtr-mati")] == [HOST, "srv-akademik", "srv-web"]
    assert run.one(asset="rtr-mati")["outcome"] == "failed"
    recap = {line.split()[0]: line for line in run.output.splitlines() if " ok=" in line}
    assert "failed=1" in recap.pop("srv-web")
    assert all("failed=0" in line for line in recap.values()), "hosts that are done need no task of their own"
    data = [item for item in stores.snapshots("internal") if "part:blobs" in item["tags"]]
    assert len(data) == 1, "all configurations are stored by one call"


def test_limit_and_only_hold_for_devices(asset: dict[str, Any], run_playbook: Playbooks) -> None:
    devices = {HOST: [asset, other(asset, "rtr-lain")], "srv-web": [other(asset, "rtr-dua")]}
    limited = run_playbook("backup_assets", host_assets=devices, options=["--limit", HOST])
    assert {record["asset"] for record in limited.records} == {ID, "rtr-lain"}
    only = run_playbook("backup_assets", host_assets=devices, sopwrap_only=["rtr-dua"])
    assert {record["asset"] for record in only.records} == {"rtr-dua"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"known_hosts": "/dev/null"}, "was not trusted"),
        ({"hostname": "rtr-lain"}, "instead of rtr-lain"),
        ({"user": "tidak-ada"}, "does not let the user tidak-ada in"),
        ({"platform": "kertas"}, "The platform kertas is not known"),
    ],
)
def test_what_is_no_backup_is_refused_in_one_sentence_and_leaves_nothing(
    asset: dict[str, Any], stores: Stores, run_playbook: Playbooks, source: dict[str, str], words: str
) -> None:
    run = run_playbook("backup_assets", sopwrap_only=[ID], host_assets={HOST: [other(asset, ID, **source)]})
    record = run.one(action="backup")
    assert record["outcome"] in ("failed", "refused")
    assert words in record["message"]
    assert record["hint"]
    assert stores.snapshots("internal") == []


def test_an_office_describes_a_platform_of_its_own_in_its_inventory(
    asset: dict[str, Any], run_playbook: Playbooks
) -> None:
    """The same device under another name of platform: data is all a platform needs."""
    platform = {"name": "rumahan", "commands": ["show running-config"], "begin": "^frr version", "end": "^end$"}
    own = other(asset, ID, platform="rumahan")
    run = run_playbook(
        "backup_assets", host_assets={HOST: [own]}, sopwrap_only=[ID], network_config_platforms=[platform]
    )
    assert run.one(action="backup")["outcome"] == "ok", run.output
