from __future__ import annotations

from datetime import UTC, datetime, timedelta

import yaml

from sopwrap.survey import overdue, survey
from tests.unit.sopwrap.shells import RunShell


def test_an_open_case_tells_since_when_it_waits_and_what_is_over_its_standard_time(run_shell: RunShell) -> None:
    run_shell("run", "iain-ptk-2022/backup", ends=3)
    workspace, now = run_shell.workspace, datetime.now(UTC)
    [early] = survey(workspace, workspace.office(), workspace.ledger(), now).cases
    [later] = survey(workspace, workspace.office(), workspace.ledger(), now + timedelta(days=20)).cases
    assert (early.next.step, early.late, later.late) == ("l1", 0, 1)
    assert now - early.since < timedelta(minutes=5)


def test_a_schedule_nobody_ran_is_told_by_the_watchdog_after_an_hour(run_shell: RunShell) -> None:
    path = run_shell.workspace.folder / "office.yml"
    daily = {"procedure": "uji/backup", "every": "P1D", "starts": "2026-01-05", "at": "00:00"}
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "schedules": [daily], "timezone": "UTC"}))
    workspace = run_shell.workspace
    office, ledger = workspace.office(), workspace.ledger()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert overdue(office, ledger, midnight + timedelta(minutes=50)) == []
    assert overdue(office, ledger, midnight + timedelta(hours=2)) == [f"uji/backup {midnight:%Y-%m-%d}"]
    run_shell("run", "--due", "--ci")
    assert overdue(office, ledger, midnight + timedelta(hours=2)) == []
