"""A store is no part of what is backed up to it, whichever way it lies there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store
from ansible_collections.sopwrap.backup.plugins.module_utils.system import System


def of(store: Path, cache: Path = Path("/tidak/ada"), **source: Any) -> dict[str, Any]:
    one = Store("internal", {"placement": "internal", "repository": str(store), "password": "x", "cache": str(cache)})
    return {"id": "x", "source": source, **own_folders.known([one])}


def test_what_lies_elsewhere_leaves_the_patterns_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "situs").mkdir()
    for store in ("toko", "situs-2", "situ"):
        found = own_folders.exclude(of(tmp_path / store, exclude=["*.tmp"]), [str(tmp_path / "situs")])
        assert found == ["*.tmp"]
    server = Store("jauh", {"placement": "external", "repository": "sftp:u@h:/srv", "password": "x", "cache": "/c"})
    assert own_folders.known([server])["store_folders"] == {}


@pytest.mark.parametrize("name", ["toko", "toko [1]*", "a/b/toko"])
def test_a_store_inside_is_left_out_and_nothing_else_is(name: str, tmp_path: Path) -> None:
    patterns = own_folders.exclude(of(tmp_path / name), [str(tmp_path)])
    exclusion = Exclusion(patterns)
    assert str(tmp_path / name) in exclusion
    assert str(tmp_path / name / "data" / "00") in exclusion
    for other in ("tokoh", "toko 1x", "a/b", "x/" + name):
        assert str(tmp_path / other) not in exclusion
    assert own_folders.left_out(of(tmp_path / name), [str(tmp_path)], patterns) == {str(tmp_path / name): "internal"}


def test_a_link_on_the_way_to_the_store_or_to_the_tree_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "asli" / "toko").mkdir(parents=True)
    (tmp_path / "taut").symlink_to("asli")
    by_link = of(tmp_path / "taut" / "toko")
    assert own_folders.exclude(by_link, [str(tmp_path / "asli")]) == [str(tmp_path / "asli" / "toko")]
    assert own_folders.exclude(by_link, [str(tmp_path / "taut")]) == [str(tmp_path / "taut" / "toko")]


def test_of_a_cache_inside_only_what_restic_keeps_there_is_left_out(tmp_path: Path) -> None:
    exclusion = Exclusion(own_folders.exclude(of(Path("/x/toko"), tmp_path / "cache"), [str(tmp_path)]))
    assert str(tmp_path / "cache" / ("0123456789abcdef" * 4) / "index" / "a") in exclusion
    assert str(tmp_path / "cache" / "milik-orang") not in exclusion


@pytest.mark.parametrize(("path", "words"), [("toko", "is the store internal"), ("toko/data", "lies in the store")])
def test_a_store_or_a_part_of_it_is_refused(path: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "toko" / "data").mkdir(parents=True)
    for kind, source in ((Files(), {"paths": [str(tmp_path / path)]}), (System(), {"etc": str(tmp_path / path)})):
        with pytest.raises(Problem, match=words) as caught:
            kind.preflight(of(tmp_path / "toko", **source))
        assert caught.value.refused


def test_every_kind_of_trees_leaves_the_store_out_and_no_plan_counts_it(tmp_path: Path) -> None:
    (tmp_path / "toko").mkdir()
    (tmp_path / "toko" / "besar").write_bytes(bytes(5000))
    (tmp_path / "a").write_bytes(bytes(70))
    for kind, source in ((Files(), {"paths": [str(tmp_path)]}), (System(), {"etc": str(tmp_path)})):
        one = of(tmp_path / "toko", **source)
        assert kind.estimate(one, kind.preflight(one)) == 70


def test_a_store_does_not_change_places_with_the_tree_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / "situs").mkdir()
    manifest = {"source": {"names": {str(tmp_path / "situs"): ""}}, "parts": [{"size_bytes": 1}]}
    kept_out = of(tmp_path / "situs" / "toko", paths=[str(tmp_path / "situs")], exclude=["toko"])
    with pytest.raises(Problem, match=r"store internal at .*situs/toko would go with") as caught:
        Files().room(kept_out, manifest)
    assert caught.value.refused
    assert Files().room(of(tmp_path / "toko", paths=[str(tmp_path / "situs")]), manifest).needed == 1
