"""Forms in a case: what a person states stands in the ledger, and a required field that is missing stops the act."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap import catalogue as papers
from sopwrap.errors import UsageError
from sopwrap.forms import Field
from sopwrap.papers.stated import stated, value
from tests.unit.sopwrap.small_office import Place, place


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


@pytest.fixture
def fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order asks for a subject; the report for a remark of the maker and a verdict of the checker."""
    wanted = {
        "order": [Field(id="subject", label="Hal", kind="text", required=True)],
        "report": [
            Field(id="remark", label="Catatan", kind="lines"),
            Field(id="verdict", label="Koreksi", kind="text", at="check"),
        ],
    }
    known = {
        name: paper.model_copy(update={"fields": wanted.get(name, [])}) for name, paper in papers.catalogue().items()
    }
    monkeypatch.setattr("sopwrap.filling.catalogue", lambda: known)
    monkeypatch.setattr("sopwrap.papers.stated.catalogue", lambda: known)


def test_a_required_field_that_is_missing_stops_the_act_and_nothing_is_written(here: Place, fields: None) -> None:
    here.resume()
    before = here.case().digest
    with pytest.raises(UsageError, match=r"not complete: order.subject \(Hal\)"):
        here.sign("siti")
    assert here.case().digest == before
    case = here.sign("siti", form={"subject": "Cadangan bulan ini"})
    assert case.form("order") == {"subject": "Cadangan bulan ini"}
    assert here.ledger.entries(here.id)[1].data["form"] == {"order": {"subject": "Cadangan bulan ini"}}


def test_an_act_that_states_nothing_leaves_no_form_in_its_line(here: Place) -> None:
    here.resume()
    here.sign("siti")
    assert "form" not in here.ledger.entries(here.id)[1].data


def test_makers_and_checkers_fill_in_one_paper_and_a_later_value_stands(here: Place, fields: None) -> None:
    here.resume()
    here.sign("siti", form={"subject": "x"})
    here.decide("siti", "sesuai")
    here.decide("andi", "tersedia")
    here.sign("andi", checked=["all"])
    here.sign("andi", form={"remark": ["satu"]})
    here.decide("siti", "perbaiki", verdict="Lengkapi.")
    here.sign("andi", form={"remark": ["satu", "dua"]})
    case = here.decide("siti", "sesuai", verdict="Baik.")
    assert case.form("report") == {"remark": ["satu", "dua"], "verdict": "Baik."}
    by = case.form_by("report")
    assert by is not None
    assert by.actor is not None
    assert by.actor.id == "siti"
    assert case.form_by("minutes") is None
    assert value(case, "report", "remark") == "satu; dua"
    assert [one.text for one in stated(case, "report", "check")] == ["Baik."]
