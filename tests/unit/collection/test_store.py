"""What points a store holds, by its tags alone, and whether its medium is the right one."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import store
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Listing, sort_points
from ansible_collections.sopwrap.backup.plugins.module_utils.medium import check_medium
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Damaged, Missing
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

from tests.faults.forgetful import Forgetful
from tests.unit.collection.toy import PASSWORD, Shelf


def snapshot(number: int, role: str, *points: str, tags: tuple[str, ...] = (), paths: str = "/x") -> dict[str, Any]:
    words = ["sopwrap", f"role:{role}", *tags]
    for point in points:
        words += [f"point:{point}", f"host:h-{point[0]}"]
        words += [f"content:c-{point}"] if role == "manifest" else []
    return {
        "id": str(number),
        "time": f"2026-01-01T00:00:0{number}Z",
        "tags": words,
        "hostname": "srv",
        "paths": [paths],
    }


OLD, NEW, OTHER = "a.20260101T000000Z.aaaaaa", "a.20260102T000000Z.bbbbbb", "b.20260101T000000Z.cccccc"


def listed(*snapshots: dict[str, Any]) -> Store:
    store = Store("internal", {"placement": "internal", "repository": "/nowhere/x", "password": PASSWORD})
    store._listing = Listing(sort_points(list(snapshots)))
    return store


def test_points_are_grouped_by_their_tags_and_sorted_by_age() -> None:
    entries = sort_points(
        [
            snapshot(4, "manifest", NEW, tags=("kind:toy",)),
            snapshot(3, "data", NEW, tags=("part:text",)),
            snapshot(1, "data", OLD, tags=("part:text",)),
            snapshot(2, "manifest", OLD, tags=("kind:toy",)),
        ]
    )
    assert [entry.id for entry in entries] == [OLD, NEW]
    assert (entries[0].asset, entries[0].kind, entries[0].content, entries[0].host) == ("a", "toy", f"c-{OLD}", "h-a")
    assert [one["id"] for one in entries[1].snapshots] == ["3", "4"], "the manifest is last"
    assert entries[0].part("text") == entries[0].snapshots[0]
    assert entries[0].part("other") is None


def test_a_snapshot_of_several_points_belongs_to_each_with_its_own_content() -> None:
    entries = sort_points([snapshot(1, "data", OLD, OTHER, tags=("part:blobs",)), snapshot(2, "manifest", OLD, OTHER)])
    assert {entry.id: (entry.content, entry.host) for entry in entries} == {
        OLD: (f"c-{OLD}", "h-a"),
        OTHER: (f"c-{OTHER}", "h-b"),
    }
    assert entries[0].part("anything") == entries[1].part("else")


def test_a_point_without_a_manifest_does_not_exist_and_its_snapshots_are_what_a_dead_run_left() -> None:
    store = listed(snapshot(1, "data", OLD), snapshot(2, "manifest", OLD), snapshot(3, "data", NEW))
    newest = store.newest("a")
    assert newest is not None and newest.id == OLD
    assert store.unfinished("a") == ["3"]
    assert store.unfinished("a", but=NEW) == [], "the point that is being made is not swept"
    with pytest.raises(Problem, match="no recovery point"):
        store.find("a", NEW)


def test_what_a_finished_point_needs_is_never_swept() -> None:
    store = listed(snapshot(1, "data", OLD, OTHER), snapshot(2, "manifest", OTHER))
    assert store.unfinished("a") == []


def test_a_point_is_found_by_id_only_for_its_own_asset() -> None:
    store = listed(snapshot(1, "manifest", OLD), snapshot(2, "manifest", OTHER))
    assert store.find("a", "").id == store.find("a", OLD).id == OLD
    for asset, point in (("b", OLD), ("c", "")):
        with pytest.raises(Problem) as caught:
            store.find(asset, point)
        assert caught.value.refused


def test_a_store_below_a_folder_that_does_not_exist_is_refused_and_not_made(tmp_path: Path) -> None:
    place = tmp_path / "salah ketik" / "internal"
    store = Store("internal", {"placement": "internal", "repository": str(place), "password": PASSWORD})
    with pytest.raises(Problem, match="does not exist") as caught:
        store.ensure()
    assert caught.value.refused and not place.parent.exists()


@pytest.fixture
def medium(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / ".sopwrap-medium.json").write_text(json.dumps({"label": "HDD-01", "uuid": "u-1"}))
    return {"label": "HDD-01", "uuid": "u-1", "path": str(tmp_path), "mountpoint": False, "minimum_free": 1}


def test_the_right_medium_says_how_much_is_free(medium: dict[str, Any]) -> None:
    assert check_medium(medium, writing=True) > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "/nonexistent"}, "no such folder"),
        ({"mountpoint": True}, "nothing is mounted"),
        ({"label": "HDD-02"}, "is HDD-01, not HDD-02"),
        ({"uuid": "u-2"}, "with another uuid"),
        ({"minimum_free": 1 << 60}, "bytes free"),
    ],
)
def test_any_other_medium_is_refused(medium: dict[str, Any], change: dict[str, Any], words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        check_medium({**medium, **change}, writing=True)
    assert caught.value.refused and caught.value.hint


@pytest.mark.parametrize("text", [None, "no json", "[]", "{}"])
def test_a_medium_without_a_good_label_is_refused(medium: dict[str, Any], text: str | None) -> None:
    label = Path(medium["path"], ".sopwrap-medium.json")
    label.unlink()
    if text is not None:
        label.write_text(text)
    with pytest.raises(Problem) as caught:
        check_medium(medium, writing=True)
    assert caught.value.refused


def test_a_small_or_full_medium_can_still_be_read(medium: dict[str, Any]) -> None:
    assert check_medium({**medium, "minimum_free": 1 << 60}, writing=False) > 0


def test_a_repository_that_does_not_lie_on_its_medium_is_refused(medium: dict[str, Any], tmp_path: Path) -> None:
    config = {"placement": "external", "password": PASSWORD, "medium": medium}
    Store("external", {**config, "repository": str(tmp_path / "sopwrap")}).admit(writing=True)
    with pytest.raises(Problem, match="does not lie on its medium"):
        Store("external", {**config, "repository": f"{tmp_path}-lain/sopwrap"}).admit(writing=True)


def made(tmp_path: Path) -> tuple[Store, Path]:
    """A store whose repository was made by a first `ensure`."""
    folder = tmp_path / "store"
    again = {"placement": "internal", "repository": str(folder), "password": PASSWORD, "cache": str(tmp_path / "cache")}
    Store("internal", again).ensure()
    return Store("internal", again), folder


def test_what_an_interrupted_making_has_left_is_cleared_and_the_store_is_made(tmp_path: Path) -> None:
    store, folder = made(tmp_path)
    (folder / "config").unlink()
    store.ensure()
    assert store.entries() == []
    assert len(list((folder / "keys").iterdir())) == 1, "the key of the first attempt opens nothing"


@pytest.mark.parametrize("place", ["data/00", "snapshots", "index", "."])
def test_a_repository_that_holds_anything_is_never_made_anew(tmp_path: Path, place: str) -> None:
    store, folder = made(tmp_path)
    (folder / "config").unlink()
    (folder / place / "something").write_bytes(b"kept")
    with pytest.raises(Problem, match="is damaged, or is none"):
        store.ensure()
    assert (folder / place / "something").read_bytes() == b"kept"


def test_a_clock_behind_the_stores_own_files_makes_it_ask_for_the_newest_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Store("x", {"placement": "internal", "repository": str(tmp_path), "password": "p"})
    asked: list[str] = []
    point = sort_points([{"id": "1", "tags": ["point:a.20260110T000000Z.abc123"], "hostname": "h", "time": ""}])
    monkeypatch.setattr(one, "_read", lambda: asked.append("asked") or point)
    assert one.latest("a") == "", "there is no repository yet"
    (tmp_path / "snapshots").mkdir()
    assert (one.latest("a"), asked) == ("", []), "the clock is right: nothing is asked"
    os.utime(tmp_path / "snapshots", (4_000_000_000, 4_000_000_000))
    assert (one.latest("a"), one.latest("b")) == ("20260110T000000Z", "")


@pytest.mark.parametrize("once", [True, False], ids=["takes the first", "takes the last"])
def test_two_hosts_that_begin_a_store_on_a_server_at_once_agree_on_one_or_are_told(
    once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SETTLE", 2.0)
    with Forgetful() as server, ThreadPoolExecutor(2) as pool:
        server.forgets, server.once, server.together = False, once, threading.Barrier(2)
        known = {"placement": "external", "repository": server.repository, "password": PASSWORD}
        hosts = [Store("far", {**known, "cache": str(tmp_path / name)}) for name in ("satu", "dua")]
        ended = [one.exception() for one in [pool.submit(host.ensure) for host in hosts]]
        if any(ended):
            assert all(isinstance(one, Problem) and "at the same moment" in one.message for one in ended), ended
            assert not [name for name in server.files if name.startswith(("/data/", "/snapshots/"))]
            return
        assert len([name for name in server.files if name.startswith("/keys/")]) == 1
        assert {host.restic.identity([]) for host in hosts} == {hosts[0].restic.identity([])}


def test_a_beginning_that_nobody_can_open_is_told_and_nothing_else_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Store("far", {"placement": "external", "repository": "rest:http://127.0.0.1:9/", "password": PASSWORD})
    monkeypatch.setattr(store, "SETTLE", 0.0)
    monkeypatch.setattr(one.restic, "init", lambda: None)
    answers = iter([Missing("none"), Damaged("it does not fit")])

    def entries() -> list[Any]:
        raise next(answers)

    monkeypatch.setattr(one, "entries", entries)
    with pytest.raises(Problem, match="begun by two hosts at the same moment") as told:
        one.ensure()
    assert told.value.refused


def test_two_that_begin_at_once_make_one_store_that_opens(shelf: Shelf, tmp_path: Path) -> None:
    configs = [shelf.config(tmp_path, "internal", empty=False) for _ in range(2)]
    threads = [threading.Thread(target=Store("internal", config).ensure) for config in configs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((tmp_path / "internal" / "keys").iterdir())) == 1
    assert shelf.snapshots(configs[0]) == []
