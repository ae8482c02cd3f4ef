from __future__ import annotations

import os
from pathlib import Path

import pytest

from sopwrap.errors import SopError
from sopwrap.filing import put


def test_a_file_is_written_whole_and_left_alone_when_it_has_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.html"
    put(path, b"satu", "")
    os.utime(path, (1, 1))
    put(path, b"satu", "")
    assert path.stat().st_mtime == 1 and path.stat().st_mode & 0o777 == 0o644
    put(path, b"dua", "")
    assert path.read_bytes() == b"dua" and [one.name for one in path.parent.iterdir()] == ["b.html"]


def test_a_place_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SopError, match=r"cannot be written: .*\. Elsewhere\."):
        put(tmp_path / "file" / "b", b"", "Elsewhere.")
