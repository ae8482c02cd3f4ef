"""The life cycle of a backup, with a toy and the real restic."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import backup
from ansible_collections.sopwrap.backup.plugins.module_utils.application import Application
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Kind
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic
from ansible_collections.sopwrap.backup.plugins.module_utils.system import System

from tests.unit.collection.toy import Shelf, Toy, asset, make_job


def test_a_backup_is_a_data_and_a_manifest_snapshot_and_a_complete_record(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    job = make_job([asset("a", "internal")], config)
    back_up(job, Toy({"a": b"satu\ndua"}))
    (record,) = job.records
    assert (record["outcome"], record["size_bytes"], record["items"]) == ("ok", 8, 2)
    assert record["point"] and record["sha256"] and record["store_id"] and record["stored_bytes"] > 0
    assert record["tool"] == {"name": "toy", "version": "1"}
    assert record["retention_until"] > record["finished_at"]
    assert record["free_bytes"] > 0
    assert len(shelf.snapshots(config)) == 2


def test_equal_content_is_unchanged_and_still_a_new_point(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    outcomes = []
    for text in (b"satu", b"satu", b"dua"):
        job = make_job([asset("a", "internal")], config)
        back_up(job, Toy({"a": text}))
        outcomes.append(job.records[0]["outcome"])
    assert outcomes == ["ok", "unchanged", "ok"]
    assert len(shelf.snapshots(config)) == 6


@pytest.mark.parametrize("place", ["preflight", "stream", "content"])
def test_whatever_fails_nothing_is_left_and_the_other_assets_are_done(shelf: Shelf, tmp_path: Path, place: str) -> None:
    config = shelf.config(tmp_path, "internal")
    broken = Toy({"a": b"x", "b": b"y"})

    class OnlyOne(Toy):
        def preflight(self, one: dict[str, object]) -> dict[str, object]:
            self.fail_at = place if one["id"] == "a" else ""
            return super().preflight(one)

    job = make_job([asset("a", "internal"), asset("b", "internal")], config)
    back_up(job, OnlyOne(broken.texts))
    assert {record["asset"]: record["outcome"] for record in job.records} == {"a": "failed", "b": "ok"}
    assert len(shelf.snapshots(config)) == 2


def test_blobs_of_many_assets_are_one_snapshot_with_their_manifests_and_as_many_points(
    shelf: Shelf, tmp_path: Path
) -> None:
    config = shelf.config(tmp_path, "internal")
    texts = {f"rtr-{number}": f"hostname {number}".encode() for number in range(5)}
    job = make_job([asset(name, "internal", host=name) for name in texts], config)
    back_up(job, Toy(texts, "blob"))
    assert [record["outcome"] for record in job.records] == ["ok"] * 5
    assert len(shelf.snapshots(config)) == 1
    store = job.store("internal")
    store.look()
    for name in texts:
        entry = store.find(name, "")
        assert store.manifest(entry)["asset"] == name and entry.host == name
        with store.restic.dump(entry.part("text")["id"], f"/{name}/text") as stream:  # type: ignore[index]
            assert stream.read() == texts[name]


def test_what_is_kept_beside_the_stores_is_made_ready_while_the_points_are_being_committed(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, commit = threading.Event(), backup._commit

    def committing(*arguments: Any) -> Any:
        assert ready.wait(10)
        return commit(*arguments)

    monkeypatch.setattr(backup, "_commit", committing)
    kind = Toy({"a": b"satu", "b": b"dua"}, "blob")
    monkeypatch.setattr(kind, "make_ready", lambda assets: ready.set() if assets == ["a", "b"] else None)
    job = make_job([asset(name, "internal") for name in kind.texts], shelf.config(tmp_path, "internal"))
    back_up(job, kind)
    assert [one["outcome"] for one in job.records] == ["ok", "ok"]


def test_what_a_dead_run_left_is_forgotten_at_the_assets_next_backup(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    job = make_job([asset("a", "internal")], config)
    dead = ["sopwrap", "point:a.20200101T000000Z.abcdef", "asset:a", "role:data", "part:text"]
    job.store("internal").restic.store("/a/text", dead, "srv", contextlib.nullcontext(io.BytesIO(b"x")))
    other = ["sopwrap", "point:b.20200101T000000Z.abcdef", "asset:b", "role:data", "part:text"]
    job.store("internal").restic.store("/b/text", other, "srv", contextlib.nullcontext(io.BytesIO(b"x")))
    back_up(job, Toy({"a": b"x"}))
    assert len(shelf.snapshots(config)) == 3, "the point's two and the other asset's one"


def test_a_point_is_copied_to_the_further_stores_and_their_trouble_is_theirs_alone(
    shelf: Shelf, tmp_path: Path
) -> None:
    near, far = shelf.config(tmp_path, "internal"), shelf.config(tmp_path, "external", "external")
    gone = {"label": "HDD", "uuid": "u", "path": str(tmp_path / "hilang"), "mountpoint": False}
    away = {**far, "id": "away", "medium": gone}
    job = make_job([asset("a", "internal", "external", "away")], near, far, away)
    back_up(job, Toy({"a": b"x"}))
    told = {(record["action"], record["store"]): record for record in job.records}
    assert {key: record["outcome"] for key, record in told.items()} == {
        ("backup", "internal"): "ok",
        ("copy", "external"): "ok",
        ("copy", "away"): "refused",
    }
    assert told["copy", "external"]["point"] == told["backup", "internal"]["point"]
    assert told["copy", "external"]["verify"]["ok"]
    assert not (tmp_path / "hilang").exists()


def test_check_mode_tries_and_writes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    near = shelf.config(tmp_path, "internal", empty=False)
    far = shelf.config(tmp_path, "external", "external")
    job = make_job([asset("a", "internal", "external")], near, far, check=True)
    back_up(job, Toy({"a": b"x"}))
    assert [record["outcome"] for record in job.records] == ["planned", "planned"]
    assert not Path(near["repository"]).exists() and not shelf.snapshots(far)


def test_a_plan_tells_what_the_source_holds_and_what_room_there_is(shelf: Shelf, tmp_path: Path) -> None:
    job = make_job(
        [asset("a", "dekat", "jauh")], *(shelf.config(tmp_path, one) for one in ("dekat", "jauh")), check=True
    )
    back_up(job, Toy({"a": b"lima!"}))
    assert [(one["store"], one["size_bytes"]) for one in job.records] == [("dekat", 5), ("jauh", 5)]
    assert all(one["free_bytes"] > 0 for one in job.records)


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (Files(), {"paths": ["TOP"]}),
        (System(), {"etc": "TOP"}),
        (Application(), {"quiesce": {"file": "TOP/flag"}, "parts": [{"name": "berkas", "files": {"paths": ["TOP"]}}]}),
    ],
)
def test_a_plan_names_a_store_that_would_be_left_out(
    kind: Kind, source: dict[str, Any], shelf: Shelf, tmp_path: Path
) -> None:
    place = json.loads(json.dumps(source).replace("TOP", str(tmp_path)))
    job = make_job([asset("a", "toko", source=place)], shelf.config(tmp_path, "toko"), check=True)
    back_up(job, kind)
    (record,) = job.records
    assert record["outcome"] == "planned", record
    assert record["message"].endswith(f" The store toko at {tmp_path / 'toko'} would be left out.")


def test_a_medium_too_small_for_a_first_point_is_refused_before_a_byte_is_written(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = {"label": "HDD-01", "uuid": "u", "path": str(tmp_path), "mountpoint": False}
    (tmp_path / ".sopwrap-medium.json").write_text(json.dumps(medium))
    near, far = (shelf.config(tmp_path, one, empty=False) for one in ("dekat", "jauh"))
    told = make_job([asset("a", "dekat", "jauh")], near, {**far, "medium": medium})
    monkeypatch.setattr(told.store("jauh").restic, "free_bytes", lambda: 10)
    back_up(told, Toy({"a": b"x" * 1000}))
    assert [(one["action"], one["outcome"]) for one in told.records] == [("backup", "ok"), ("copy", "refused")]
    assert "The medium HDD-01 has 10 B free" in told.records[1]["message"]
    assert not (tmp_path / "jauh").exists()
    first = make_job([asset("a", "jauh")], {**far, "medium": medium})
    monkeypatch.setattr(first.store("jauh").restic, "free_bytes", lambda: 10)
    back_up(first, Toy({"a": b"x" * 1000}))
    assert first.records[0]["message"].endswith("1.0 kB are to be stored: 990 B are missing.")
    assert not (tmp_path / "jauh").exists()


def test_a_first_backup_makes_the_repository(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "baru", empty=False)
    job = make_job([asset("a", "baru")], config)
    back_up(job, Toy({"a": b"x"}))
    assert job.records[0]["outcome"] == "ok"


def test_a_store_on_this_host_is_asked_only_for_what_others_have_put_there(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = shelf.config(tmp_path, "internal")
    asked = []
    listing = Restic.snapshots
    monkeypatch.setattr(Restic, "snapshots", lambda self, *tags: [asked.append(1), listing(self, *tags)][1])

    def outcome() -> tuple[str, int]:
        job = make_job([asset("a", "internal")], config)
        back_up(job, Toy({"a": b"x"}))
        return job.records[0]["outcome"], len(asked)

    assert [outcome(), outcome()] == [("ok", 0), ("unchanged", 0)]
    other = make_job([], config).store("internal").restic
    other.store("/b", ["sopwrap", "point:b.20200101T000000Z.abcdef"], "srv", contextlib.nullcontext(io.BytesIO(b"x")))
    assert [outcome(), outcome()] == [("unchanged", 1), ("unchanged", 1)]
