from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sopwrap.errors import UsageError
from sopwrap.formfile import as_data, blank, read
from sopwrap.forms import Column, Field

FIELDS = {
    "order": [
        Field(id="subject", label="Hal", kind="text", required=True, help="What it is about."),
        Field(id="urgency", label="Sifat", kind="choice", choices=["biasa", "segera"]),
        Field(id="agreed", label="Setuju", kind="yesno"),
        Field(id="rows", label="Server", kind="rows", columns=[Column(id="name", label="Nama", kind="text")]),
    ]
}


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "form.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_blank_form_tells_labels_choices_and_help_and_reads_back_as_nothing(tmp_path: Path) -> None:
    text = blank(FIELDS, {}, "Case 2026-0001, step l1: Mendisposisi")
    for told in ("# Case 2026-0001", "Hal (required): text", "What it is about.", "biasa | segera", "Nama: text"):
        assert told in text
    assert read(file(tmp_path, text), ()) == {
        "order": {"subject": "", "urgency": "", "agreed": "", "rows": [{"name": ""}]}
    }


def test_what_is_stated_already_stands_in_the_form(tmp_path: Path) -> None:
    already = {"order": {"subject": 'Cadangan: "penuh"', "agreed": True, "rows": [{"name": "web"}]}}
    found = yaml.safe_load(blank(FIELDS, already, "x"))
    assert found["order"]["subject"] == 'Cadangan: "penuh"'
    assert found["order"]["agreed"] == "ya"
    assert found["order"]["rows"] == [{"name": "web"}]
    assert as_data(FIELDS, already)["order"][0]["value"] == 'Cadangan: "penuh"'


def test_values_stay_the_text_they_are(tmp_path: Path) -> None:
    text = "nip: 0197903152005012003\nanswer: no\nday: 2026-01-31\n"
    assert read(file(tmp_path, text), ()) == {"nip": "0197903152005012003", "answer": "no", "day": "2026-01-31"}


def test_words_win_over_the_file_and_a_field_named_twice_is_a_list(tmp_path: Path) -> None:
    path = file(tmp_path, "order:\n  subject: a\n  urgency: biasa\n")
    assert read(path, ("order.subject=b=c",)) == {"order": {"subject": "b=c", "urgency": "biasa"}}
    assert read(None, ("x=1", "x=2", "x=3")) == {"x": ["1", "2", "3"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", r"form.yml:\d: not YAML"),
        ("- a\n", "form.yml:1: expected fields"),
        ("a: 1\nb: 2\na: 3\n", "form.yml:3: a is there twice"),
    ],
)
def test_a_file_that_is_no_form_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read(file(tmp_path, text), ())


def test_a_word_without_a_value_is_told() -> None:
    with pytest.raises(UsageError, match="--set subject has no value"):
        read(None, ("subject",))
    with pytest.raises(UsageError, match="order is a field, not a document"):
        read(None, ("order=x", "order.subject=y"))
