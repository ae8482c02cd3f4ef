"""Plain files of a point: whole in a fresh folder, or not there at all; the real round trip is an integration test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.export import export
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.unit.collection.live_toy import LiveToy
from tests.unit.collection.toy import Shelf, Toy, asset, make_job


@pytest.fixture
def job(shelf: Shelf, tmp_path: Path) -> Job:
    made = make_job([asset("a", "internal")], shelf.config(tmp_path, "internal"))
    back_up(made, Toy({"a": b"isi"}))
    made.store("internal").look()
    return made


def told(job: Job, target: dict[str, Any], check: bool = False) -> dict[str, Any]:
    job.target, job.check = target, check
    export(job, Toy({"a": b"isi"}))
    return job.records[-1]


def test_a_plan_writes_nothing_and_the_files_come_whole_with_their_checksums(job: Job, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    assert told(job, {"export": str(place)}, check=True)["outcome"] == "planned"
    assert not place.exists()
    record = told(job, {"export": str(place)})
    assert (record["action"], record["outcome"], record["asset"]) == ("export", "ok", "a")
    names = {path.name for path in place.iterdir()}
    assert {"manifest.json", "SHA256SUMS", "CARA-MEMULIHKAN.md"} < names
    assert json.loads((place / "manifest.json").read_text())["point"] == record["point"]
    assert record["items"] == len(names) - 1


@pytest.mark.parametrize(
    ("target", "said"),
    [("disk", "not an absolute path"), ("{}", "exists already"), ("{}/tidak/ada", "There is no folder")],
)
def test_a_place_that_is_not_fresh_or_not_there_is_refused(job: Job, tmp_path: Path, target: str, said: str) -> None:
    record = told(job, {"export": target.format(tmp_path)})
    assert record["outcome"] == "refused" and said in record["message"]


def test_plain_files_do_not_come_among_the_living_data(job: Job, tmp_path: Path) -> None:
    """They would be served by the application, and be in its next backup."""

    class Served(LiveToy):
        def is_live(self, asset: dict[str, Any], target: dict[str, Any]) -> bool:
            if self.busy:
                raise Problem("The server is lost.")
            return str(target["path"]).startswith(f"{tmp_path}/situs")

    (tmp_path / "situs").mkdir()
    kind, job.target = Served(tmp_path / "situs"), {"export": str(tmp_path / "situs/ekspor")}
    export(job, kind)
    assert job.records[-1]["outcome"] == "refused" and "itself lives" in job.records[-1]["message"]
    assert not list((tmp_path / "situs").iterdir())
    kind.busy = True
    job.check = True
    export(job, kind)
    assert job.records[-1]["outcome"] == "planned", "what is lost does not keep its backup from being read"


def test_when_writing_fails_in_the_middle_nothing_is_left(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ansible_collections.sopwrap.backup.plugins.module_utils.export._write_text", broken)
    (tmp_path / "media").mkdir()
    record = told(job, {"export": str(tmp_path / "media" / "disk")})
    assert record["outcome"] == "failed" and "No space left" in record["message"]
    assert list((tmp_path / "media").iterdir()) == []


def test_too_little_room_is_refused_before_a_byte_is_written(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils import export as module

    class NoRoom:
        f_bavail, f_frsize = 0, 4096

    monkeypatch.setattr(module.os, "statvfs", lambda path: NoRoom)
    with pytest.raises(Exception, match="are missing"):
        module._require_room(str(tmp_path / "disk"), 5)
