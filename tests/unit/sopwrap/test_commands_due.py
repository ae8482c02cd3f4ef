"""`sopwrap run --due`, with the clock held."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from sopwrap.commands import _due
from sopwrap.engine import load_case
from tests.unit.sopwrap.shells import RunShell


def scheduled(shell: RunShell, monkeypatch: pytest.MonkeyPatch, now: str, *schedules: dict[str, object]) -> None:
    path = shell.workspace.folder / "office.yml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"schedules": list(schedules)}))
    monkeypatch.setattr(_due, "now", lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))


MONTHLY = {"procedure": "uji/backup", "every": "P1M", "starts": "2026-01-05", "at": "19:00", "assets": ["laman"]}
ORDERED = {"procedure": "iain-ptk-2022/backup", "every": "P1M", "starts": "2026-01-05", "at": "19:00"}


def test_what_is_due_is_opened_once_a_period(run_shell: RunShell, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(run_shell, monkeypatch, "2026-01-05T12:00", MONTHLY)
    run_shell("run", "--due", "--ci")
    assert "Nothing is due. Next: uji/backup on 2026-02-05 12:00 UTC." in run_shell("run", "--due").stdout
    [name] = run_shell.cases
    case = load_case(run_shell.workspace.ledger(), name)
    assert (case.trigger["kind"], case.trigger["period"]) == ("schedule", "2026-01-05")
    assert [asset.id for asset in case.assets] == ["laman"]


def test_missed_periods_are_told_and_the_newest_is_opened(run_shell: RunShell, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(run_shell, monkeypatch, "2026-04-01T00:00", MONTHLY)
    assert "Missed and not opened: 2026-01-05, 2026-02-05." in run_shell("run", "--due", "--ci").stderr
    assert len(run_shell.cases) == 1


def test_where_the_paper_wants_an_order_the_case_waits_for_it(
    run_shell: RunShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(run_shell, monkeypatch, "2026-01-06T00:00", ORDERED)
    assert "waits at step l1" in run_shell("run", "--due", "--ci", ends=3).stdout
    assert run_shell.orders == []


def test_a_schedule_that_cannot_be_opened_keeps_no_other_from_it(
    run_shell: RunShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(run_shell, monkeypatch, "2026-01-06T00:00", MONTHLY | {"assets": ["hilang"]}, MONTHLY)
    said = run_shell("run", "--due", "--ci", ends=1)
    assert "There is no asset hilang" in said.stderr
    assert len(run_shell.cases) == 1


def test_nothing_scheduled_and_words_beside_due_are_told(run_shell: RunShell) -> None:
    assert "office.yml has no `schedules`" in run_shell("run", "--due").stdout
    assert "takes its procedures and assets from office.yml" in run_shell("run", "uji", "--due", ends=2).stderr
    assert "Name a procedure." in run_shell("run", ends=2).stderr
