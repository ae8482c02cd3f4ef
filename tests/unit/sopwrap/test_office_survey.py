from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sopwrap.errors import UsageError
from sopwrap.inventory import Register
from sopwrap.ledger import open_ledger
from sopwrap.office import Office
from sopwrap.office_survey import office_view
from sopwrap.reviews import review_assets
from sopwrap.sop import library
from sopwrap.statement import Statement
from tests.unit.sopwrap import cases

OFFICE = Office.model_validate({**cases.OFFICE, "holidays": []})


def test_the_office_is_told_from_its_register_and_its_ledger_alone(tmp_path: Path) -> None:
    ledger, register = open_ledger(tmp_path), Register(cases.ASSETS)
    empty = office_view(OFFICE, register, ledger, library(), date(2026, 6, 2))
    assert [one.asset.id for one in empty.holdings] == [one.id for one in cases.ASSETS]
    assert list(empty.sops) == ["iain-ptk-2022"]
    assert (empty.zone, empty.trials, empty.missed()) == ("Asia/Pontianak", (), list(empty.holdings))
    review_assets(ledger, OFFICE, Statement("rina", "operator1"), ["all"], [one.id for one in cases.ASSETS])
    after = office_view(OFFICE, register, ledger, library(), date(2026, 6, 2))
    assert all(one.review for one in after.holdings)
    assert after.digest != empty.digest
    assert office_view(OFFICE, register, ledger, library(), date(2026, 6, 2)) == after


def test_a_schedule_is_told_with_its_newest_case_and_an_unknown_sop_in_a_sentence(tmp_path: Path) -> None:
    plan = {"procedure": "iain-ptk-2022/backup", "every": "P1M", "starts": "2026-01-05", "at": "21:00"}
    planned = OFFICE.model_validate({**cases.OFFICE, "holidays": [], "schedules": [plan]})
    (found,) = office_view(planned, Register(cases.ASSETS), open_ledger(tmp_path), library(), date(2026, 6, 2)).plans
    assert (found.every, found.at, found.responsible, found.last_case) == ("P1M", "21:00", "Rina Contoh, S.Kom.", None)
    wrong = OFFICE.model_validate({**cases.OFFICE, "holidays": [], "schedules": [{**plan, "procedure": "iain/backup"}]})
    with pytest.raises(UsageError, match="names iain/backup, and there is no such SOP"):
        office_view(wrong, Register(cases.ASSETS), open_ledger(tmp_path), library())
