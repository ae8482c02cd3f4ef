"""These start the real ansible-inventory; what it prints is for test_inventory.py."""

from __future__ import annotations

import json
import signal
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


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            signal.SIGKILL,
            r"was killed \(signal 9, Killed\) while it read the inventory, perhaps because the memory ran",
        ),
        (signal.SIGTERM, r"was killed \(signal 15, Terminated\) while it read the inventory\. Try"),
    ],
)
def test_an_answer_that_was_cut_off_by_a_signal_is_no_fault_of_the_inventory(
    number: signal.Signals, said: str, tmp_path: Path
) -> None:
    with asking(make(tmp_path / "office", {"srv-a": {}})) as asked:
        asked.process.send_signal(number)
        with pytest.raises(SopError, match=said) as caught:
            asked.answer()
    assert type(caught.value) is SopError and caught.value.hint


def test_an_office_without_an_inventory_and_a_sopwrap_without_ansible_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="inventory is not there"), asking(Workspace(tmp_path)):
        pass
    monkeypatch.setattr("sopwrap.hosts.ansible_environment", lambda *given: {"PATH": str(tmp_path)})
    with pytest.raises(SopError, match="ansible-inventory cannot be started"), asking(make(tmp_path / "office", {})):
        pass
