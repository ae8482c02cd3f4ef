"""Days on which a medium fails, is mistaken or lies: one sentence each, every older point whole, the next run works."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.desk import HOST, Desk
from tests.faults.disks import disk_image, fail_disk, needs_mounts, small_disk, unmount
from tests.office.media import LABEL, LABEL_FILE, UUID
from tests.office.process import program

RIGHT = {"label": LABEL, "uuid": UUID}
ANY_SIZE = {"grow": 1_000_000_000.0}
"""Here an asset grows as it likes."""


@pytest.fixture
def with_disk(desk: Desk) -> Desk:
    """A folder that was backed up to the server and copied to the external disk once."""
    desk.assets[HOST][0]["size_rule"] = ANY_SIZE
    desk.plug_in_with_store()
    desk.backup().says(0, "berkas: copy in external ok")
    return desk


def grow(desk: Desk, count: int) -> Path:
    """Give the asset a large file that nothing can make smaller."""
    path = Path(desk.assets[HOST][0]["source"]["paths"][0]) / "besar.bin"
    path.write_bytes(os.urandom(count))
    return path


@needs_mounts
def test_a_disk_that_fills_up_says_how_much_is_missing_and_keeps_every_older_point(with_disk: Desk) -> None:
    desk = with_disk
    grow(desk, 8_000_000)
    desk.wrap = small_disk(desk.medium.path)
    desk.backup(seconds=60).says(1, "The store external is full.", "Up to 8.0 MB are to be stored", "are missing")
    desk.wrap = []
    assert desk.whole_points("external") == 1
    assert desk.restic("external", "check", "--read-data").returncode == 0
    packs = [path for path in (desk.medium.path / "sopwrap" / "data").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in packs) < 100_000, "what was sent in vain takes the room of the next"
    desk.backup().says(0)
    assert desk.whole_points("external") == 2


@needs_mounts
@pytest.mark.parametrize(("gone", "code"), [(fail_disk, 1), (unmount, 0)], ids=["fails", "unmounted"])
def test_a_disk_that_is_pulled_out_in_the_middle_leaves_nothing_at_its_empty_place(
    desk: Desk, tmp_path: Path, gone: Callable[[int, Path], None], code: int
) -> None:
    disk = disk_image(desk.medium.path, tmp_path / "disk.img", json.dumps(RIGHT))
    desk.stores["external"] = desk.external(mountpoint=True)
    desk.assets[HOST][0] |= {"stores": ["internal", "external"], "size_rule": ANY_SIZE}
    desk.write()
    desk.wrap = disk
    desk.backup().says(0)
    grow(desk, 3_000_000)
    desk.stop_restic_at(" copy ")
    going = desk.start("run", "uji/backup", seconds=90)
    restic = going.stopped()
    gone(restic.pid, desk.medium.path)
    restic.release()
    ended = going.finish()
    ended.says(code, *(["What the store external lies on fails, or was pulled out."] if code else []))
    assert list(desk.medium.path.iterdir()) == [], "something was written under the empty mount point"
    desk.backup().says(0)
    assert desk.whole_points("external") == 3 - code
    assert desk.restic("external", "check", "--read-data").returncode == 0
    desk.wrap = []


def test_two_disks_that_were_swapped_are_both_refused_and_nothing_is_written(with_disk: Desk) -> None:
    desk = with_disk
    first, second = desk.medium.path, desk.place / "media" / "hdd-02"
    second.mkdir()
    other = {"label": "HDD-02", "uuid": "0b1c2d3e-0000-4000-8000-000000000000"}
    (second / LABEL_FILE).write_text(json.dumps(other), encoding="ascii")
    more = {"medium": {**other, "path": str(second), "mountpoint": False}, "placement": "external"}
    desk.secret("arsip.key", "kunci-arsip-w8Lk2")
    desk.stores["arsip"] = desk.store("arsip", second / "sopwrap", **more)
    desk.assets[HOST][0]["stores"] = ["internal", "external", "arsip"]
    desk.write()
    swap(first, second)
    ended = desk.backup()
    ended.says(1, "is HDD-02, not HDD-01", "is HDD-01, not HDD-02")
    assert {path.name for path in first.iterdir()} == {LABEL_FILE}
    swap(first, second)
    assert desk.whole_points("external") == 1
    desk.backup().says(0)
    assert (desk.whole_points("external"), desk.whole_points("arsip")) == (2, 1)


def swap(one: Path, other: Path) -> None:
    """Plug two disks into each other's place."""
    between = one.with_name("di-tangan")
    one.rename(between)
    other.rename(one)
    between.rename(other)


def test_a_flipped_byte_that_restics_plain_check_passes_over_is_found_by_reading_back(with_disk: Desk) -> None:
    desk = with_disk
    grow(desk, 2_000_000)
    desk.backup().says(0)
    desk.sopwrap("media", "verify", "--ci").says(0, LABEL)
    (seen,) = json.loads(_json(desk.sopwrap("media", "list", "--json").output))
    assert seen["read_back_at"] and not seen["trouble"]
    pack = max((p for p in (desk.medium.path / "sopwrap" / "data").rglob("*") if p.is_file()), key=os.path.getsize)
    pack.chmod(0o600)
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)
    assert desk.restic("external", "check").returncode == 0, "the plain check finds it: this test proves nothing"
    desk.sopwrap("media", "verify", "--ci").says(1, "The store external is damaged", "Restore from another store")
    assert desk.whole_points("internal") == 2


def test_a_lock_that_a_killed_program_has_left_keeps_nobody_out(with_disk: Desk) -> None:
    desk = with_disk
    for store in ("internal", "external"):
        _leave_exclusive_lock(desk, store)
    desk.backup().says(0)
    desk.sopwrap("media", "verify", "--ci").says(0)
    assert (desk.whole_points("internal"), desk.whole_points("external")) == (2, 2)


def _leave_exclusive_lock(desk: Desk, store: str) -> None:
    """Kill a `restic check`, which locks everybody out, while it has its lock."""
    repository = desk.stores[store]["repository"]
    words = ["-r", repository, "--password-file", str(desk.key_file(store)), "--no-cache", "check", "--read-data"]
    locks = Path(repository, "locks")
    for _attempt in range(20):
        process = subprocess.Popen([program("restic"), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not any(locks.iterdir()):
            pass
        process.kill()
        process.wait()
        if any(locks.iterdir()):
            return
    raise AssertionError("restic was never killed while it had its lock")


def test_a_store_whose_key_was_changed_elsewhere_and_one_of_another_office_are_told(with_disk: Desk) -> None:
    desk = with_disk
    repository = desk.medium.path / "sopwrap"
    ours = repository.rename(desk.place / "milik-kita")
    (desk.place / "kunci-lain").write_text("kunci-kantor-lain", encoding="ascii")
    init = ["init", "-q", "-r", str(repository), "--password-file", str(desk.place / "kunci-lain")]
    subprocess.run([program("restic"), *init], check=True, capture_output=True)
    desk.backup().says(1, "backup in internal unchanged", "store external does not open it", "another office's store")
    assert not list((repository / "snapshots").iterdir()), "something was written into another office's store"
    repository.rename(desk.place / "milik-lain")
    ours.rename(repository)
    changed = desk.place / "kunci-baru"
    changed.write_text("kunci-yang-diganti", encoding="ascii")
    desk.restic("external", "key", "passwd", "--new-password-file", str(changed))
    desk.backup().says(1, "store external does not open it", "changed elsewhere")
    desk.secret("external.key", "kunci-yang-diganti")
    desk.backup().says(0)
    assert desk.whole_points("external") == 2, (
        "only what was copied, and the points of the two bad days are on the server"
    )


def test_a_clock_that_was_set_back_is_told_and_the_point_made_last_stays_the_newest(with_disk: Desk) -> None:
    desk = with_disk
    (Path(desk.assets[HOST][0]["source"]["paths"][0]) / "baru.txt").write_text("baru\n", encoding="utf-8")
    desk.wrap = [program("faketime"), "-f", "-400d"]
    desk.backup().says(0)
    desk.wrap = []
    first, second = desk.records(action="backup")
    assert "The clock of srv-uji is behind its newest point" in second["message"]
    assert first["point"] < second["point"]
    desk.sopwrap("point", "verify", "--asset", "berkas", "--ci").says(0)
    assert {one["point"] for one in desk.records(action="verify", asset="berkas")} == {second["point"]}
    desk.backup().says(0)
    assert desk.whole_points("external") == 3


def _json(output: str) -> str:
    return output[output.index("[") : output.rindex("]") + 1]
