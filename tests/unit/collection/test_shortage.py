"""A store that has become full: what is missing is said, and what was sent in vain goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Full
from ansible_collections.sopwrap.backup.plugins.module_utils.shortage import shortage, tree_size
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
