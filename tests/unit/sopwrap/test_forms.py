from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sopwrap.errors import UsageError
from sopwrap.forms import Column, Field, asked, complete, merged, missing, taken
from sopwrap.formvalues import Ground
from sopwrap.sop import Procedure

GROUND = Ground(["laman"], ZoneInfo("Asia/Jakarta"))
SUBJECT = Field(id="subject", label="Hal", kind="text", required=True)
URGENCY = Field(id="urgency", label="Sifat", kind="choice", choices=["biasa", "segera"])
ROWS = Field(
    id="servers",
    label="Server",
    kind="rows",
    columns=[
        Column(id="name", label="Nama", kind="text", required=True),
        Column(id="memory", label="Memori", kind="number"),
    ],
)
VERDICT = Field(id="verdict", label="Keputusan", kind="text", at="check")
WANTED = {"order": [SUBJECT, URGENCY], "plan": [ROWS]}


def refusal(given: dict[str, Any], wanted: dict[str, list[Field]] | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        taken(WANTED if wanted is None else wanted, given, GROUND)
    return caught.value.message


def test_a_step_that_makes_a_paper_and_one_that_judges_it_are_asked_for_different_fields() -> None:
    steps: list[dict[str, Any]] = [
        {"id": "a", "number": 1, "kind": "process", "documents": ["order"], "next": [{"to": "b"}]},
        {"id": "b", "number": 2, "kind": "decision", "documents": ["order"], "next": [{"to": "c", "when": "ya"}]},
        {"id": "c", "number": 3, "kind": "end", "documents": ["order", "register"]},
    ]
    trigger = {"kind": "order"}
    procedure = Procedure.model_validate(
        {"id": "p", "title": "P", "lanes": ["a"], "trigger": trigger, "operations": ["backup"], "steps": steps}
    )
    fields = {"order": [SUBJECT, VERDICT], "register": [URGENCY, VERDICT]}
    found = [asked(procedure, step, "backup", fields) for step in procedure.steps]
    assert found[0] == {"order": [SUBJECT]}
    assert found[1] == {"order": [VERDICT]}
    assert found[2] == {"order": [VERDICT], "register": [URGENCY]}, "an end makes what no step made before"


def test_values_are_taken_by_document_or_flat_where_there_is_one() -> None:
    assert taken(WANTED, {"order": {"subject": " Cadangan "}}, GROUND) == {"order": {"subject": "Cadangan"}}
    assert taken({"order": [SUBJECT]}, {"subject": "Cadangan"}, GROUND) == {"order": {"subject": "Cadangan"}}
    assert "2 forms: order, plan" in refusal({"subject": "Cadangan"})


def test_what_is_left_empty_is_not_stated() -> None:
    assert taken(WANTED, {"order": {"subject": "", "urgency": None}, "plan": {"servers": []}}, GROUND) == {}


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    assert "order has no field subjek at this step; did you mean subject?" in refusal({"order": {"subjek": "x"}})
    assert "no form ordre at this step; did you mean order?" in refusal({"ordre": {"subject": "x"}})
    assert "row 1 has no column nam; did you mean name" in refusal({"plan": {"servers": [{"nam": "x"}]}})


def test_every_mistake_is_one_sentence_with_field_and_what_is_allowed() -> None:
    said = refusal({"order": {"urgency": "kilat", "nosuch": "1"}})
    assert "order.urgency (Sifat): kilat is not one of: biasa, segera." in said
    assert "order has no field nosuch" in said


def test_rows_are_checked_cell_by_cell() -> None:
    rows = [{"name": "web", "memory": "8"}, {"name": "", "memory": ""}, {"name": "db"}]
    assert taken(WANTED, {"plan": {"servers": rows}}, GROUND) == {
        "plan": {"servers": [{"name": "web", "memory": 8}, {"name": "db"}]}
    }
    assert "row 2, memory (Memori): besar is not a number" in refusal(
        {"plan": {"servers": [{"name": "a"}, {"name": "b", "memory": "besar"}]}}
    )
    assert "row 1: name is missing" in refusal({"plan": {"servers": [{"memory": "8"}]}})
    assert "has to be a list of rows, each with name, memory" in refusal({"plan": {"servers": "web"}})


def test_a_step_without_a_form_takes_none() -> None:
    assert "No form is filled in at this step" in refusal({"order": {"subject": "x"}}, {})
    assert taken({}, {}, GROUND) == {}


def test_a_required_field_is_missing_until_somebody_has_stated_it() -> None:
    assert missing(WANTED, {}) == ["order.subject (Hal)"]
    with pytest.raises(UsageError, match=r"not complete: order.subject \(Hal\)"):
        complete(WANTED, {"order": {"urgency": "biasa"}})
    complete(WANTED, {"order": {"subject": "x"}})


def test_the_later_value_stands() -> None:
    first = {"order": {"subject": "a", "urgency": "biasa"}}
    assert merged(first, {"order": {"subject": "b"}, "plan": {"x": 1}}) == {
        "order": {"subject": "b", "urgency": "biasa"},
        "plan": {"x": 1},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "choice"},
        {"kind": "text", "choices": ["a"]},
        {"kind": "rows"},
        {"kind": "text", "columns": [{"id": "a", "label": "A", "kind": "text"}]},
    ],
)
def test_a_field_without_what_its_kind_needs_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="belong to the kind"):
        Field.model_validate({"id": "x", "label": "X", **wrong})
