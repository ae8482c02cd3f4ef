"""Folders for what holds passwords: in memory where the host has a place there, private, and gone with their block."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import in_memory


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_is_private_in_memory_where_that_can_be_and_gone_with_its_block(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, usual = tmp_path / "shm", tmp_path / "tmp"
    usual.mkdir()
    if there:
        memory.mkdir()
    monkeypatch.setattr(in_memory, "MEMORY", str(memory))
    monkeypatch.setattr(tempfile, "tempdir", str(usual))
    with in_memory.folder() as folder:
        (Path(folder) / "sandi").write_text("rahasia", encoding="utf-8")
        assert Path(folder).parent == (memory if there else usual)
        assert Path(folder).stat().st_mode & 0o777 == 0o700
    assert not Path(folder).exists()


def test_whether_there_is_such_a_place_is_asked_in_one_module_alone() -> None:
    folder = Path(in_memory.__file__).parent
    asking = [path.name for path in folder.glob("*.py") if "/dev/shm" in path.read_text(encoding="utf-8")]
    assert asking == ["in_memory.py"]
