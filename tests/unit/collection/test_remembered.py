"""What a repository on this host holds is remembered, and asked for anew whenever anything in it is not known."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.remembered import Remembered
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic

OLD, NEW, OTHER = "a1" * 32, "b2" * 32, "c3" * 32


@pytest.fixture
def restic(tmp_path: Path) -> Iterator[Restic]:
    (tmp_path / "store" / "snapshots").mkdir(parents=True)
    with contextlib.closing(Restic("internal", str(tmp_path / "store"), "kunci", str(tmp_path / "cache"))) as one:
        yield one


@pytest.fixture
def known(restic: Restic, tmp_path: Path) -> Remembered:
    """A repository with one snapshot, which restic has listed."""
    put(tmp_path, OLD)
    known = Remembered(restic)
    known.learn(known.names(), [listed(OLD)])
    return known


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / "store" / "snapshots" / name).touch()


def listed(identity: str) -> dict[str, object]:
    return {"id": identity, "tags": ["sopwrap", "point:p"], "hostname": "srv", "paths": ["/a"], "time": ""}


def recalled(known: Remembered) -> list[str] | None:
    found = known.recall(known.names())
    return None if found is None else [one["id"] for one in found]


def test_an_empty_repository_needs_no_asking(restic: Restic) -> None:
    assert recalled(Remembered(restic)) == []


def test_what_restic_listed_is_known_until_another_adds_to_it(known: Remembered, tmp_path: Path) -> None:
    assert recalled(known) == [OLD]
    put(tmp_path, OTHER)
    assert recalled(known) is None


def test_what_was_stored_here_is_known_by_its_whole_name_without_asking(known: Remembered, tmp_path: Path) -> None:
    put(tmp_path, NEW)
    known.add([listed(NEW[:8])])
    assert recalled(known) == [OLD, NEW]


def test_what_came_from_elsewhere_meanwhile_stays_unknown(known: Remembered, tmp_path: Path) -> None:
    put(tmp_path, NEW, OTHER)
    known.add([listed(NEW[:8])])
    assert recalled(known) is None


def test_what_was_removed_is_not_recalled(known: Remembered, tmp_path: Path) -> None:
    (tmp_path / "store" / "snapshots" / OLD).unlink()
    assert recalled(known) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "sopwrap.snapshots/0"}'])
def test_a_file_that_is_none_is_as_if_nothing_were_remembered(known: Remembered, text: str) -> None:
    Path(known._path).write_text(text, encoding="utf-8")
    assert recalled(known) is None


def test_a_repository_on_another_host_is_always_asked(tmp_path: Path) -> None:
    with contextlib.closing(Restic("far", "sftp:srv:/store", "kunci", str(tmp_path / "cache"))) as restic:
        assert recalled(Remembered(restic)) is None


def test_where_nothing_can_be_kept_nothing_fails(known: Remembered, tmp_path: Path) -> None:
    put(tmp_path, NEW)
    Path(known._path).unlink()
    Path(known._path).parent.rmdir()
    Path(known._path).parent.write_text("no folder", encoding="ascii")
    known.add([listed(NEW[:8])])
    assert recalled(known) is None
