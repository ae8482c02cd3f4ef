"""The kind `system`: /etc and the list beside it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import hash_list
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Blob, Capture, Content, Problem, Tree
from ansible_collections.sopwrap.backup.plugins.module_utils.system import System


class Stored:
    """A point as the kind sees it, made of what a capture gave."""

    id = "x.20260101T000000Z.abcdef"

    def __init__(self, capture: Capture) -> None:
        self._content = capture.content()
        self.manifest = {"source": capture.facts}
        self.state = next(part.data for part in capture.parts if isinstance(part, Blob))

    def content(self) -> Content:
        return self._content

    @contextlib.contextmanager
    def open(self, part: str) -> Iterator[BinaryIO]:
        assert part == "state.json"
        yield io.BytesIO(self.state)

    def extract(self, part: str, into: str, only: Sequence[str] = ()) -> None:
        etc = self.manifest["source"]["etc"]
        shutil.copytree(etc, into + etc, symlinks=True)

    def archive(self) -> BinaryIO:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(self.manifest["source"]["etc"])
        buffer.seek(0)
        return buffer


@pytest.fixture
def asset(tmp_path: Path) -> dict[str, Any]:
    etc = tmp_path / "etc"
    (etc / "cron.d").mkdir(parents=True)
    (etc / "shadow").write_text("root:$y$rahasia:1::::::\n", encoding="utf-8")
    return {"id": "x", "source": {"etc": str(etc)}}


@pytest.fixture
def stored(asset: dict[str, Any]) -> Stored:
    with System().capture(asset) as capture:
        return Stored(capture)


def test_a_point_is_a_tree_and_a_list_without_password_hashes(asset: dict[str, Any]) -> None:
    with System().capture(asset) as capture:
        assert [type(part) for part in capture.parts] == [Tree, Blob]
        assert b"rahasia" not in capture.parts[1].data
        assert "rahasia" not in json.dumps(capture.facts)
        assert capture.content().count == 1


def test_both_parts_are_compared_with_the_fingerprint(asset: dict[str, Any], stored: Stored) -> None:
    kind = System()
    assert "packages" in str(kind.check(asset, stored, "state.json", io.BytesIO(stored.state)))
    assert "3 names" in str(kind.check(asset, stored, "etc", stored.archive()))
    other = json.loads(stored.state)
    other["users"] = []
    with pytest.raises(Problem, match=r"different: \(users\)"):
        kind.check(asset, stored, "state.json", io.BytesIO(json.dumps(other).encode()))
    Path(asset["source"]["etc"], "shadow").write_text("root::1::::::\n", encoding="utf-8")
    with pytest.raises(Problem, match="different: etc/shadow"):
        kind.check(asset, stored, "etc", stored.archive())


def test_a_restore_is_a_folder_for_reading_with_the_same_fingerprint(
    asset: dict[str, Any], stored: Stored, tmp_path: Path
) -> None:
    target = {"path": str(tmp_path / "uji")}
    System().restore(asset, stored, target)
    assert System().content(asset, target).difference(stored.content()) is None
    assert (tmp_path / "uji" / "state.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Problem, match="not an empty folder"):
        System().restore(asset, stored, target)


def test_who_may_not_read_all_of_etc_is_told_which_files_and_what_to_do(
    asset: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(hash_list.os, "access", lambda path, mode: not bytes(path).endswith(b"shadow"))
    with pytest.raises(Problem, match="may not read 1 names") as caught:
        System().preflight(asset)
    assert "shadow" in caught.value.message
    assert "become" in str(caught.value.hint)
    assert System().preflight({"source": {**asset["source"], "exclude": ["shadow"]}})


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no folder"):
        System().preflight({"source": {"etc": str(tmp_path / "tidak-ada")}})
