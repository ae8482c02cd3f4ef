"""Another key for a store: first both open it, then the new one alone; broken off anywhere, it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.rekey import rekey
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

from tests.unit.collection.toy import PASSWORD, Shelf, asset, make_job

NEW = "kunci-baru"


def opens(config: dict[str, Any], password: str) -> bool:
    return Store("internal", {**config, "password": password}).restic.opens()


def asked(config: dict[str, Any], step: str, other: str, password: str = PASSWORD, **more: Any) -> str:
    used = {**config, "password": password}
    options = {"stores": [used], "other_key": other}
    target = {"rekey": step, "stores": ["internal"]}
    job = make_job([asset("a", "internal")], used, target=target, options=options, **more)
    rekey(job)
    (record,) = job.records
    assert record["action"] == "rekey" and NEW not in str(record) and PASSWORD not in str(record)
    return str(record["outcome"])


def test_a_key_is_added_tried_and_then_the_former_one_removed_each_step_repeatable(
    shelf: Shelf, tmp_path: Path
) -> None:
    config = shelf.config(tmp_path, "internal")
    assert asked(config, "add", NEW, check=True) == "planned" and not opens(config, NEW)
    assert asked(config, "add", NEW) == "ok"
    assert opens(config, PASSWORD) and opens(config, NEW)
    assert asked(config, "add", NEW) == "unchanged"
    assert asked(config, "remove", PASSWORD, password=NEW) == "ok"
    assert opens(config, NEW) and not opens(config, PASSWORD)
    assert asked(config, "remove", PASSWORD, password=NEW) == "unchanged"


def test_the_last_key_is_never_removed(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    assert asked(config, "remove", PASSWORD) == "failed"
    assert opens(config, PASSWORD)


def test_a_request_without_a_step_or_a_key_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    config = shelf.config(tmp_path, "internal")
    for step, other in (("swap", NEW), ("add", "")):
        with pytest.raises(Problem, match="names no step"):
            asked(config, step, other)
