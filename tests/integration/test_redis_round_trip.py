"""Redis: what was lost comes back as a file a second server reads, or one sentence says why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.redis import Redis
from tests.office.runs import Playbooks, Stores

HOST, ID = "srv-web", "antrian"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path / "r") as server:
        server.fill()
        yield server


@pytest.fixture
def given(office: Office, server: Redis) -> dict[str, Any]:
    """What every run is given: the server as the only asset."""
    asset = {**office.asset("website-db"), "id": ID, "kind": "redis", "stores": ["internal"], "source": server.source}
    return {"host_assets": {HOST: [asset]}, "sopwrap_only": [ID]}


def test_what_was_lost_comes_back_and_a_second_backup_is_unchanged(
    given: dict[str, Any], server: Redis, run_playbook: Playbooks, tmp_path: Path
) -> None:
    server("DEL", "sesi")
    backup = run_playbook("backup_assets", options=["-vvv"], **given)
    made = backup.one(action="backup")
    assert (made["outcome"], made["items"]) == ("ok", 8), backup.output
    assert server.password not in backup.output
    again = run_playbook("backup_assets", **given)
    assert again.one(action="backup")["outcome"] == "unchanged" and "changed=0" in again.output
    server("FLUSHALL")
    assert "read 8 keys" in run_playbook("verify_points", **given).one(action="verify")["verify"]["detail"]

    target = tmp_path / "uji.rdb"
    restore = run_playbook("restore_point", sopwrap_target={"path": str(target)}, **given)
    record = restore.one(action="restore")
    assert record["verify"]["ok"] and record["fingerprint"] == made["fingerprint"], restore.output
    assert run_playbook("restore_point", sopwrap_target={"path": str(target)}, **given).one(action="restore")[
        "outcome"
    ] == ("refused")


def test_check_mode_plans_and_a_server_that_dies_leaves_nothing(
    given: dict[str, Any], server: Redis, run_playbook: Playbooks, stores: Stores
) -> None:
    plan = run_playbook("backup_assets", options=["--check"], **given)
    assert plan.one(action="backup")["outcome"] == "planned", plan.output
    server.__exit__()
    dead = run_playbook("backup_assets", **given)
    record = dead.one(action="backup")
    assert record["outcome"] == "failed" and "does not answer" in record["message"]
    assert stores.snapshots("internal") == []
