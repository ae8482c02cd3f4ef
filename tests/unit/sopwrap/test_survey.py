from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sopwrap.survey import survey
from tests.unit.sopwrap.shells import RunShell


def test_an_open_case_tells_since_when_it_waits_and_what_is_over_its_standard_time(run_shell: RunShell) -> None:
    run_shell("run", "iain-ptk-2022/backup", ends=3)
    workspace, now = run_shell.workspace, datetime.now(UTC)
    [early] = survey(workspace, workspace.office(), workspace.ledger(), now).cases
    [later] = survey(workspace, workspace.office(), workspace.ledger(), now + timedelta(days=20)).cases
    assert (early.next.step, early.late, later.late) == ("l1", 0, 1)
    assert now - early.since < timedelta(minutes=5)
