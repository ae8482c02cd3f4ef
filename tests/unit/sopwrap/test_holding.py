from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sopwrap.errors import UsageError
from sopwrap.holding import hold, permitted, release, standing_holds
from sopwrap.ledger import Draft, open_ledger
from sopwrap.office import Office
from sopwrap.permits import read
from sopwrap.statement import Statement
from tests.office.permits import Authority
from tests.unit.collection.test_permit import PLAN
from tests.unit.sopwrap import cases

OFFICE = Office.model_validate({**cases.OFFICE, "holidays": []})
POINT = "web.20260101T000000Z.aaaaaa"


def word(reason: str = "Bukti insiden") -> Statement:
    return Statement("rina", "operator1", "005/12", reason)


def test_a_point_is_held_with_reason_and_person_until_it_is_released(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    hold(ledger, OFFICE, POINT, word())
    held = standing_holds(ledger)[POINT]
    assert (held.reason, held.actor.id, held.stated_by, held.letter) == ("Bukti insiden", "rina", "operator1", "005/12")
    assert held.as_dict()["person"] == "rina"
    release(ledger, OFFICE, POINT, word("Selesai"))
    assert standing_holds(ledger) == {}
    hold(ledger, OFFICE, POINT, word("Lagi"))
    assert standing_holds(ledger)[POINT].reason == "Lagi"


def test_a_reason_and_a_person_of_the_office_are_needed(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(UsageError, match="reason"):
        hold(ledger, OFFICE, POINT, word(" "))
    with pytest.raises(UsageError, match="Nobody"):
        hold(ledger, OFFICE, POINT, Statement("nobody", "operator1", None, "x"))
    with pytest.raises(UsageError, match="Nobody holds"):
        release(ledger, OFFICE, POINT, word())
    assert not ledger.of_kind("point.held")


def test_a_point_is_not_taken_from_under_a_permit_that_is_still_good(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    text = Authority(tmp_path).permit(PLAN)
    ledger.append(None, [Draft("permit", {"text": text, "number": "1", "stated_by": "operator1"})])
    signed = read(text).permit
    until = datetime.fromisoformat(signed.not_after)
    assert permitted(ledger, until) == {signed.point}
    assert permitted(ledger, until + timedelta(seconds=1)) == set()
