from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap.acts import Word
from sopwrap.engine import Opening
from sopwrap.errors import RefusedError, SopError, UsageError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.permission import Vouch
from sopwrap.requesting import request
from sopwrap.sop import find
from tests.unit.sopwrap.small_office import MEDIA
from tests.unit.sopwrap.test_engine_sops import ASSETS, office

PEOPLE = office("majalengka", pemohon="mona", kadis="dewi", kabid="kabir", pf="pipit")
FORM = {
    "request_letter": {"unit": "Bagian Umum", "purpose": "Data hilang"},
    "restore_request": {"incident": "Terhapus", "loss_understood": "ya"},
}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path, None)


def ask(ledger: Ledger, person: str = "mona", name: str = "majalengka/restore", form: Any = None) -> Any:
    opening = Opening(*find(name), PEOPLE, ASSETS[1:], MEDIA, "operator")
    return request(ledger, opening, Vouch(person, "operator", "005/1"), Word(form=FORM if form is None else form))


def test_the_letter_and_its_form_open_the_case_and_are_its_first_step(ledger: Ledger) -> None:
    case = ask(ledger)
    assert case.current is not None
    assert case.current.step.id == "l2"
    assert case.form("request_letter")["unit"] == "Bagian Umum"
    assert case.step("l1").rounds[0].letter == "005/1"


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ({"person": "pipit"}, RefusedError, "does not fill the lane Unit Kerja Pemohon"),
        ({"form": {"request_letter": {"unit": "x"}}}, UsageError, "The form is not complete"),
        ({"form": {"request_letter": {"unik": "x"}}}, UsageError, "did you mean unit"),
        ({"name": "majalengka/backup"}, UsageError, "is not opened by a request"),
    ],
)
def test_what_is_wrong_in_a_request_opens_nothing(
    ledger: Ledger, wrong: dict[str, Any], error: type[SopError], told: str
) -> None:
    with pytest.raises(error, match=told):
        ask(ledger, **wrong)
    assert ledger.cases() == []
