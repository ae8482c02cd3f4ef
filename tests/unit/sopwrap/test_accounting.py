from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sopwrap.accounting import Frame, missing, owed, passed_over, unpaid
from sopwrap.case import Asset
from sopwrap.events import Failure, Heard
from tests.unit.sopwrap.small_office import record

BOTH = ["backup_assets", "verify_points"]
DB = Asset(id="db", kind="postgresql", host="srv-a", stores=["internal", "external"])
WEB = Asset(id="web", kind="files", host="srv-a", stores=["internal"])
FAR = Asset(id="far", kind="files", host="srv-b", stores=["internal"])
FRAME = Frame("2026-0001", "l7", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))


def heard(*records: Any, failures: list[Failure] | None = None, error: str = "") -> Heard:
    return Heard(records=list(records), failures=failures or [], error=error)


def test_a_backup_owes_one_record_for_each_store_and_a_proof_owes_one() -> None:
    due = [(one.playbook, one.action, one.asset.id, one.store) for one in owed(BOTH, [DB, WEB])]
    assert due == [
        ("backup_assets", "backup", "db", "internal"),
        ("backup_assets", "copy", "db", "external"),
        ("backup_assets", "backup", "web", "internal"),
        ("verify_points", "verify", "db", None),
        ("verify_points", "verify", "web", None),
    ]


def test_copying_alone_owes_a_record_for_each_further_store() -> None:
    assert [(one.asset.id, one.store) for one in owed(["copy_points"], [DB, WEB])] == [("db", "external")]


def test_playbooks_about_media_owe_no_asset_anything() -> None:
    assert owed(["check_media", "list_points"], [DB]) == []


def test_an_asset_that_has_failed_owes_nothing_more() -> None:
    due = owed(BOTH, [DB])
    assert missing(due, [record("backup", "db", outcome="failed")]) == []
    assert [one.action for one in missing(due, [record("backup", "db")])] == ["copy", "verify"]


def test_a_record_of_another_store_pays_no_debt() -> None:
    due = owed(["backup_assets"], [DB])
    assert [one.store for one in missing(due, [record("backup", "db", "elsewhere")])] == ["internal", "external"]


def test_an_asset_that_did_well_is_proven_although_its_neighbour_failed() -> None:
    due = owed(BOTH, [DB, WEB, FAR])
    told = heard(
        record("backup", "db", outcome="failed"),
        record("backup", "web"),
        failures=[Failure("srv-a", "a kind failed"), Failure("srv-b", "no route", unreachable=True)],
    )
    assert [(one.playbook, one.asset.id) for one in passed_over(due, told)] == [("verify_points", "web")]


def test_what_never_began_is_not_tried_again() -> None:
    due = owed(BOTH, [DB, WEB])
    assert passed_over(due, heard(failures=[Failure("srv-a", "crashed", "postgresql")])) == []
    half = heard(record("backup", "db"), failures=[Failure("srv-a", "crashed while copying", "postgresql")])
    assert passed_over(due, half) == []


def test_each_asset_without_evidence_gets_one_failed_record_that_says_why() -> None:
    due = owed(BOTH, [DB, WEB, FAR])
    told = heard(
        failures=[
            Failure("srv-a", "pg_dump is not there", "postgresql"),
            Failure("srv-b", "no route", unreachable=True),
        ]
    )
    made = unpaid(due, told, FRAME)
    assert [(one.asset, one.action, one.store, one.outcome, one.case, one.step) for one in made] == [
        ("db", "backup", "internal", "failed", "2026-0001", "l7"),
        ("web", "backup", "internal", "failed", "2026-0001", "l7"),
        ("far", "backup", "internal", "failed", "2026-0001", "l7"),
    ]
    assert made[0].message == "No evidence of the backup of db came back from srv-a: pg_dump is not there."
    assert made[2].message == "srv-b was not reached: no route."
    assert (made[0].started_at, made[0].finished_at) == (FRAME.started_at, FRAME.finished_at)


def test_a_record_missing_from_a_silent_run_says_what_ansible_said() -> None:
    due = owed(["backup_assets"], [WEB])
    assert unpaid(due, heard(error="no such role"), FRAME)[0].message.endswith("from srv-a: no such role.")
    assert unpaid(due, heard(), FRAME)[0].message.endswith("Ansible said nothing about it.")
    other = heard(failures=[Failure("srv-b", "x")], error="text about another host")
    assert unpaid(due, other, FRAME)[0].message.endswith("Ansible said nothing about it.")


def test_when_everything_came_nothing_is_made_up() -> None:
    due = owed(BOTH, [WEB])
    assert unpaid(due, heard(record("backup", "web"), record("verify", "web", "external")), FRAME) == []
