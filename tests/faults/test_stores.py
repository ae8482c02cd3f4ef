"""Stores that cannot be opened, are not there, are damaged or full."""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.desk import Desk
from tests.faults.disks import needs_mounts, small_disk


def test_a_wrong_key_is_told_and_the_right_one_opens_the_store_again(desk: Desk) -> None:
    key = desk.key_file("internal").read_text(encoding="ascii")
    desk.secret("internal.key", "kunci-yang-salah-uY7qpR2x")
    desk.backup().says(1, "does not open it", "Compare the key in the inventory")
    desk.secret("internal.key", key)
    assert not desk.snapshots()
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_key_file_that_is_not_there_is_named(desk: Desk) -> None:
    lost = desk.key_file("internal").rename(desk.place / "hilang.key")
    ended = desk.backup()
    lost.rename(desk.key_file("internal"))
    ended.says(1, "internal.key")
    assert not desk.snapshots()


def test_a_mistyped_path_makes_no_store_somewhere_else(desk: Desk) -> None:
    desk.stores["internal"] |= {"repository": str(desk.place / "tidak-ada" / "internal")}
    desk.write()
    desk.backup().says(1, "tidak-ada does not exist", "Create the folder, or correct the repository's path")
    assert not (desk.place / "tidak-ada").exists()
    (desk.place / "tidak-ada").mkdir()
    desk.backup().says(0)
    assert desk.whole_points() == 1


def test_a_store_that_has_lost_its_config_is_not_made_anew_over_its_data(desk: Desk) -> None:
    desk.backup().says(0)
    repository = Path(desk.stores["internal"]["repository"])
    config = (repository / "config").rename(desk.place / "config")
    keys = sorted((repository / "keys").iterdir())
    desk.backup().says(1, f"{repository} holds something, but not the file config", "Bring that file back")
    assert not (repository / "config").exists(), "a new repository was made over the old one"
    assert sorted((repository / "keys").iterdir()) == keys
    config.rename(repository / "config")
    desk.backup().says(0)
    assert desk.whole_points() == 2


def test_a_damaged_point_is_found_when_it_is_read_back(desk: Desk) -> None:
    desk.backup().says(0)
    for pack in Path(desk.stores["internal"]["repository"], "data").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(bytes(byte ^ 1 for byte in pack.read_bytes()))
    desk.sopwrap("point", "verify", "--asset", "berkas", "--ci").says(1, "berkas", "verify")


@needs_mounts
def test_a_full_disk_under_the_store_leaves_nothing_half_and_does_not_keep_us_waiting(desk: Desk) -> None:
    (Path(desk.assets["srv-uji"][0]["source"]["paths"][0]) / "besar.bin").write_bytes(os.urandom(8_000_000))
    desk.wrap = small_disk(Path(desk.stores["internal"]["repository"]).parent)
    ended = desk.backup(seconds=40)
    desk.wrap = []
    ended.says(1, "The store internal is full.", "Make room at")
    assert not desk.snapshots()
    desk.backup().says(0)
    assert desk.whole_points() == 1


@needs_mounts
def test_a_store_on_a_file_system_that_cannot_be_written_is_named(desk: Desk) -> None:
    desk.wrap = small_disk(Path(desk.stores["internal"]["repository"]).parent, options="ro")
    ended = desk.backup(seconds=40)
    desk.wrap = []
    ended.says(1, "The store internal cannot be written", "read-only", "Remove the write protection")
    assert not desk.snapshots()
