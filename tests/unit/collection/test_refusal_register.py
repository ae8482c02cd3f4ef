from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register
from ansible_collections.sopwrap.backup.plugins.module_utils import refusal_register as register


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host that was told whose permits it believes."""
    monkeypatch.setattr(permit_register, "TRUST", str(tmp_path / "etc"))
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    monkeypatch.setattr(register.os, "geteuid", lambda: 0)
    (tmp_path / "etc").mkdir()
    return tmp_path


def told(outcome: str, action: str = "restore", message: str = "") -> dict[str, Any]:
    return {"outcome": outcome, "action": action, "message": message}


def test_refusals_are_kept_in_their_order_and_nothing_else_is(host: Path) -> None:
    register.keep([told("ok"), told("refused", "backup"), told("refused", message="satu")])
    register.keep([told("refused", "undo", "dua")])
    assert [one["message"] for one in register.kept()] == ["satu", "dua"]
    assert (host / "var/permits/refusals.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_hides_no_other(host: Path) -> None:
    register.keep([told("refused", message="satu")])
    with (host / "var/permits/refusals.jsonl").open("a") as stream:
        stream.write('{"outcome": "ref')
    register.keep([told("refused", message="dua")])
    assert [one["message"] for one in register.kept()] == ["satu", "dua"]


def test_only_the_newest_are_given_along(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_GIVEN", 2)
    register.keep([told("refused", message=str(number)) for number in range(5)])
    assert [one["message"] for one in register.kept()] == ["3", "4"]


def test_a_host_nobody_told_of_permits_keeps_what_reached_for_living_data(host: Path) -> None:
    """Elsewhere a place that was not fresh is no way around anything."""
    (host / "etc").rmdir()
    register.keep([told("refused")])
    assert register.kept() == [] and not (host / "var").exists()
    tried = {**told("refused", message="belum diberi tahu"), "restore": {"mode": "replace"}}
    register.keep([tried])
    assert register.kept() == [tried]


def test_who_is_not_root_keeps_nothing(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register.os, "geteuid", lambda: 1000)
    register.keep([told("refused")])
    assert register.kept() == [] and not (host / "var").exists()
