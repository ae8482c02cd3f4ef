"""The kind `files`: what may be backed up, where it goes back, and what is said of differences."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files, compare, layout, require_owner
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, Tree


class Stored:
    """A point as the kind sees it; extracting copies the tree that was backed up."""

    id = "x.20260101T000000Z.abcdef"

    def __init__(self, facts: dict[str, Any], content: Content) -> None:
        self.manifest = {"source": facts}
        self._content = content

    def content(self) -> Content:
        return self._content

    def extract(self, part: str, into: str, only: Sequence[str] = ()) -> None:
        for path in self.manifest["source"]["paths"]:
            origin = Path(path + ".asli")
            shutil.copytree(origin, into + path, symlinks=True) if origin.is_dir() else shutil.copy2(
                origin, into + path
            )


def asset(*paths: Path, exclude: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": "x", "source": {"paths": [str(path) for path in paths], "exclude": list(exclude)}}


def test_one_folder_is_called_nothing_and_several_keep_their_paths(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    assert [root.name for root in layout([str(tmp_path)])] == [""]
    assert [root.name for root in layout(["/srv/a", "/srv/b"])] == ["srv/a", "srv/b"]
    assert [root.name for root in layout([str(tmp_path / "berkas")])] == [str(tmp_path / "berkas").lstrip("/")]


def test_a_capture_names_paths_patterns_and_what_has_no_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    os.mkfifo(tmp_path / "pipa")
    with Files().capture(asset(tmp_path, exclude=("*.tmp",))) as capture:
        content = capture.content()
    assert capture.parts == [Tree("tree", [str(tmp_path)], ["*.tmp"])]
    assert capture.facts["skipped"] == {"pipe": 1}
    assert content.count == 1


def test_paths_below_others_and_twice_are_backed_up_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert Files().preflight(asset(tmp_path, tmp_path / "a", tmp_path))["paths"] == [str(tmp_path)]


def test_the_tree_is_put_back_even_when_the_live_one_is_gone(tmp_path: Path) -> None:
    live = tmp_path / "situs"
    live.mkdir()
    (live / "a").write_text("a", encoding="utf-8")
    kind = Files()
    with kind.capture(asset(live)) as capture:
        content = capture.content()
    live.rename(f"{live}.asli")
    target = {"path": str(tmp_path / "uji")}
    kind.restore(asset(live), Stored(capture.facts, content), target)
    assert kind.content(asset(live), target).difference(content) is None


@pytest.mark.parametrize(
    ("paths", "words"),
    [([], "names no paths"), (["relatif"], "is not absolute"), (["/tidak/ada"], "cannot be read")],
)
def test_a_source_that_cannot_be_backed_up_is_said(paths: list[str], words: str) -> None:
    with pytest.raises(Problem, match=words):
        Files().preflight({"id": "x", "source": {"paths": paths}})


def test_a_link_is_refused_with_the_place_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "asli").mkdir()
    (tmp_path / "taut").symlink_to("asli")
    with pytest.raises(Problem) as caught:
        Files().preflight(asset(tmp_path / "taut"))
    assert str(tmp_path / "asli") in str(caught.value.hint)


def test_what_the_kernel_makes_up_is_refused_and_a_tree_that_holds_its_mounts_is_not(tmp_path: Path) -> None:
    """Such files tell no size: /proc/1 was planned as 0 B."""
    with pytest.raises(Problem, match=r"^/proc/1 lies on a file system of the type proc, ") as caught:
        Files().preflight(asset(tmp_path, Path("/proc/1")))
    assert caught.value.refused and "a disk" in str(caught.value.hint)
    with Files().capture(asset(Path("/"), exclude=("/*/*",))) as capture:
        assert capture.parts == [Tree("tree", ["/"], ["/*/*"])]


def test_patterns_that_leave_the_path_itself_out_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="itself"):
        Files().preflight(asset(tmp_path, exclude=(tmp_path.name,)))


def test_a_difference_between_hashing_and_storing_names_the_files() -> None:
    hashed = Content.of([{"name": "a\nb", "count": 1, "digest": "x"}, {"name": "c", "count": 1, "digest": "x"}])
    stored = Content.of([{"name": "a\nb", "count": 2, "digest": "y"}, {"name": "c", "count": 1, "digest": "x"}])
    with pytest.raises(Problem, match=r"changed while the backup read them.*different: a\\nb\)"):
        compare(hashed, stored)


def test_only_root_can_give_files_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    content = Content.of([{"name": "a", "count": 1, "digest": "f 0644 33:33 x"}])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Problem) as caught:
        require_owner(content)
    assert caught.value.refused
    monkeypatch.setattr(os, "geteuid", lambda: 33)
    require_owner(content)
