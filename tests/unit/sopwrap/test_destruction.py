"""The order to destroy points, and what the ledger tells of it afterwards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sopwrap.commands._evidence import keep_evidence
from sopwrap.destruction import Command, destructions, order
from sopwrap.errors import RefusedError, UsageError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.office import Office
from sopwrap.retention import Plan
from sopwrap.statement import Statement
from tests.unit.sopwrap import cases
from tests.unit.sopwrap.small_office import record
from tests.unit.sopwrap.test_retention import NOW, ZONE, asset, planned, point

OFFICE = Office.model_validate({**cases.OFFICE, "holidays": []})
DOOMED = point(30, "internal", "external")


def thin() -> Plan:
    return planned([point(0, "internal", "external"), DOOMED])


def ordered(ledger: Ledger, *, by: str = "hadi", person: str = "rina", office: Office = OFFICE, **more: Any) -> str:
    word = Statement(person, "operator1", more.pop("letter", "005/77"), more.pop("note", ""))
    return order(ledger, office, more.pop("plan", thin()), [asset()], Command(by, word, **more))


def told(number: str, store: str, outcome: str = "ok") -> Any:
    made = record("destroy", "web", store, outcome, case=number, point=DOOMED.id)
    return made.model_copy(update={"started_at": NOW, "finished_at": NOW + timedelta(seconds=5)})


def test_an_order_names_who_and_what_and_its_evidence_what_became_of_it(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    number = ordered(ledger, note="Media diganti", witnesses=("umar",))
    keep_evidence(ledger, [told(number, "internal"), told("another", "external"), told(number, "external", "failed")])
    [found] = destructions(ledger, OFFICE, ZONE)
    assert (found.id, found.ordered_by.id, found.carried_out_by.id) == (number, "hadi", "rina")
    assert (found.letter, found.note, found.stated_by) == ("005/77", "Media diganti", "operator1")
    assert [one.id for one in found.witnesses] == ["umar"]
    assert [(one.store, one.gone) for one in found.copies] == [("internal", True), ("external", False)]
    assert found.copies[0].ended_at == DOOMED.taken_at + timedelta(days=7)
    assert found.left[0].record and found.left[0].record.outcome == "failed"


def test_a_later_record_stands_and_changes_what_the_paper_is_known_by(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    number = ordered(ledger)
    [before] = destructions(ledger, OFFICE, ZONE)
    assert [one.record for one in before.copies] == [None, None]
    keep_evidence(ledger, [told(number, "internal", "failed"), told(number, "internal")])
    [after] = destructions(ledger, OFFICE, ZONE)
    assert [one.gone for one in after.copies] == [True, False]
    assert before.digest != after.digest


def test_numbers_follow_each_other(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    first, second = ordered(ledger), ordered(ledger)
    assert first.startswith("musnah-") and first.endswith("-0001") and second.endswith("-0002")


def test_who_orders_does_not_carry_out_and_nobody_witnesses_their_own_act(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(RefusedError, match="both order a destruction and carry it out"):
        ordered(ledger, by="rina")
    with pytest.raises(RefusedError, match="witness"):
        ordered(ledger, witnesses=("rina",))
    with pytest.raises(UsageError, match="Nobody"):
        ordered(ledger, by="nobody")
    alone = OFFICE.model_copy(update={"people": [OFFICE.person("rina")]})
    ordered(ledger, by="rina", office=alone)
    [found] = destructions(ledger, alone, ZONE)
    assert "tidak ada orang lain" in found.exception


def test_nobody_orders_in_the_name_of_somebody_who_has_a_key_without_a_letter(tmp_path: Path) -> None:
    keyed = [one.model_copy(update={"key": "ssh-ed25519 AAAA"}) if one.id == "hadi" else one for one in OFFICE.people]
    office = OFFICE.model_copy(update={"people": keyed})
    with pytest.raises(RefusedError, match="does not stand for theirs"):
        ordered(open_ledger(tmp_path), office=office, letter=None)


def test_nothing_is_ordered_where_nothing_may_go(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    with pytest.raises(UsageError, match="nothing may be destroyed"):
        ordered(ledger, plan=planned([point(0)]))
    assert not ledger.of_kind("destruction.ordered")
