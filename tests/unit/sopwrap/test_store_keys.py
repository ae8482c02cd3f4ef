from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap.errors import UsageError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.medium import Medium
from sopwrap.office import Office
from sopwrap.register import Store
from sopwrap.statement import Statement
from sopwrap.store_keys import QUARTER, StoreKey, key_named, known_keys, note_drill, note_escrow, note_rotation
from tests.unit.sopwrap import cases

OFFICE = Office.model_validate({**cases.OFFICE, "holidays": []})
WORD = Statement("rina", "operator1")
STORES = {
    name: Store(Medium(store=name, placement="external"), key=key)
    for name, key in (
        ("internal", "internal.key"),
        ("external", "external.key"),
        ("other", "external.key"),
        ("s3", None),
    )
}


def drilled(ledger: Ledger, ok: bool = True, **more: Any) -> None:
    facts = {"asset": "a", "store": "external", "point": "a.1", "shares": 2, "ok": ok, "message": "Said.", **more}
    note_drill(ledger, OFFICE, "external.key", facts, WORD)


def external(ledger: Ledger) -> StoreKey:
    return key_named(known_keys(ledger, STORES), "external")


def test_each_key_file_is_one_key_with_its_stores(tmp_path: Path) -> None:
    found = known_keys(open_ledger(tmp_path), STORES)
    assert [(one.file, one.stores) for one in found] == [
        ("internal.key", ("internal",)),
        ("external.key", ("external", "other")),
    ]
    with pytest.raises(UsageError, match="No store"):
        key_named(found, "s3")


def test_the_ledger_tells_who_holds_shares_and_when_they_were_tried(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    note_escrow(ledger, OFFICE, "external.key", 2, ["rina", "hadi", "umar"], WORD)
    found = external(ledger)
    assert found.drilled_at is None and found.escrowed_at and found.drill_due_at == found.escrowed_at + QUARTER
    drilled(ledger)
    found = external(ledger)
    assert found.drilled_at and found.drill_due_at == found.drilled_at + QUARTER
    assert ([one.id for one in found.holders], found.threshold) == (["rina", "hadi", "umar"], 2)
    assert found.drilled_at and found.drills[0]["point"] == "a.1"
    assert found.opens_without(["rina"]) and not found.opens_without(["rina", "umar"])
    drilled(ledger, ok=False)
    assert external(ledger).trouble == "Said." and external(ledger).drilled_at == found.drilled_at


def test_a_changed_key_has_no_shares_and_no_drill_until_they_are_made_anew(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    note_escrow(ledger, OFFICE, "external.key", 2, ["rina", "hadi"], WORD)
    drilled(ledger)
    note_rotation(ledger, OFFICE, "external.key", WORD)
    found = external(ledger)
    assert (found.holders, found.drilled_at, found.rotated_at is None) == ((), None, False)
    assert found.drill_due_at is None
    assert not found.opens_without([]) and len(found.drills) == 1
    note_escrow(ledger, OFFICE, "external.key", 2, ["hadi", "umar"], WORD)
    assert external(ledger).opens_without([]) and external(ledger).as_dict()["rotated_at"]
