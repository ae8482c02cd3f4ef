"""What may be destroyed and what never is."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sopwrap.case import Asset
from sopwrap.keep_rule import Keep
from sopwrap.points import Point
from sopwrap.records import Evidence
from sopwrap.retention import NOBODYS, Fate, Plan, plan, with_nobodys
from tests.unit.sopwrap.small_office import record

NOW = datetime(2026, 5, 31, 15, tzinfo=UTC)
ZONE = "Asia/Pontianak"
DAY = timedelta(days=1)
PROOF, FAILURE = record("verify", "web"), record("verify", "web", outcome="failed")


def asset(retention: str = "P7D", **keep: int) -> Asset:
    return Asset(id="web", kind="files", host="srv-a", retention=retention, keep=Keep(**keep), stores=["internal"])


def point(days: float, *stores: str, proof: Evidence | None = PROOF) -> Point:
    """A point of so many days ago; `proof` is the last attempt to read it back."""
    taken = NOW - days * DAY
    where = {store: record("backup", "web", store=store) for store in stores or ("internal",)}
    proofs = [proof] if proof else []
    return Point(f"web.{taken:%Y%m%dT%H%M%SZ}.{round(days * 10):06x}", "web", "files", "srv-a", taken, where, proofs)


def planned(known: list[Point], *held: str, now: datetime = NOW, rules: Asset | None = None) -> Plan:
    return plan([rules or asset()], sorted(known, key=lambda one: one.taken_at, reverse=True), held, ZONE, now)


def ages(found: Plan) -> list[int]:
    """How many days old those are that may go."""
    return [round((NOW - one.point.taken_at) / DAY) for one in found.doomed]


def fate(found: Plan, one: Point) -> Fate:
    return next(each for each in found.fates if each.point is one)


def test_every_point_is_kept_for_its_retention_and_no_longer() -> None:
    assert ages(planned([point(days) for days in range(12)])) == [7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ({"last": 10}, set(range(10))),
        ({"daily": 9}, set(range(9))),
        ({"weekly": 3}, {*range(7), 7, 14}),  # 31 May 2026 is a Sunday, the last day of its ISO week
        ({"monthly": 3}, {*range(7), 31, 61}),
        ({"yearly": 2}, {*range(7), 151}),
        ({"daily": 8, "weekly": 2, "monthly": 2}, {*range(8), 31}),
    ],
)
def test_beyond_it_the_newest_of_so_many_periods_are_kept(keep: dict[str, int], kept: set[int]) -> None:
    known = [point(days) for days in range(200)]
    assert set(range(200)) - set(ages(planned(known, rules=asset(**keep)))) == kept


def test_points_of_an_asset_that_left_the_register_are_kept_and_named_and_change_no_plan() -> None:
    known = [point(days) for days in range(12)]
    lost = [replace(point(days), id=f"lama-{days}", asset="lama") for days in (300, 400)]
    before = planned(known)
    found = with_nobodys(before, ["web"], [*lost, *known])
    assert [(one.point.id, one.kept) for one in found.fates[-2:]] == [(one.id, (NOBODYS,)) for one in lost]
    assert (len(found.fates), found.id, found.doomed) == (14, before.id, before.doomed)


def test_a_day_is_one_of_the_offices_calendar() -> None:
    late, early = point(0.9), point(0.91)  # soon after midnight on 31 May in Pontianak; 30 May, 17 o'clock UTC
    before = point(0.93)  # 23.41 on 30 May
    found = planned([late, early, before], rules=asset("PT1S", daily=2))
    assert [one.point for one in found.doomed] == [early]


def test_only_proven_points_count_and_take_the_place_of_no_good_one() -> None:
    good = [point(days) for days in (1, 10, 20, 30)]
    bad = [point(days, proof=proof) for days, proof in ((9, None), (8, FAILURE), (19, None))]
    found = planned(good + bad, rules=asset(last=3))
    assert [one.point for one in found.doomed] == [bad[1], bad[0], bad[2], good[3]]


@pytest.mark.parametrize("failing", [None, FAILURE], ids=["no proof", "proof fails"])
def test_after_seven_days_of_failing_backups_every_good_point_is_still_there(failing: Evidence | None) -> None:
    good = [point(days) for days in range(7, 14)]
    before = planned(good, now=NOW - 7 * DAY)
    bad = [point(days, proof=failing) for days in range(7)]
    for known in (good, good + bad):
        found = planned(known)
        assert not found.doomed
        assert before.id == found.id
    assert all("nothing newer is proven" in fate(found, one).kept for one in bad)


def test_nothing_goes_while_nothing_is_proven() -> None:
    assert not planned([point(days, proof=None) for days in range(0, 900, 30)]).doomed
    assert not planned([point(days, proof=FAILURE) for days in range(0, 900, 30)]).doomed


def test_the_last_proven_one_and_the_last_in_each_store_never_go() -> None:
    old, newer, newest = point(400, "internal", "external"), point(30, "internal"), point(0, "internal")
    found = planned([old, newer, newest])
    assert [one.point for one in found.doomed] == [newer]
    assert "the last one in external" in fate(found, old).kept
    assert "the last proven one" in fate(found, newest).kept
    broken = planned([point(0, proof=FAILURE), point(50), point(60)])
    assert ages(broken) == [60]


def test_a_store_keeps_its_last_proven_point_when_a_newer_one_there_is_not() -> None:
    proven, unproven = point(50, "internal", "external"), point(40, "internal", "external", proof=None)
    found = planned([proven, unproven, point(0)])
    assert "the last proven one in external" in fate(found, proven).kept


def test_a_held_point_stays_whatever_the_rules_say() -> None:
    one, other = point(30), point(40)
    found = planned([point(0), one, other], one.id)
    assert [each.point for each in found.doomed] == [other]
    assert fate(found, one).kept == ("held",)


def test_a_point_from_the_future_is_kept_and_counts_for_nothing() -> None:
    """The clock was set wrong for a day: that must not make all others look old."""
    future = point(-4000)
    found = planned([future, *(point(days) for days in range(7))])
    assert not found.doomed
    assert "dated in the future" in fate(found, future).kept


def test_a_plan_is_known_by_what_it_destroys_and_where() -> None:
    known = [point(0), point(30), point(40)]
    first = planned(known)
    assert first.id == planned(known, now=NOW + DAY).id
    assert first.id != planned(known[:2]).id
    assert first.id != planned(known, known[1].id).id
    assert first.targets[0] == {"point": known[1].id, "asset": "web", "store": "internal", "store_id": None}


def test_assets_keep_to_their_own_rules_and_points_of_none_are_not_named() -> None:
    other = asset().model_copy(update={"id": "db"})
    found = plan([other], [point(0), point(400)], (), ZONE, NOW)
    assert found.fates == ()


def test_ten_thousand_points_are_weighed_at_once() -> None:
    known = [point(days / 10) for days in range(10_000)]
    begun = time.process_time()
    found = planned(known, rules=asset(last=5, daily=14, weekly=8, monthly=24, yearly=10))
    assert time.process_time() - begun < 1
    assert len(found.fates) == 10_000
    assert len(found.as_dict()["points"]) == 10_000
