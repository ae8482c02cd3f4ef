"""Until when papers are kept, by the office's archive schedule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sopwrap.archive import complaint, filed, later
from sopwrap.archive_rule import ArchiveRule
from sopwrap.history import CaseSpan

CASES = {
    "2020-0001": CaseSpan("2020-01-05T02:00:00.000000Z", "done", "2020-02-29T18:00:00.000000Z"),
    "2025-0001": CaseSpan("2025-01-05T02:00:00.000000Z", "stopped", "2025-01-06T02:00:00.000000Z"),
    "2026-0001": CaseSpan("2026-01-05T02:00:00.000000Z"),
}


def rule(*papers: str, final: str = "musnah", **years: int) -> ArchiveRule:
    told: dict[str, Any] = {"papers": list(papers), "active_years": 1, "inactive_years": 4, "final": final, **years}
    return ArchiveRule.model_validate(told)


def test_papers_are_kept_from_the_day_a_case_was_closed_on_the_offices_calendar() -> None:
    first, second = filed([rule()], CASES, "Asia/Jakarta", date(2026, 5, 1))
    assert (first.case, first.closed) == ("2020-0001", date(2020, 3, 1)), "two in the morning of 1 March in Jakarta"
    assert (first.active_until, first.kept_until, first.due) == (date(2021, 3, 1), date(2025, 3, 1), True)
    assert (second.kept_until, second.due) == (date(2030, 1, 6), False)


def test_each_paper_falls_under_its_own_rule_and_the_rest_under_the_one_without_names() -> None:
    found = filed([rule("minutes", final="permanen"), rule()], CASES, "UTC", date(2040, 1, 1))
    own = {one.final: one for one in found if one.case == "2020-0001"}
    assert own["permanen"].papers == ("minutes",) and not own["permanen"].due
    assert "minutes" not in own["musnah"].papers and "report" in own["musnah"].papers and own["musnah"].due
    assert own["musnah"].as_dict()["then"] == "musnah"


def test_a_day_the_later_year_has_not_becomes_the_last_of_february() -> None:
    assert later(date(2024, 2, 29), 1) == date(2025, 2, 28) and later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([rule("nota")], "no paper nota"),
        ([rule("minutes"), rule("minutes")], "in two rules"),
        ([rule(), rule()], "name no papers"),
        ([rule("minutes"), rule()], ""),
    ],
)
def test_rules_that_cannot_stand_together_are_told(rules: list[ArchiveRule], words: str) -> None:
    assert words in complaint(rules) and bool(complaint(rules)) == bool(words)
