"""What goes into a store: nothing of small files lies about, and no store goes into itself."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Capture, Content, Tree
from ansible_collections.sopwrap.backup.plugins.module_utils.storing import store_files

from tests.unit.collection.toy import Shelf, Toy, asset, make_job


def test_small_files_are_one_snapshot_under_the_paths_they_are_given(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    store = make_job([], config).store("internal")
    stored = store_files(store, {"/a/b.txt": b"satu", "/c": b"dua"}, ["sopwrap"], "srv-uji")
    with store.restic.dump(stored.snapshot, "/a/b.txt") as stream:
        assert stream.read() == b"satu"
    assert shelf.snapshots(config) == [stored.snapshot] or shelf.snapshots(config)[0].startswith(stored.snapshot)


class Careless(Toy):
    """A kind of trees that gives no heed to the stores."""

    def preflight(self, asset: dict[str, Any]) -> dict[str, Any]:
        return {}

    def capture(self, asset: dict[str, Any]) -> AbstractContextManager[Capture]:
        return nullcontext(Capture(self.trees(asset, {}), lambda: Content.of([])))

    def trees(self, asset: dict[str, Any], facts: dict[str, Any]) -> list[Tree]:
        return [Tree("tree", asset["paths"], asset.get("exclude", []))]


def test_a_kind_that_would_store_its_store_is_refused_and_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "toko")
    kind = Careless({})
    careless = make_job([asset("a", "toko", paths=[str(tmp_path)])], config)
    back_up(careless, kind)
    assert careless.records[0]["outcome"] == "refused"
    assert "each backup would store all earlier ones" in careless.records[0]["message"]
    assert shelf.snapshots(config) == []

    careful = make_job([asset("a", "toko", paths=[str(tmp_path)], exclude=[str(tmp_path / "toko")])], config)
    back_up(careful, kind)
    (record,) = careful.records
    assert (record["outcome"], record["warnings"]) == ("ok", ["store_left_out"])
    assert f"The store toko at {tmp_path / 'toko'} was left out." in record["message"]


def test_a_file_that_cannot_be_read_is_named_and_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """A program's own memory can be opened and not read at its beginning. The manifest is on its way by then."""
    config = shelf.config(tmp_path, "toko")
    unreadable = make_job([asset("a", "toko", paths=["/proc/self/mem"])], config)
    back_up(unreadable, Careless({}))
    assert unreadable.records[0]["outcome"] == "failed"
    assert "when they were to be stored: /proc/self/mem." in unreadable.records[0]["message"]
    assert shelf.snapshots(config) == []
