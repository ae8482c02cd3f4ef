"""Points that were stored together are read back together; trouble with one is its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import verify
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic

from tests.unit.collection.toy import Shelf, Toy, asset, make_job

TEXTS = {"a": b"satu\ndua", "b": b"dua\ntiga", "c": b"tiga\nempat"}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What restic is asked to read."""
    made: list[str] = []
    dump = Restic.dump

    def counting(
        restic: Restic, snapshot: str, path: str, *more: Any, **other: Any
    ) -> AbstractContextManager[BinaryIO]:
        made.append(path)
        return dump(restic, snapshot, path, *more, **other)

    monkeypatch.setattr(Restic, "dump", counting)
    return made


@pytest.fixture
def stored(shelf: Shelf, tmp_path: Path) -> dict[str, Any]:
    """A store with a point of each asset, all stored at once."""
    config = shelf.config(tmp_path, "internal")
    job = make_job([asset(name, "internal") for name in TEXTS], config)
    back_up(job, Toy(TEXTS, form="blob"))
    assert [record["outcome"] for record in job.records] == ["ok"] * 3
    return config


def outcomes(config: dict[str, Any], *names: str) -> list[tuple[str, str]]:
    job = make_job([asset(name, "internal") for name in names], config)
    verify(job, Toy({}))
    return [(record["asset"], record["outcome"]) for record in job.records]


def test_what_was_stored_together_is_read_with_one_call(stored: dict[str, Any], calls: list[str]) -> None:
    assert outcomes(stored, *TEXTS) == [("a", "ok"), ("b", "ok"), ("c", "ok")]
    assert calls == ["/"]


def test_one_point_alone_is_read_without_the_others(stored: dict[str, Any], calls: list[str]) -> None:
    assert outcomes(stored, "b") == [("b", "ok")]
    assert "/" not in calls


def test_an_asset_without_a_point_is_its_own_trouble(stored: dict[str, Any], calls: list[str]) -> None:
    assert outcomes(stored, "a", "baru", "b") == [("a", "ok"), ("baru", "refused"), ("b", "ok")]
    assert calls == ["/"]


def test_a_store_whose_data_is_damaged_fails_each_point_in_its_own_words(
    stored: dict[str, Any], calls: list[str]
) -> None:
    for pack in Path(stored["repository"], "data").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(b"\0" * pack.stat().st_size)
    assert {outcome for _asset, outcome in outcomes(stored, "a", "b")} == {"failed"}
    assert len(calls) > 2, "each point was tried by itself"
