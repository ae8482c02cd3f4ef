"""The files that wake sopwrap: what systemd says of them, and their pipelines' steps carried out as a shell does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.pipeline import WAITS, Runner, waiting
from tests.integration.tiny import Tiny
from tests.office.process import program
from tests.unit.sopwrap.shells import RunShell

DAILY = {"procedure": "uji/backup", "every": "P1D", "starts": "2026-01-05", "at": "00:00"}
MONTHLY = {"procedure": "iain-ptk-2022/backup", "every": "P1M", "starts": "2026-01-31", "at": "23:30"}


def setting(folder: Path, **more: Any) -> None:
    path = folder / "office.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **more}))


@pytest.fixture
def shell(tmp_path: Path) -> RunShell:
    made = RunShell(tmp_path / "kantor satu")
    setting(made.workspace.folder, schedules=[DAILY, MONTHLY], timezone="Asia/Jayapura")
    return made


def test_systemd_finds_nothing_wrong_with_the_units_and_their_moments(shell: RunShell, tmp_path: Path) -> None:
    shell("schedule", "systemd", "-o", str(tmp_path / "units"))
    units = sorted((tmp_path / "units").iterdir())
    assert len(units) == 4
    said = subprocess.run(
        [program("systemd-analyze"), "verify", "--recursive-errors=no", *map(str, units)],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert not [line for line in said.stderr.splitlines() if "sopwrap" in line], said.stderr
    moments = [line[11:] for unit in units for line in unit.read_text().splitlines() if line.startswith("OnCalendar=")]
    assert len(moments) == 3
    for moment in moments:
        subprocess.run([program("systemd-analyze"), "calendar", moment], check=True, capture_output=True)


def test_without_a_schedule_or_a_folder_to_write_to_it_is_said(shell: RunShell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be written" in shell("schedule", "cron", "-o", str(tmp_path / "file" / "x"), ends=1).stderr
    assert "0 * * * *" in shell("schedule", "cron").stdout or "15 * * * *" in shell("schedule", "cron").stdout
    setting(shell.workspace.folder, schedules=[])
    assert "nothing to wake" in shell("schedule", ends=2).stderr


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    made = Tiny(tmp_path)
    waiting(made)
    return made


def test_the_workflow_for_github_backs_up_tells_the_page_and_keeps_its_results(tiny: Tiny) -> None:
    setting(tiny.folder, schedules=[DAILY])
    workflow = yaml.safe_load(tiny("schedule", "github"))
    run = Runner(tiny, "")
    page = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(run.page)}
    due = workflow["jobs"]["due"]["steps"][0]["run"]
    assert run(due, **page).returncode == 0
    assert "### ✅" in run.page.read_text() and len(list((run.folder / "results").glob("junit-*.xml"))) == 1
    again = run(due, **page)
    assert again.returncode == 0 and "Nothing is due" in again.stdout
    watch = workflow["jobs"]["watch"]["steps"][0]["run"]
    assert run(watch, **page).returncode == 0
    (tiny.root / "arsip.db").unlink()
    (tiny.folder / "ledger.db").unlink()
    ended = run(due, **page)
    assert ended.returncode == 1 and "::error title=arsip" in ended.stdout
    assert run(watch, **page).returncode == 1, "arsip was never backed up"


def test_the_job_for_gitlab_passes_with_a_warning_where_a_person_is_needed(tiny: Tiny) -> None:
    setting(tiny.folder, schedules=[{**DAILY, "procedure": WAITS}])
    job = yaml.safe_load(tiny("schedule", "gitlab"))["sopwrap-due"]
    run = Runner(tiny, "")
    ended = run("\n".join(job["script"]))
    assert ended.returncode == 3 and ended.returncode in job["allow_failure"]["exit_codes"]
    assert list(run.folder.glob(job["artifacts"]["reports"]["junit"]))


def test_the_line_of_the_crontab_says_nothing_when_nothing_is_wrong(tiny: Tiny) -> None:
    setting(tiny.folder, schedules=[{**DAILY, "starts": "2999-01-01"}])
    lines = [line for line in tiny("schedule", "cron").splitlines() if line and not line.startswith("#")]
    ended = Runner(tiny, "")(lines[0].split(maxsplit=5)[5].replace(r"\%", "%"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
