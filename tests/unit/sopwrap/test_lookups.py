from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sopwrap.capacity import restore_work
from sopwrap.case import Case
from sopwrap.lookups import LOOKUPS, Known, look_up
from sopwrap.records import Replacement, Verification
from sopwrap.sop import library
from tests.unit.sopwrap.small_office import place, record

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def ask(name: str, case: Case, *records: Any) -> dict[str, Any]:
    return look_up(name, case, case.steps[0], Known(records), NOW)


def test_every_lookup_an_sop_lists_is_there() -> None:
    wanted = {
        one
        for sop in library().values()
        for procedure in sop.procedures
        for step in procedure.steps
        for one in step.asked
    }
    assert wanted <= set(LOOKUPS)


def test_a_lookup_of_a_later_version_finds_nothing_and_says_so(tmp_path: Path) -> None:
    found = ask("invented", place(tmp_path).case())
    assert (found["ok"], found["facts"]) == (False, {})
    assert "no lookup invented" in found["text"]


def test_assets_without_owner_or_review_speak_against_going_on(tmp_path: Path) -> None:
    found = ask("asset_lookup", place(tmp_path).case())
    assert not found["ok"]
    assert "not reviewed within a year: siakad-db, laman" in found["text"]
    assert "without an owner: siakad-db, laman" in found["text"]
    assert found["facts"]["assets"][0]["review_due"] is True


def test_the_catalogue_tells_points_and_when_they_were_proven(tmp_path: Path) -> None:
    proof = Verification(method="read", ok=True, detail="")
    made = [record("backup", "laman", point="laman-1"), record("verify", "laman", point="laman-1", verify=proof)]
    found = ask("catalogue_lookup", place(tmp_path).case(), *made)
    assert "no point of siakad-db" in found["text"]
    laman = found["facts"]["assets"][1]
    assert (laman["points_in_all"], laman["points"][0]["point"]) == (1, "laman-1")
    assert laman["points"][0]["proven_at"] is not None


def test_capacity_says_what_is_not_known(tmp_path: Path) -> None:
    found = ask("capacity_check", place(tmp_path).case())
    assert found["ok"]
    assert "nothing is known of siakad-db, laman" in found["text"]
    assert "room not known in internal, external" in found["text"]


def test_capacity_says_how_large_an_asset_is_and_by_what(tmp_path: Path) -> None:
    plan = record("backup", "laman", outcome="planned", size_bytes=2048)
    found = ask(
        "capacity_check", place(tmp_path).case(), plan, record("backup", "siakad-db", point="s-1", size_bytes=1024)
    )
    assert "siakad-db 1.02 kB by its history; laman 2.05 kB by its source" in found["text"]
    assert [one["basis"] for one in found["facts"]["assets"]] == ["history", "source"]


def test_names_are_those_of_the_points_made_in_the_case(tmp_path: Path) -> None:
    assert ask("point_names", place(tmp_path).case())["text"] == "No recovery point was made in this case."


def told(**changed: Any) -> Replacement:
    known = {"services": ["nginx.service"], "idle": True, "stopped_at": "2026-11-21T00:00:00.000000Z"}
    return Replacement.model_validate(
        {"mode": "replace", **known, "started_at": "2026-11-21T00:00:04.000000Z", **changed}
    )


def test_the_services_of_a_restore_are_known_from_its_plan(tmp_path: Path) -> None:
    planned = record("restore", "laman", outcome="planned", restore=told())
    found = ask("service_plan", place(tmp_path).case(), planned)
    assert found["ok"] and "siakad-db: none that is known; laman: nginx.service" in found["text"]


def test_capacity_of_a_restore_is_the_room_beside_what_lives(tmp_path: Path) -> None:
    asset = place(tmp_path).case().assets[1]
    plan = record("restore", "laman", outcome="planned", restore=told(needed_bytes=10, free_bytes=5))
    work = restore_work(asset, [plan, record("restore", "siakad-db")])
    assert (work.enough, work.seconds) == (False, None) and "10 B of 5 B" in work.sentence
    assert restore_work(asset, []).enough is None and "was planned" in restore_work(asset, []).sentence
