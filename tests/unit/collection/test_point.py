"""A manifest says all a store needs, and a part that is not what was stored is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Capture, Content, Problem, Stream, Tree
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Draft, Recovered, _Watched
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Stored

from tests.unit.collection.toy import PASSWORD, Shelf, Toy, asset, make_job

STORE = {"id": "internal", "placement": "internal", "repository": "/nowhere/x", "password": PASSWORD}


def draft() -> Draft:
    job = make_job([asset("a", "internal")], STORE)
    made = Draft(job.trace("backup", job.assets[0], "internal"))
    made.content = Content.of([{"name": "x", "count": 1, "digest": "1"}])
    made.capture = Capture([], lambda: Content("", 0), tools={"toy": "1"}, facts={"version": "9"}, extras={"e": 1})
    return made


def test_the_id_is_asset_time_and_chance() -> None:
    assert re.fullmatch(r"a\.\d{8}T\d{6}Z\.[0-9a-f]{6}", draft().id)
    assert draft().id != draft().id


def test_under_a_clock_set_back_the_id_comes_after_the_newest_and_the_clock_is_told() -> None:
    job = make_job([asset("a", "internal")], STORE)
    trace = job.trace("backup", job.assets[0], "internal")
    made = Draft(trace, after="20991231T235959Z")
    assert made.id.startswith("a.21000101T000000Z.")
    assert "is behind its newest point (20991231T235959Z)" in made.odd_clock
    assert made.created_at < "2099", "what the clock said stays in the manifest"
    assert Draft(trace, after="20200101T000000Z").odd_clock == ""


def test_a_manifest_names_parts_content_tools_and_case() -> None:
    made = draft()
    made.add(Stream("text", open), Stored("s1", 3, "abc", 5))
    made.add(Tree("files", ["/etc"], ["*.tmp"]), Stored("s2", 4, None, 6))
    manifest = made.manifest({"restic": "0.14.0"})
    assert manifest["schema"] == "sopwrap.manifest/1"
    assert manifest["parts"][0] == {
        "name": "text",
        "form": "stream",
        "path": "/a/text",
        "size_bytes": 3,
        "sha256": "abc",
    }
    assert manifest["parts"][1]["paths"] == ["/etc"] and manifest["parts"][1]["exclude"] == ["*.tmp"]
    assert manifest["tools"] == {"toy": "1", "restic": "0.14.0"}
    assert manifest["content"]["digest"] == made.fingerprint
    assert (manifest["case"], manifest["step"], manifest["source"], manifest["extras"]) == (
        "K-1",
        "l1",
        {"version": "9"},
        {"e": 1},
    )
    assert (made.size, made.added, made.known()["sha256"]) == (7, 11, None)


def test_a_part_is_read_whole_and_a_false_digest_is_found(shelf: Shelf, tmp_path: Path) -> None:
    job = make_job([asset("a", "internal")], shelf.config(tmp_path, "internal"))
    back_up(job, Toy({"a": b"isi yang panjang"}))
    store = job.store("internal")
    store.look()
    entry = store.find("a", "")
    point = Recovered(store, entry)
    with point.open("text") as stream:
        assert stream.read(3) == b"isi"
    point.manifest["parts"][0]["sha256"] = "0" * 64
    with pytest.raises(Problem, match="is not what was stored"), point.open("text") as stream:
        stream.read(3)
    with pytest.raises(Problem, match="has no part lain"), point.open("lain"):
        pass


def test_a_part_is_read_in_lines_without_asking_for_every_byte(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job([asset("a", "internal")], shelf.config(tmp_path, "internal"))
    back_up(job, Toy({"a": b"sebaris\n" * 100}))
    store = job.store("internal")
    store.look()
    asked = []
    real = _Watched.readinto
    monkeypatch.setattr(_Watched, "readinto", lambda self, buffer: asked.append(1) or real(self, buffer))
    with Recovered(store, store.find("a", "")).open("text") as stream:
        assert list(stream) == [b"sebaris\n"] * 100
    assert len(asked) < 10
