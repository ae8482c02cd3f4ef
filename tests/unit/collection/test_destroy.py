"""Destroying points: what is asked for goes to the last byte, and what only the store knows is respected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import stores
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.destroy import destroy
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.unit.collection.toy import Shelf, Toy, asset, make_job

Store = dict[str, Any]


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Store:
    return shelf.config(tmp_path, "internal")


def made(store: Store, *assets: str, text: bytes = b"x", form: str = "stream") -> list[str]:
    """Back these assets up together; return the points' ids in the same order."""
    job = make_job([asset(one, "internal") for one in assets], store)
    back_up(job, Toy(dict.fromkeys(assets, text), form))
    return [record["point"] for record in job.records if record["action"] == "backup"]


def asked(store: Store, *points: str, **more: Any) -> list[dict[str, Any]]:
    """Ask for these points to be destroyed; return the records."""
    names = sorted({point.split(".")[0] for point in points})
    wanted = [{"point": one, "asset": one.split(".")[0], "store": "internal", "store_id": None} for one in points]
    job = make_job([asset(one, "internal") for one in names], store, **{"target": {"points": wanted}, **more})
    destroy(job)
    return job.records


def listed(store: Store, *names: str) -> set[str]:
    job = make_job([asset(one, "internal") for one in names or ("a",)], store)
    return {row["point"] for row in stores.list_points(job)}


def size(store: Store) -> int:
    return sum(path.stat().st_size for path in Path(store["repository"], "data").rglob("*") if path.is_file())


def test_a_point_goes_with_all_its_data_and_the_others_stay_whole(store: Store) -> None:
    [kept] = made(store, "a")
    before = size(store)
    [doomed] = made(store, "a", text=bytes(range(256)) * 4000)
    [newest] = made(store, "a", text=b"third")
    (record,) = asked(store, doomed)
    assert (record["action"], record["outcome"], record["point"]) == ("destroy", "ok", doomed)
    assert record["verify"]["ok"] and record["free_bytes"] and record["store"] == "internal"
    assert listed(store) == {kept, newest}
    assert size(store) < before + 5000, "its data is not left behind in a pack"
    stores.verify(job := make_job([asset("a", "internal")], store))
    assert job.records[0]["outcome"] == "ok"


def test_what_is_not_there_any_more_counts_as_destroyed_and_is_said(store: Store) -> None:
    first, second = made(store, "a"), made(store, "a")
    asked(store, *first)
    (record,) = asked(store, *first)
    assert record["outcome"] == "ok" and "any more" in record["message"]
    assert listed(store) == set(second)


def test_the_last_point_of_an_asset_is_never_destroyed(store: Store) -> None:
    points = [*made(store, "a"), *made(store, "a")]
    records = asked(store, *points)
    assert [record["outcome"] for record in records] == ["refused", "refused"]
    assert listed(store) == set(points)


def test_a_point_stored_together_with_one_that_stays_stays_and_both_go_together(store: Store) -> None:
    first, second = made(store, "a", "b", form="blob")
    made(store, "a", "b", form="blob")
    (record,) = asked(store, first)
    assert record["outcome"] == "unchanged" and second in record["message"]
    assert first in listed(store)
    assert [one["outcome"] for one in asked(store, first, second)] == ["ok", "ok"]
    assert not {first, second} & listed(store, "a", "b")


def test_another_repository_in_its_place_is_refused_and_left_alone(store: Store) -> None:
    points = [*made(store, "a"), *made(store, "a")]
    wanted = [{"point": points[0], "asset": "a", "store": "internal", "store_id": "another"}]
    (record,) = asked(store, points[0], target={"points": wanted})
    assert record["outcome"] == "refused" and "not the one" in record["message"]
    assert listed(store) == set(points)


@pytest.mark.parametrize(
    ("medium", "words"),
    [({"append_only": True}, "additions only"), ({"immutable_until": "9999-01-01"}, "until 9999-01-01")],
)
def test_a_store_that_takes_additions_only_is_left_to_its_keeper(store: Store, medium: Store, words: str) -> None:
    guarded = {**store, "medium": {"label": "HDD-01", "uuid": "u", "path": "/", **medium}}
    records = asked(guarded, "a.20260101T000000Z.aaaaaa", "a.20260102T000000Z.bbbbbb")
    assert [one["outcome"] for one in records] == ["refused", "refused"]
    assert all(words in one["message"] for one in records)


def test_check_mode_destroys_nothing(store: Store) -> None:
    points = [*made(store, "a"), *made(store, "a")]
    assert [one["outcome"] for one in asked(store, points[0], check=True)] == ["planned"]
    assert listed(store) == set(points)


def test_when_pruning_fails_no_point_is_said_to_be_destroyed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [*made(store, "a"), *made(store, "a"), *made(store, "a")]

    def full(self: Any) -> None:
        raise Problem("The store internal is full.")

    monkeypatch.setattr("ansible_collections.sopwrap.backup.plugins.module_utils.restic.Restic.prune", full)
    assert {one["outcome"] for one in asked(store, *points[:2])} == {"failed"}
    monkeypatch.undo()
    assert {one["outcome"] for one in asked(store, *points[:2])} == {"ok"}
    assert listed(store) == {points[2]}


def test_a_request_without_points_is_refused(store: Store) -> None:
    with pytest.raises(Problem, match="names no points"):
        destroy(Job(host="h", assets=[], stores={}))
