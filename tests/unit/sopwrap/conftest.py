"""What several tests of the wrapper's commands begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.engine import RunResult
from sopwrap.events import News
from sopwrap.execution import Executor, Order
from tests.unit.sopwrap.asked import Remembered
from tests.unit.sopwrap.offices import entry, make
from tests.unit.sopwrap.shells import PointShell, RunShell


@pytest.fixture(autouse=True)
def ansible_inventory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ansible is asked once for every inventory. Tests of how it is asked have a fixture of this name of their own."""
    monkeypatch.setattr("sopwrap.hosts.subprocess", Remembered)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office with an asset on each of two hosts."""
    hosts = {
        "srv-a": {"sopwrap_assets": [entry(stores=["internal", "external"])]},
        "srv-b": {"sopwrap_assets": [entry(id="laman")]},
    }
    return make(tmp_path / "office", hosts).folder


@pytest.fixture
def point_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PointShell:
    """An office with two assets; the executor answers with ``answer`` (or ``reply``) and ``listed``."""
    made = PointShell(tmp_path / "office")

    def carry_out(self: Executor, order: Order) -> RunResult:
        made.orders.append(order)
        self.watch.news(News(listed=made.listed))
        return made.reply(order)

    monkeypatch.setattr(Executor, "carry_out", carry_out)
    return made


@pytest.fixture
def run_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunShell:
    """An office with an SOP of the machine alone; every order ends with ``outcome``."""
    made = RunShell(tmp_path / "office")
    monkeypatch.setattr(Executor, "carry_out", lambda self, order: made.answer(order))
    return made
