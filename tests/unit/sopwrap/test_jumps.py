from __future__ import annotations

from typing import Any

import pytest

from sopwrap.jumps import jumped, odd_sizes
from sopwrap.size_rule import SizeRule
from tests.unit.sopwrap.pasts import past
from tests.unit.sopwrap.small_office import record

MB = 1_000_000


@pytest.mark.parametrize(
    ("size", "before", "says"),
    [
        (5 * MB, 10 * MB, "shrunk from 10 MB to 5 MB"),
        (6 * MB, 10 * MB, ""),
        (100 * MB, 10 * MB, "grown"),
        (99 * MB, 10 * MB, ""),
        (0, 10 * MB, "shrunk"),
        (1, MB - 1, ""),
        (10 * MB, 0, "grown"),
    ],
)
def test_half_or_ten_times_is_a_jump_unless_both_are_small(size: int, before: int, says: str) -> None:
    [known] = past([before]).asset("arsip").points
    told = jumped(record("backup", "arsip", size_bytes=size), known, SizeRule())
    assert says in told and bool(says) == bool(told)


@pytest.mark.parametrize(
    ("now", "before", "says"),
    [
        ({"rows": 0}, {"rows": 1_000_000}, "no rows any more where there were 1,000,000"),
        ({"rows": 0}, {"rows": 1}, "no rows any more"),
        ({"items": 0}, {"items": 7}, "no items any more where there were 7"),
        ({"rows": 500}, {"rows": 1000}, "only 500 of 1,000 rows left"),
        ({"rows": 400}, {"rows": 999}, ""),
        ({"rows": 0, "items": 0}, {"rows": 0, "items": 0}, ""),
        ({"rows": None}, {"rows": 5000}, ""),
        ({"rows": 10**9}, {"rows": 5000}, ""),
    ],
)
def test_rows_that_are_gone_are_a_jump_whatever_the_size(
    now: dict[str, Any], before: dict[str, Any], says: str
) -> None:
    [known] = past([MB], **before).asset("arsip").points
    told = jumped(record("backup", "arsip", size_bytes=MB, **now), known, SizeRule())
    assert says in told and bool(says) == bool(told)


def test_an_asset_can_have_a_rule_of_its_own() -> None:
    history = past([100 * MB], case="2026-0001")
    small = record("backup", "arsip", point="p2", size_bytes=20 * MB)
    assert [one.asset for one in odd_sizes([small], history, "2026-0002", {}, SizeRule())] == ["arsip"]
    assert odd_sizes([small], history, "2026-0002", {"arsip": SizeRule(shrink=0.1)}, SizeRule()) == []


def test_a_retry_is_held_against_what_was_before_the_case_and_a_first_backup_against_nothing() -> None:
    history = past([100 * MB, MB])
    history.asset("arsip").points[-1].case = "2026-0002"
    again = record("backup", "arsip", point="p3", size_bytes=MB)
    [odd] = odd_sizes([again], history, "2026-0002", {}, SizeRule())
    assert odd.before == history.asset("arsip").points[0].id and odd.before in odd.message
    assert odd_sizes([again], past([]), "2026-0002", {}, SizeRule()) == []


def test_only_backups_that_succeeded_are_weighed() -> None:
    history = past([100 * MB], case="2026-0001")
    records = [
        record("copy", "arsip", point="p", size_bytes=1),
        record("backup", "arsip", point="p", size_bytes=1, outcome="failed"),
        record("backup", "arsip", point="p", size_bytes=1, outcome="planned"),
    ]
    assert odd_sizes(records, history, None, {}, SizeRule()) == []
