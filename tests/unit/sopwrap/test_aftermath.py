from __future__ import annotations

import yaml

from tests.unit.sopwrap.shells import RunShell


def setting(shell: RunShell, **more: object) -> None:
    path = shell.workspace.folder / "office.yml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **more}))


def test_every_run_renews_the_board_and_the_figures_whatever_became_of_it(run_shell: RunShell) -> None:
    setting(run_shell, board="papan/index.html", metrics="sopwrap.prom")
    folder = run_shell.workspace.folder
    run_shell("run", "uji/backup")
    assert 'href="../papers/' in (folder / "papan" / "index.html").read_text()
    assert 'sopwrap_cases{state="held"} 0.0' in (folder / "sopwrap.prom").read_text()
    run_shell.outcome = "failed"
    run_shell("run", "uji/backup", ends=1)
    assert 'sopwrap_cases{state="held"} 1.0' in (folder / "sopwrap.prom").read_text()


def test_a_board_that_cannot_be_written_is_a_warning_and_the_runs_end_stands(run_shell: RunShell) -> None:
    setting(run_shell, board="office.yml/index.html")
    assert "The board and the figures were not renewed" in run_shell("run", "uji/backup").stderr


def test_nothing_is_written_where_the_office_asks_for_nothing(run_shell: RunShell) -> None:
    before = {path.name for path in run_shell.workspace.folder.iterdir()}
    run_shell("run", "uji/backup")
    assert {path.name for path in run_shell.workspace.folder.iterdir()} - before <= {
        "ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.db.lock", ".sopwrap", "papers"}  # fmt: skip
