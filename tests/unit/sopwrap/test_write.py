from __future__ import annotations

import pytest
import yaml

from sopwrap.errors import UsageError
from sopwrap.imports.build import Draft, build
from sopwrap.imports.grid import grid
from sopwrap.imports.write import as_sop, as_yaml
from sopwrap.models import parse
from sopwrap.sop import Sop

ROWS = [
    ["No", "Kegiatan", "Kepala", "Waktu"],
    ["1", "Memeriksa berkas (Y/T)", "x", "± 2 hari"],
    ["2", "no: yes # {off} - \"'\u00a0", "x", "1 hari"],
]


def draft() -> Draft:
    return build([grid(ROWS)], "tabel.csv", lambda question: "")


def test_the_file_reads_back_to_the_same_sop() -> None:
    made = draft()
    assert parse(as_yaml(made), Sop, "tabel.yml") == as_sop(made)


def test_every_doubt_stands_above_its_place() -> None:
    lines = as_yaml(draft()).splitlines()
    at = next(index for index, line in enumerate(lines) if line.strip() == "- id: l1")
    above = [line for line in lines[at - 4 : at] if "# ?" in line]
    assert any("no exact time" in line for line in above)
    assert any("“T”" in line for line in above)


def test_labels_that_yaml_takes_for_truth_values_are_quoted() -> None:
    data = yaml.safe_load(as_yaml(draft()))
    assert data["procedures"][0]["steps"][0]["next"][0]["when"] == "Y"


def test_a_table_that_can_be_no_sop_is_told_with_its_file() -> None:
    made = draft()
    made.data["procedures"][0]["steps"][0]["next"] = [{"to": "nowhere"}]
    with pytest.raises(UsageError, match=r"tabel.csv: procedures.0: step l1 leads to nowhere"):
        as_yaml(made)
