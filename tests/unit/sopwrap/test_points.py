from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sopwrap.case import Asset
from sopwrap.points import points, standing
from sopwrap.records import Evidence, Verification
from tests.unit.sopwrap.small_office import record

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
ASSET = Asset(id="web", kind="files", host="srv-a", rpo="P1D", stores=["internal", "external"])


def told(action: str, hours: float, point: str = "web.1", **more: Any) -> Evidence:
    at = NOON - timedelta(hours=hours)
    return record(action, "web", **more).model_copy(update={"point": point, "started_at": at, "finished_at": at})


def test_a_point_is_in_every_store_a_good_record_puts_it_in() -> None:
    [point] = points(
        [
            told("backup", 5).model_copy(update={"size_bytes": 10}),
            told("copy", 4, store="external"),
            told("copy", 4, store="third", outcome="failed"),
        ]
    )
    assert list(point.stores) == ["internal", "external"]
    assert (point.size_bytes, point.taken_at, point.proven_at) == (10, NOON - timedelta(hours=5), None)


def test_the_newest_point_comes_first_and_plans_are_no_points() -> None:
    found = points([told("backup", 30), told("backup", 2, "web.2"), told("backup", 1, "web.3", outcome="planned")])
    assert [one.id for one in found] == ["web.2", "web.1"]


def test_a_proof_that_failed_takes_the_earlier_one_back() -> None:
    good, bad = told("verify", 3), told("verify", 1, outcome="failed")
    assert points([told("backup", 5), good])[0].proven_at == NOON - timedelta(hours=3)
    assert points([told("backup", 5), good, bad])[0].proven_at is None
    lying = told("verify", 1).model_copy(update={"verify": Verification(method="read", ok=False, detail="differs")})
    assert points([told("backup", 5), lying])[0].proven_at is None


def test_a_point_that_was_destroyed_in_a_store_is_not_there_and_in_its_last_store_it_is_gone() -> None:
    made = [told("backup", 5), told("copy", 4, store="external")]
    kept = told("destroy", 1, outcome="unchanged")
    assert list(points([*made, told("destroy", 1), kept])[0].stores) == ["external"]
    assert list(points([*made, kept, told("destroy", 1, outcome="failed")])[0].stores) == ["internal", "external"]
    assert points([*made, told("destroy", 1), told("destroy", 1, store="external"), told("verify", 0)]) == []


def test_evidence_of_no_point_is_passed_over() -> None:
    assert points([record("check_media", None), told("verify", 1, "unknown")]) == []


def test_an_asset_stands_by_the_age_of_its_newest_point_against_its_rpo() -> None:
    known = points([told("backup", 30), told("verify", 29), told("backup", 23, "web.2")])
    now = standing(ASSET, known, NOON)
    assert (now.word, now.age, now.rpo) == ("ok", timedelta(hours=23), timedelta(days=1))
    assert now.newest and now.newest.id == "web.2"
    assert now.proven_at == NOON - timedelta(hours=29)
    assert now.missing_stores == ["external"]
    assert standing(ASSET, known, NOON + timedelta(hours=2)).word == "late"


def test_an_asset_that_was_never_backed_up_is_late() -> None:
    now = standing(ASSET, [], NOON)
    assert (now.word, now.late, now.missing_stores) == ("never", True, ["internal", "external"])
    assert now.as_dict()["age_seconds"] is None


def test_an_asset_without_an_rpo_is_never_late_once_it_has_a_point() -> None:
    asset = ASSET.model_copy(update={"rpo": None})
    assert standing(asset, points([told("backup", 9999)]), NOON).word == "ok"
