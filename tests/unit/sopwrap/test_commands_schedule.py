from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unit.sopwrap.shells import RunShell


@pytest.fixture
def shell(run_shell: RunShell) -> RunShell:
    """The office with one schedule."""
    path = run_shell.workspace.folder / "office.yml"
    daily = {"procedure": "uji/backup", "every": "P1D", "starts": "2026-01-05", "at": "19:00"}
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "schedules": [daily]}))
    return run_shell


def test_files_are_printed_or_written_with_what_to_do_with_them(shell: RunShell, tmp_path: Path) -> None:
    printed = shell("schedule").stdout
    assert printed.count("# ---- sopwrap-office-") == 4 and "OnCalendar=*-*-* 19:00:00 Asia/Jakarta" in printed
    told = shell("schedule", "systemd", "-o", str(tmp_path / "units"), "--user", "cadangan")
    assert "systemctl enable --now sopwrap-office-due.timer sopwrap-office-watch.timer" in told.stderr
    assert "User=cadangan" in (tmp_path / "units" / "sopwrap-office-due.service").read_text()


def test_an_office_without_schedules_is_told_how_one_looks(run_shell: RunShell) -> None:
    assert "every: P1M" in run_shell("schedule", "cron", ends=2).stderr
