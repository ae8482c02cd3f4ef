"""What the kernel tells of mounts: where they are, and which show no files that anybody keeps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import mounts


def test_a_path_among_what_the_kernel_tells_is_known_by_the_type_of_its_file_system() -> None:
    assert mounts.made_up("/proc") == mounts.made_up("/proc/1") == mounts.made_up("/proc/1/status") == "proc"


def test_neither_a_folder_that_holds_mounts_of_the_kernel_nor_what_is_not_there_is_one(tmp_path: Path) -> None:
    assert [mounts.made_up(path) for path in ("/", str(tmp_path), "/tidak/ada")] == [None] * 3


@pytest.mark.parametrize(
    ("kind", "found"), [("cgroup2", "cgroup2"), ("sysfs", "sysfs"), ("tmpfs", None), ("nfs", None)]
)
@pytest.mark.parametrize("optional", ["", "shared:1 ", "shared:1 master:2 "])
def test_the_type_stands_behind_the_fields_of_which_there_are_any_number(
    kind: str, found: str | None, optional: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = os.lstat(tmp_path).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    table = tmp_path / "mountinfo"
    table.write_text(f"20 1 0:999 / /lain rw - proc proc rw\n57 29 {number} / /x rw {optional}- {kind} asal rw\n")
    monkeypatch.setattr(mounts, "MOUNTS", str(table))
    assert mounts.made_up(str(tmp_path)) == found
