from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sopwrap.acts import Word, sign
from sopwrap.begin import begin, moment_of
from sopwrap.errors import UsageError
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import Place, office, place, refused

ZONE = ZoneInfo("Asia/Pontianak")
NOW = datetime(2026, 5, 8, 3, 0, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("09:30", "2026-05-08T02:30"),
        ("9.30", "2026-05-08T02:30"),
        ("2026-05-07 16:00", "2026-05-07T09:00"),
        ("2026-05-07T09:00:00Z", "2026-05-07T09:00"),
        ("2026-05-07T18:00+09:00", "2026-05-07T09:00"),
    ],
)
def test_a_time_is_on_the_offices_clock_unless_it_says_otherwise(text: str, utc: str) -> None:
    assert moment_of(text, ZONE, NOW) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["25:00", "tadi pagi", "2026-02-30 10:00"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        moment_of(text, ZONE, NOW)


def test_who_begins_is_kept_and_the_step_still_waits_for_them(here: Place) -> None:
    case = begin(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    one = case.step("l1").rounds[0]
    assert case.state == "waiting"
    assert one.began_at and one.began_by and one.began_by.id == "siti"
    assert one.due_at <= one.began_at <= case.changed_at
    assert here.sign("siti").step("l1").rounds[0].began_at == one.began_at


def test_a_step_is_begun_once_by_somebody_of_its_lane_while_it_stands_there(here: Place) -> None:
    refused(here, lambda: begin(here.ledger, here.office, here.id, Vouch("andi", "operator")), "does not fill the lane")
    begin(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    refused(here, lambda: begin(here.ledger, here.office, here.id, Vouch("siti", "operator")), "was begun at")
    refused(here, lambda: begin(here.ledger, here.office, here.id, Vouch("siti", "operator"), "l9"), "not come to l9")


def test_nobody_began_before_the_step_was_due_or_after_now(here: Place) -> None:
    now = datetime.now(UTC)
    for when, told in [(now - timedelta(days=1), "before the case came to step l1"), (now + timedelta(days=1), "yet")]:
        vouch, text = Vouch("siti", "operator"), when.isoformat()
        refused(here, lambda v=vouch, t=text: begin(here.ledger, here.office, here.id, v, None, t), told)
        refused(here, lambda v=vouch, t=text: sign(here.ledger, here.office, here.id, v, None, Word(began=t)), told)


def test_the_beginning_told_with_the_signature_is_part_of_what_is_signed(tmp_path: Path) -> None:
    from tests.unit.sopwrap.test_signatures import new_key, public

    key = new_key(tmp_path, "siti")
    here = place(tmp_path, people=office(siti=public(key)))
    due = here.case().opened_at
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator", key=key), None, Word(began=due.isoformat()))
    line = here.ledger.entries(here.id)[1]
    assert line.data["began"] and line.data["method"] == "signed"
    assert here.case().step("l1").rounds[0].began_at == due
