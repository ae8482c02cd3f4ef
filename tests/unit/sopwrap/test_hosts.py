"""These start the real ansible-inventory; what it prints is for test_inventory.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sopwrap.errors import SopError, UsageError
from sopwrap.hosts import asking
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.offices import make


@pytest.fixture(autouse=True)
def ansible_inventory() -> None:
    """The real one, each time."""


def test_the_answer_is_there_for_whoever_asked_ahead(tmp_path: Path) -> None:
    with asking(make(tmp_path / "office", {"srv-a": {"warna": "biru"}}), "srv-a") as asked:
        output, _complaints, _status = asked.answer()
    assert json.loads(output)["_meta"]["hostvars"]["srv-a"]["warna"] == "biru"


def test_whoever_does_not_wait_for_the_answer_leaves_nothing_running(tmp_path: Path) -> None:
    with pytest.raises(UsageError), asking(make(tmp_path / "office", {"srv-a": {}})) as asked:
        raise UsageError("There is no such SOP.", "Look.")
    assert asked.process.returncode is not None


def test_an_office_without_an_inventory_and_a_sopwrap_without_ansible_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="inventory is not there"), asking(Workspace(tmp_path)):
        pass
    monkeypatch.setattr("sopwrap.hosts.ansible_environment", lambda *given: {"PATH": str(tmp_path)})
    with pytest.raises(SopError, match="ansible-inventory cannot be started"), asking(make(tmp_path / "office", {})):
        pass
