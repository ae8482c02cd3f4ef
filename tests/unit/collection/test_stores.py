"""Whole stores: copied, read back, filled anew, listed, and their media looked at."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import stores
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.unit.collection.toy import Shelf, Toy, asset, make_job


@pytest.fixture
def configs(shelf: Shelf, tmp_path: Path) -> list[dict[str, Any]]:
    """An internal store with a point of the asset `a`, and an empty external one on a medium."""
    near, far = shelf.config(tmp_path, "internal"), shelf.config(tmp_path, "hdd/sopwrap", "external")
    (tmp_path / "hdd" / ".sopwrap-medium.json").write_text(json.dumps({"label": "HDD-01", "uuid": "u"}))
    medium = {"label": "HDD-01", "uuid": "u", "path": str(tmp_path / "hdd"), "mountpoint": False}
    back_up(make_job([asset("a", "internal")], near), Toy({"a": b"x"}))
    return [near, {**far, "id": "external", "medium": medium}]


def new_job(configs: list[dict[str, Any]], **more: Any) -> Job:
    return make_job([asset("a", "internal", "external")], *configs, **more)


def test_points_are_copied_listed_read_back_and_brought_back_into_a_lost_store(
    configs: list[dict[str, Any]], shelf: Shelf, tmp_path: Path
) -> None:
    stores.copy(job := new_job(configs))
    assert [(record["action"], record["outcome"]) for record in job.records] == [("copy", "ok")]
    rows = stores.list_points(new_job(configs))
    assert [row["store"] for row in rows] == ["internal", "external"] or {row["store"] for row in rows} == {
        "internal",
        "external",
    }
    assert len({row["point"] for row in rows}) == 1 and rows[0]["created_at"].endswith("Z")

    stores.verify(job := new_job(configs))
    assert [record["outcome"] for record in job.records] == ["ok", "ok"] and job.records[0]["items"] == 1

    stores.restore(job := new_job(configs, target={"store": "internal", "from": "external"}))
    assert job.records[0]["outcome"] == "refused", "it is not lost"
    shutil.rmtree(configs[0]["repository"])
    shelf.config(tmp_path, "internal")
    stores.restore(job := new_job(configs, target={"store": "internal", "from": "external"}))
    assert job.records[0]["outcome"] == "ok"
    assert len(shelf.snapshots(configs[0])) == 2


def test_a_medium_that_is_there_has_one_good_record_and_a_store_without_one_has_none(
    configs: list[dict[str, Any]],
) -> None:
    stores.check_media(job := new_job(configs))
    (record,) = job.records
    assert (record["action"], record["outcome"], record["medium"]) == ("check_media", "ok", "HDD-01")
    assert record["asset"] is None and record["kind"] is None and record["point"] is None
    assert record["free_bytes"] > 0


def test_a_medium_that_is_another_one_is_refused(configs: list[dict[str, Any]]) -> None:
    configs[1]["medium"]["uuid"] = "other"
    for verb in (stores.check_media, stores.copy):
        verb(job := new_job(configs))
        assert [record["outcome"] for record in job.records] == ["refused"]


def test_a_damaged_store_is_found(configs: list[dict[str, Any]]) -> None:
    for pack in Path(configs[0]["repository"], "data").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(b"\0" * pack.stat().st_size)
    stores.verify(job := new_job(configs[:1] + configs[1:]))
    assert job.records[0]["outcome"] == "failed"


def test_check_mode_copies_nothing(configs: list[dict[str, Any]], shelf: Shelf) -> None:
    stores.copy(job := new_job(configs, check=True))
    assert [record["outcome"] for record in job.records] == ["planned"]
    assert not shelf.snapshots({**configs[1]})


def test_a_refill_needs_two_stores(configs: list[dict[str, Any]]) -> None:
    with pytest.raises(Problem, match="names no two stores"):
        stores.restore(new_job(configs, target={"store": "internal"}))
