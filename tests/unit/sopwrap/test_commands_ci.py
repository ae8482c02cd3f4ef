from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sopwrap.shells import RunShell


def test_results_are_written_whatever_became_of_the_run(run_shell: RunShell, tmp_path: Path) -> None:
    run_shell("run", "uji/backup", "--results", str(tmp_path))
    run_shell.outcome = "failed"
    run_shell("run", "uji/backup", "--ci", "--results", str(tmp_path), ends=1)
    assert len(list(tmp_path.glob("junit-*.xml"))) == len(run_shell.cases) == 2


def test_in_a_ci_that_shows_them_failures_and_refusals_are_annotations(
    run_shell: RunShell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    run_shell.outcome = "failed"
    assert "::error title=arsip" in run_shell("run", "uji/backup", "--ci", ends=1).stdout
    assert "is held" in (tmp_path / "page.md").read_text()
    assert "::error::There is no SOP ujian" in run_shell("run", "ujian/backup", "--ci", ends=2).stdout
    assert "::error" not in run_shell("run", "uji/backup", ends=1).stdout, "nobody asked"
