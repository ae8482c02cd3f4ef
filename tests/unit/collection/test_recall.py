"""Points are read back and restored, and a restore that is not what was backed up is called failed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import restore, verify

from tests.unit.collection.toy import Shelf, Toy, asset, make_job


@pytest.fixture
def stores(shelf: Shelf, tmp_path: Path) -> list[dict[str, Any]]:
    """Two stores that hold one point of the asset."""
    configs = [shelf.config(tmp_path, "internal"), shelf.config(tmp_path, "external", "external")]
    job = make_job([asset("a", "internal", "external")], *configs)
    back_up(job, Toy({"a": b"satu\ndua"}))
    assert [record["outcome"] for record in job.records] == ["ok", "ok"]
    return configs


def new_job(stores: list[dict[str, Any]], **more: Any) -> Job:
    return make_job([asset("a", "internal", "external")], *stores, **more)


def test_verify_reads_every_store_and_says_what_was_proven(stores: list[dict[str, Any]]) -> None:
    job = new_job(stores)
    verify(job, Toy({}))
    assert [(record["store"], record["outcome"]) for record in job.records] == [("internal", "ok"), ("external", "ok")]
    assert job.records[0]["verify"] == {"method": "read back", "ok": True, "detail": "it begins with sat"}


def test_verify_finds_a_store_whose_data_is_spoilt(stores: list[dict[str, Any]]) -> None:
    for pack in Path(stores[1]["repository"], "data").glob("*/*"):  # restic looks half a minute for one that is gone
        pack.chmod(0o600)
        pack.write_bytes(bytes(pack.stat().st_size))
    shutil.rmtree(stores[1]["cache"])
    job = new_job(stores)
    verify(job, Toy({}))
    assert [record["outcome"] for record in job.records] == ["ok", "failed"]


def test_a_restore_is_compared_with_the_fingerprint_of_the_backup(stores: list[dict[str, Any]]) -> None:
    job, toy = new_job(stores, target={"name": "uji"}), Toy({})
    restore(job, toy)
    (record,) = job.records
    assert (record["outcome"], record["verify"]["ok"]) == ("ok", True)
    assert toy.restored == {"uji": b"satu\ndua"}


def test_a_restore_that_differs_is_failed_and_says_in_what(
    stores: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, toy = new_job(stores, target={"name": "uji"}), Toy({})
    monkeypatch.setattr(toy, "content", lambda one, target: toy._content(b"satu"))
    restore(job, toy)
    (record,) = job.records
    assert (record["outcome"], record["verify"]["ok"]) == ("failed", False)
    assert "missing: line 1" in record["message"]


def test_a_restore_takes_the_next_store_when_the_first_is_lost(stores: list[dict[str, Any]]) -> None:
    shutil.rmtree(stores[0]["repository"])
    job = new_job(stores, target={"name": "uji"})
    restore(job, Toy({}))
    (record,) = job.records
    assert (record["outcome"], record["store"], record["placement"]) == ("ok", "external", "external")


def test_a_point_that_is_nowhere_is_refused(stores: list[dict[str, Any]]) -> None:
    job = new_job(stores, target={"name": "uji"}, point="a.20200101T000000Z.abcdef")
    restore(job, Toy({}))
    (record,) = job.records
    assert (record["outcome"], record["store"]) == ("refused", "internal")


def test_check_mode_restores_nothing(stores: list[dict[str, Any]]) -> None:
    job, toy = new_job(stores, target={"name": "uji"}, check=True), Toy({})
    restore(job, toy)
    assert job.records[0]["outcome"] == "planned" and not toy.restored
