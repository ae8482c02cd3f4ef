from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import UsageError
from sopwrap.ledger import Ledger, open_ledger
from sopwrap.office import Office
from sopwrap.reviews import ASSET_REVIEWED, SOP_REVIEWED, review_assets, review_sop, reviews
from sopwrap.sop import library
from sopwrap.statement import Statement
from tests.unit.sopwrap import cases

OFFICE = Office.model_validate({**cases.OFFICE, "holidays": []})
WORD = Statement("rina", "operator1", note="Lengkap")
ROW = {"procedure": "backup", "assessment": "berjalan dengan baik"}
FORM = {"since": "2026-01-01", "until": "2026-06-30", "judgements": [ROW]}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path)


def test_a_review_is_a_line_of_no_case_that_says_who_looked_at_what(ledger: Ledger) -> None:
    review_assets(ledger, OFFICE, WORD, ["b", "a", "b"], ["a", "b", "c"])
    (found,) = reviews(ledger.of_kind(ASSET_REVIEWED))
    assert (found.subjects, found.actor.name, found.stated_by, found.note) == (
        ("b", "a"), "Rina Contoh, S.Kom.", "operator1", "Lengkap",
    )  # fmt: skip
    assert ledger.of_kind(ASSET_REVIEWED)[0].case is None
    assert ledger.verify().fault is None


def test_all_means_every_asset_of_the_register(ledger: Ledger) -> None:
    review_assets(ledger, OFFICE, WORD, ["all"], ["a", "b"])
    assert reviews(ledger.of_kind(ASSET_REVIEWED))[0].subjects == ("a", "b")


def test_an_unknown_asset_or_person_is_refused_and_nothing_is_written(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="no asset z"):
        review_assets(ledger, OFFICE, WORD, ["a", "z"], ["a"])
    with pytest.raises(UsageError, match="the id nobody"):
        review_assets(ledger, OFFICE, Statement("nobody", "operator1"), ["a"], ["a"])
    assert ledger.of_kind(ASSET_REVIEWED) == []


def test_an_sop_is_judged_procedure_by_procedure(ledger: Ledger) -> None:
    review_sop(ledger, OFFICE, WORD, library()["iain-ptk-2022"], FORM)
    (found,) = reviews(ledger.of_kind(SOP_REVIEWED))
    assert found.subjects == ("iain-ptk-2022",)
    assert found.form["judgements"] == [ROW]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"until": "2025-06-30"}, "ends on 2025-06-30, before it begins"),
        ({"judgements": [{**ROW, "procedure": "restore"}]}, "restore is not a procedure"),
        ({"judgements": [{**ROW, "assessment": "baik"}]}, "baik"),
        ({"judgements": None}, "not complete"),
    ],
)
def test_a_form_that_does_not_fit_is_refused(ledger: Ledger, change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        review_sop(ledger, OFFICE, WORD, library()["iain-ptk-2022"], {**FORM, **change})
    assert ledger.of_kind(SOP_REVIEWED) == []
