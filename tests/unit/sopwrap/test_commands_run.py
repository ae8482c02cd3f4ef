from __future__ import annotations

from sopwrap.workspace import Workspace
from tests.unit.sopwrap.shells import RunShell


def test_a_procedure_of_the_machine_runs_to_its_end(run_shell: RunShell) -> None:
    result = run_shell("run", "uji/backup", "--ci")
    assert "is done" in result.stdout
    assert [(one.actions, [asset.id for asset in one.assets]) for one in run_shell.orders] == [
        (("backup_assets", "verify_points"), ["arsip", "laman"])
    ]
    assert "laman has no external store" in result.stderr


def test_a_procedure_that_waits_for_a_person_ends_with_3_and_the_command_for_it(run_shell: RunShell) -> None:
    said = run_shell("run", "iain-ptk-2022", ends=3).stdout
    assert "waits at step l1 for Kepala PTID (siti)" in said
    assert f"sopwrap case sign {run_shell.cases[0]} l1 --as siti" in said
    assert run_shell.orders == []


def test_a_failed_run_holds_the_case_and_ends_with_1(run_shell: RunShell) -> None:
    run_shell.outcome = "failed"
    said = run_shell("run", "uji/backup", ends=1).stdout
    assert "is held at step s1" in said
    assert "retry" in said


def test_assets_and_hosts_can_be_chosen(run_shell: RunShell) -> None:
    run_shell("run", "uji/backup", "--asset", "lain")
    assert [one.id for one in run_shell.orders[-1].assets] == ["lain"]
    run_shell("run", "uji/backup", "--limit", "srv-b")
    assert [one.id for one in run_shell.orders[-1].assets] == ["laman"]


def test_wrong_choices_open_no_case(run_shell: RunShell) -> None:
    assert "Did you mean arsip?" in run_shell("run", "uji/backup", "--asset", "arsib", ends=2).stderr
    assert (
        "No host with an asset matches `nosuch`" in run_shell("run", "uji/backup", "--limit", "nosuch", ends=5).stderr
    )
    assert "is left on hosts" in run_shell("run", "uji/backup", "--asset", "laman", "--limit", "srv-a", ends=5).stderr
    assert "There is no SOP ujian" in run_shell("run", "ujian/backup", ends=2).stderr
    assert run_shell.cases == []


def test_a_second_run_is_told_to_wait_and_opens_no_case(run_shell: RunShell) -> None:
    with Workspace(run_shell.workspace.folder).lock():
        assert "Another run is at work" in run_shell("run", "uji/backup", ends=75).stderr
    assert run_shell.cases == []


def test_a_dry_run_opens_no_case_and_leaves_out_what_a_backup_has_yet_to_make(run_shell: RunShell) -> None:
    said = run_shell("run", "uji/backup", "--dry-run").stdout
    assert "no case was opened" in said
    assert (run_shell.orders[0].check, run_shell.orders[0].actions) == (True, ("backup_assets",))
    assert run_shell.cases == []
    assert [one.data["record"]["outcome"] for one in run_shell.workspace.ledger().of_kind("evidence")] == []
    run_shell.outcome = "failed"
    told = run_shell("run", "uji/backup", "--dry-run", ends=1)
    assert "It broke." in told.stdout + told.stderr


def test_a_dry_run_goes_on_after_what_failed_and_stops_when_interrupted(run_shell: RunShell) -> None:
    run_shell.outcome = "failed"
    said = run_shell("run", "iain-ptk-2022/backup", "--dry-run", ends=1).stdout
    assert [one.actions for one in run_shell.orders] == [("check_media",), ("backup_assets",)]
    assert "Dry run: check_media failed, backup_assets failed. Nothing was written" in said
    run_shell.outcome = "canceled"
    run_shell("run", "iain-ptk-2022/backup", "--dry-run", ends=130)
    assert len(run_shell.orders) == 3
