"""A store that is too small or has become full: what is missing is said, and what was sent in vain goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full
from ansible_collections.sopwrap.backup.plugins.module_utils.shortage import (
    require_room,
    shortage,
    tree_size,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

FULL = Full("The store x is full.", "Make room.")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    one = Store("x", {"placement": "internal", "repository": str(tmp_path / "x"), "password": "p"})
    monkeypatch.setattr(one.restic, "reclaim", lambda: None)
    monkeypatch.setattr(one.restic, "free_bytes", lambda: 3_000_000)
    return one


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (8_000_000, " Up to 8.0 MB are to be stored and 3.0 MB are free: up to 5.0 MB are missing."),
        (2_000_000, ""),
        (None, ""),
    ],
)
def test_what_is_missing_is_said_where_it_is_known(store: Store, needed: int | None, said: str) -> None:
    told = shortage(store, FULL, needed)
    assert (told.message, told.hint) == (f"{FULL.message}{said}", FULL.hint)


@pytest.mark.parametrize(
    ("minimum_free", "at_most", "exactly", "held", "refused"),
    [
        (0, 8_000_000, 8_000_000, (), True),
        (0, None, 8_000_000, (), True),
        (0, 8_000_000, 2_000_000, (), False),
        (0, 2_000_000, 8_000_000, (), False),
        (0, 8_000_000, 8_000_000, ("a",), False),
        (1, 8_000_000, 8_000_000, (), False),
    ],
    ids=["larger", "larger, not known before", "fits by the exact size", "fits", "has points already", "stated"],
)
def test_a_medium_smaller_than_what_comes_to_it_for_the_first_time_is_refused(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    minimum_free: int,
    at_most: int | None,
    exactly: int,
    held: tuple[str, ...],
    refused: bool,
) -> None:
    store.medium = {"label": "HDD-01", "minimum_free": minimum_free}
    monkeypatch.setattr(store, "exists", lambda: True)
    monkeypatch.setattr(store, "newest", lambda asset: asset if asset in held else None)
    if not refused:
        require_room(store, ["a"], at_most, lambda: exactly)
        return
    with pytest.raises(Problem, match=r"3\.0 MB free and 8\.0 MB are to be stored: 5\.0 MB are missing") as told:
        require_room(store, ["a"], at_most, lambda: exactly)
    assert told.value.refused


def test_a_store_that_cannot_be_tidied_is_told_as_full(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise FULL

    monkeypatch.setattr(store.restic, "reclaim", broken)
    assert "are missing" in shortage(store, FULL, 8_000_000).message


def test_the_size_of_trees_is_that_of_all_their_files(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(bytes(10))
    (tmp_path / "satu").write_bytes(bytes(5))
    assert tree_size([str(tmp_path / "a"), str(tmp_path / "satu"), str(tmp_path / "tidak-ada")]) == 15
