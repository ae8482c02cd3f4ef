"""Copies are proven by their trees, sent once, and whole or not there."""

from __future__ import annotations

import shutil
from pathlib import Path

from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.transfer import copy_points

from tests.unit.collection.toy import Shelf, Toy, asset, make_job


def test_a_second_copy_of_the_same_point_sends_nothing(shelf: Shelf, tmp_path: Path) -> None:
    near, far = shelf.config(tmp_path, "internal"), shelf.config(tmp_path, "external", "external")
    job = make_job([asset("a", "internal")], near, far)
    back_up(job, Toy({"a": b"x"}))
    point = job.records[0]["point"]
    for fresh in (True, False):
        copy_points(
            job.store("internal"), job.store("external"), {point: job.trace("copy", job.assets[0], "external")}, fresh
        )
    assert [record["outcome"] for record in job.records] == ["ok", "ok", "unchanged"]
    assert len(shelf.snapshots(far)) == 2


def test_a_store_that_fails_gives_every_point_its_record(shelf: Shelf, tmp_path: Path) -> None:
    near, far = shelf.config(tmp_path, "internal"), shelf.config(tmp_path, "external", "external")
    job = make_job([asset("a", "internal"), asset("b", "internal")], near, far)
    back_up(job, Toy({"a": b"x", "b": b"y"}))
    shutil.rmtree(Path(far["repository"], "keys"))
    traces = {
        record["point"]: job.trace("copy", one, "external")
        for record, one in zip(list(job.records), job.assets, strict=True)
    }
    copy_points(job.store("internal"), job.store("external"), traces, fresh=True)
    copies = [record for record in job.records if record["action"] == "copy"]
    assert {record["asset"] for record in copies} == {"a", "b"}
    assert {record["outcome"] for record in copies} == {"failed"}
