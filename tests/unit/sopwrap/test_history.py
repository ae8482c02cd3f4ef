from __future__ import annotations

import json
from datetime import timedelta

from sopwrap.history import KEPT, History, ago, moment
from sopwrap.records import Verification
from tests.unit.sopwrap.pasts import NOW, ZONE, past, told


def test_points_keep_their_stores_sizes_and_proofs_in_order() -> None:
    history = past([10, 20])
    told(history, "copy", 0, store="external")
    told(history, "verify", 0)
    [old, new] = history.asset("arsip").points
    assert (old.size_bytes, new.size_bytes, new.stores, new.seconds) == (10, 20, ["internal", "external"], 5.0)
    assert old.proven_at is None and new.proven_at == NOW + timedelta(seconds=5)
    assert history.asset("arsip").proven == new.proven


def test_a_failed_proof_takes_the_proof_away_and_is_remembered_as_a_failure() -> None:
    history = past([10])
    told(history, "verify", 0)
    told(history, "verify", 0, outcome="failed", case="2026-0002")
    known = history.asset("arsip")
    assert known.points[-1].proven is None and known.proven is None
    assert known.failed_case == "2026-0002" and "broke" in known.failure


def test_a_proof_that_found_a_difference_is_none() -> None:
    history = past([10])
    told(history, "verify", 0, verify=Verification(method="read", ok=False, detail="differs"))
    assert history.asset("arsip").proven is None


def test_what_was_destroyed_in_its_last_store_is_no_point_any_more() -> None:
    history = past([100, 200])
    first, second = history.asset("arsip").points
    told(history, "destroy", 0, point=first.id, outcome="unchanged")
    assert len(history.asset("arsip").points) == 2
    for store in list(first.stores):
        told(history, "destroy", 0, point=first.id, store=store)
    assert history.asset("arsip").points == [second]


def test_what_was_only_planned_counts_for_nothing() -> None:
    history = past([])
    told(history, "backup", 0, outcome="planned")
    assert history.assets == {} and history.days == {}


def test_days_are_those_of_the_office_and_tell_good_and_bad() -> None:
    history = History(ZONE)
    told(history, "backup", 8 / 24 + 0.01, case="2026-0001")  # 16.45 UTC the day before: still the 7th in Jakarta
    told(history, "backup", 0, outcome="failed", case="2026-0002")
    assert {day: (one.good, one.bad, one.cases) for day, one in history.days.items()} == {
        "2026-05-07": (1, 0, ["2026-0001"]),
        "2026-05-08": (0, 1, ["2026-0002"]),
    }


def test_a_store_remembers_its_room_once_a_day_by_its_medium_or_repository() -> None:
    history = History(ZONE)
    for days_ago, free in ((1, 500), (0.01, 450), (0, 400)):
        told(history, "backup", days_ago, free_bytes=free, store_id="ab12")
    told(history, "check_media", 0, None, free_bytes=7, medium="HDD-01", store="external", point=None)
    assert list(history.stores["ab12"].free.values()) == [500, 400]
    assert history.stores["HDD-01"].free == {"2026-05-08": 7}


def test_an_odd_size_is_no_measure_until_a_person_goes_on_with_it() -> None:
    history = past([100], case="2026-0001")
    told(history, "backup", 0, point="odd", size_bytes=1, case="2026-0002")
    history.take("odd", "2026-0002", "", {"asset": "arsip", "point": "odd", "message": "1 B after 100 B"})
    accepted = history.accepted("arsip")
    assert accepted is not None and accepted.size_bytes == 100
    history.take("released", "2026-0002", "", {"choice": "retry"})
    assert history.asset("arsip").points[-1].odd
    history.take("released", "2026-0002", "", {"choice": "continue"})
    accepted = history.accepted("arsip")
    assert accepted is not None and accepted.size_bytes == 1
    assert history.accepted("arsip", but="2026-0002") == history.asset("arsip").points[0]


def test_cases_tell_when_they_began_and_how_they_ended() -> None:
    history = History(ZONE)
    history.take("case.opened", "2026-0001", "2026-05-01T00:00:00.000000Z", {})
    history.take("case.closed", "2026-0001", "2026-05-02T00:00:00.000000Z", {"outcome": "stopped"})
    history.take("step.done", "2026-0001", "", {})
    assert (history.cases["2026-0001"].outcome, history.cases["2026-0001"].closed) == (
        "stopped",
        "2026-05-02T00:00:00.000000Z",
    )


def test_it_stays_small_and_comes_back_from_its_plain_form_as_it_was() -> None:
    history = past(list(range(KEPT + 30)), free_bytes=5, case="2026-0001")
    told(history, "restore", 0, point="arsip.20260508")
    assert len(history.asset("arsip").points) == KEPT and len(next(iter(history.stores.values())).free) == KEPT
    assert history.asset("arsip").restore_seconds == 5.0
    assert History.from_plain(json.loads(json.dumps(history.as_plain()))) == history


def test_times_of_the_ledger_are_read_as_utc() -> None:
    assert moment("2026-05-08T01:00:00.000000Z") == NOW
    assert ago("2026-05-08T00:00:00.000000Z", NOW) == timedelta(hours=1) and ago(None, NOW) is None
