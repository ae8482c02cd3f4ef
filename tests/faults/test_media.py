"""A medium that is missing, another one, write-protected, full, or an empty place: it is said, and nothing written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.desk import HOST, Desk
from tests.faults.disks import needs_mounts, small_disk

OTHER = "0b1c2d3e-0000-4000-8000-000000000000"


@pytest.fixture
def two_stores(desk: Desk) -> Desk:
    """A folder that is backed up to the server itself and is to be copied to a disk, which is not plugged in."""
    desk.stores["external"] = desk.external()
    desk.assets[HOST][0]["stores"] = ["internal", "external"]
    desk.write()
    return desk


def _missing(desk: Desk) -> None:
    assert not desk.medium.path.exists()


def _wrong(desk: Desk) -> None:
    desk.medium.plug_in("HDD-02", OTHER)


def _namesake(desk: Desk) -> None:
    desk.medium.plug_in("HDD-01", OTHER)


def _empty_place(desk: Desk) -> None:
    desk.medium.plug_in()
    shutil.copytree(desk.medium.path, desk.place / "copy")
    _say(desk, mountpoint=True)


def _unlabelled(desk: Desk) -> None:
    desk.medium.path.mkdir(parents=True)


def _too_small(desk: Desk) -> None:
    desk.medium.plug_in()
    _say(desk, minimum_free=10**15)


def _elsewhere(desk: Desk) -> None:
    desk.medium.plug_in()
    desk.stores["external"] |= {"repository": str(desk.place / "lain" / "sopwrap")}
    desk.write()


def _read_only(desk: Desk) -> None:
    desk.medium.plug_in()
    desk.wrap = small_disk(desk.medium.path, options="ro")


def _say(desk: Desk, **medium: Any) -> None:
    desk.stores["external"] = desk.external(**medium)
    desk.write()


WRONG: dict[str, tuple[Callable[[Desk], None], str, str]] = {
    "missing": (_missing, "HDD-01 is not at", "Plug it in and mount it"),
    "another one": (_wrong, "is HDD-02, not HDD-01", "Attach the medium HDD-01"),
    "another one of the same name": (_namesake, "is HDD-01 with another uuid", "Attach the medium HDD-01"),
    "an empty mount point": (_empty_place, "nothing is mounted there", "Plug it in and mount it"),
    "without a label": (_unlabelled, "has no readable label", "Attach the right medium"),
    "too small": (_too_small, "bytes free, fewer than", "Make room on it"),
    "not where the store is": (_elsewhere, "does not lie on its medium", "Put the repository below"),
    "read-only": (_read_only, "read-only", "Remove the write protection"),
}


def _everything_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "wrong", [pytest.param(one, marks=needs_mounts) if one == "read-only" else one for one in WRONG]
)
def test_nothing_is_written_to_a_medium_that_is_not_in_order(two_stores: Desk, wrong: str) -> None:
    desk = two_stores
    prepare, what, hint = WRONG[wrong]
    prepare(desk)
    before = _everything_below(desk.place / "media") if (desk.place / "media").exists() else set()
    ended = desk.backup()
    desk.wrap = []
    ended.says(1, "berkas: copy in external refused", what, hint, "is held at step l1")
    after = _everything_below(desk.place / "media") if (desk.place / "media").exists() else set()
    assert after == before, "something was written"
    assert not (desk.place / "lain").exists()
    assert desk.whole_points("internal") == 1, "the other store's point does not depend on the medium"


def test_when_the_medium_has_come_the_held_case_goes_on(two_stores: Desk) -> None:
    desk = two_stores
    desk.sopwrap("run", "uji/media", "--ci").says(1, "HDD-01 is not at", "Plug it in and mount it")
    desk.medium.plug_in()
    desk.sopwrap("case", "decide", "retry", "--as", "andi", "--reason", "media sudah ada").says(0, "goes on")
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert _everything_below(desk.medium.path) == {".sopwrap-medium.json"}, "a check writes nothing"
    desk.backup().says(0)
    assert desk.whole_points("external") == 1


def test_a_medium_that_is_gone_again_is_no_success_of_a_verify(two_stores: Desk) -> None:
    desk = two_stores
    desk.medium.plug_in()
    desk.backup().says(0)
    desk.medium.unplug()
    desk.sopwrap("point", "verify", "--asset", "berkas", "--ci").says(1, "HDD-01 is not at", "Plug it in")
    assert not desk.medium.path.exists()
