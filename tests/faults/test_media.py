"""A medium that is missing, another one, write-protected, full, or an empty place: it is said, and nothing written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.faults.desk import HOST, Desk
from tests.faults.disks import needs_mounts, small_disk
from tests.office.media import LABEL, UUID

OTHER = "0b1c2d3e-0000-4000-8000-000000000000"


@pytest.fixture
def two_stores(desk: Desk) -> Desk:
    """A folder that is backed up to the server itself and is to be copied to a disk, which is not plugged in."""
    desk.stores["external"] = desk.external()
    desk.assets[HOST][0]["stores"] = ["internal", "external"]
    desk.write()
    return desk


@dataclass(frozen=True)
class Wrong:
    """A disk that is not in order: what its label file says (null: it has none), and what the inventory says of it."""

    what: str
    hint: str
    label: dict[str, str] | None = None
    there: bool = True
    said: dict[str, Any] = field(default_factory=dict)


RIGHT = {"label": LABEL, "uuid": UUID}
WRONG = {
    "missing": Wrong("HDD-01 is not at", "Plug it in and mount it", there=False),
    "another": Wrong("is HDD-02, not HDD-01", "Attach the medium HDD-01", {"label": "HDD-02", "uuid": OTHER}),
    "namesake": Wrong("is HDD-01 with another uuid", "Attach the medium HDD-01", {"label": LABEL, "uuid": OTHER}),
    "unmounted": Wrong("nothing is mounted there", "Plug it in and mount it", RIGHT, said={"mountpoint": True}),
    "unlabelled": Wrong("has no readable label", "Attach the right medium"),
    "full": Wrong("bytes free, fewer than", "Make room on it", RIGHT, said={"minimum_free": 10**15}),
    "elsewhere": Wrong("does not lie on its medium", "Put the repository below", RIGHT),
}


def _prepare(desk: Desk, name: str, wrong: Wrong) -> None:
    """Make the disk's place as it is on that bad day, and a store on it."""
    place = desk.place / "media" / name
    if wrong.there:
        place.mkdir(parents=True)
    if wrong.label:
        (place / ".sopwrap-medium.json").write_text(json.dumps(wrong.label), encoding="ascii")
    entry = desk.external(path=str(place), **wrong.said)
    repository = desk.place / "lain" / "sopwrap" if name == "elsewhere" else place / "sopwrap"
    desk.stores[name] = entry | {"repository": str(repository)}


def _everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_nothing_is_written_to_media_that_are_not_in_order_and_each_is_told(desk: Desk) -> None:
    for name, wrong in WRONG.items():
        _prepare(desk, name, wrong)
    desk.assets[HOST][0]["stores"] = ["internal", *WRONG]
    desk.write()
    before = _everything_below(desk.place / "media")
    ended = desk.backup()
    ended.says(1, "berkas: backup in internal ok", "is held at step l1")
    for name, wrong in WRONG.items():
        (line,) = (line for line in ended.output.splitlines() if f"berkas: copy in {name} refused" in line)
        assert wrong.what in line and wrong.hint in line
    assert _everything_below(desk.place / "media") == before, "something was written"
    assert not (desk.place / "lain").exists()
    assert desk.whole_points("internal") == 1, "the other store's point does not depend on the media"


@needs_mounts
def test_nothing_is_written_to_a_medium_that_is_write_protected(two_stores: Desk) -> None:
    desk = two_stores
    desk.medium.plug_in()
    desk.wrap = small_disk(desk.medium.path, options="ro")
    ended = desk.backup()
    desk.wrap = []
    ended.says(1, "berkas: copy in external refused", "read-only", "Remove the write protection", "is held at step l1")
    assert _everything_below(desk.medium.path) == {".sopwrap-medium.json"}


def test_when_the_medium_has_come_the_held_case_goes_on(two_stores: Desk) -> None:
    desk = two_stores
    desk.sopwrap("run", "uji/media", "--ci").says(1, "HDD-01 is not at", "Plug it in and mount it")
    desk.plug_in_with_store()
    desk.sopwrap("case", "decide", "retry", "--as", "andi", "--reason", "media sudah ada").says(0, "goes on")
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert not desk.snapshots("external"), "a check writes nothing"
    desk.backup().says(0)
    assert desk.whole_points("external") == 1


def test_a_medium_that_is_gone_again_is_no_success_of_a_verify(two_stores: Desk) -> None:
    desk = two_stores
    desk.plug_in_with_store()
    desk.backup().says(0)
    desk.medium.unplug()
    desk.sopwrap("point", "verify", "--asset", "berkas", "--ci").says(1, "HDD-01 is not at", "Plug it in")
    assert not desk.medium.path.exists()
