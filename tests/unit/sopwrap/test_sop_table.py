from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap.imports.build import build
from sopwrap.imports.readers import read_tables
from sopwrap.imports.write import as_sop
from sopwrap.sop import Procedure, Sop, library
from sopwrap.sop_table import as_csv, printed, table_rows

EVERY = [(sop, procedure) for sop in library().values() for procedure in sop.procedures]


def told(sop: Sop, procedure: Procedure) -> list[dict[str, Any]]:
    """What the paper's rows say."""
    return [
        {
            "number": step.number,
            "text": step.text,
            "lanes": [sop.actor(actor).label for actor in step.actors],
            "requirements": step.requirements,
            "time": step.time,
            "outputs": step.outputs,
            "choices": step.choices,
            "next": [procedure.step(edge.to).number for edge in step.next],
        }
        for step in printed(procedure)
    ]


@pytest.mark.parametrize(("sop", "procedure"), EVERY, ids=[f"{sop.id}/{one.id}" for sop, one in EVERY])
def test_a_shipped_sop_comes_back_from_its_table_row_by_row(sop: Sop, procedure: Procedure, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text(as_csv(sop, procedure), encoding="utf-8")
    again = as_sop(build(read_tables(path), path.name, lambda question: ""))
    assert told(again, again.procedures[0]) == told(sop, procedure)
    assert [again.actor(lane).label for lane in again.procedures[0].lanes] == [
        sop.actor(lane).label for lane in procedure.lanes
    ]
    assert [(one.time, len(one.steps)) for one in again.procedures[0].merged_times] == [
        (one.time, len(one.steps)) for one in procedure.merged_times
    ]
    assert again.quality_columns == list(sop.quality_columns)
    assert again.identity.title == sop.identity.title
    assert again.identity.number == sop.identity.number
    assert again.identity.dates == sop.identity.dates
    assert again.identity.letterhead == sop.identity.letterhead


def test_a_table_has_lanes_and_standards_under_their_heads() -> None:
    sop = library()["iain-ptk-2022"]
    upper, lower, first = table_rows(sop, sop.procedures[0])[:3]
    assert upper[2] == "Pelaksana"
    assert upper[5] == "Mutu Baku"
    assert lower[2:5] == ["Kepala PTID", "Petugas Backup Data", "Kasub Bag Umum Dan Keu"]
    assert first[2:5] == ["Mulai", "", ""]


def test_a_merged_time_and_a_leap_are_written_with_their_signs() -> None:
    sop = library()["iain-ptk-2022"]
    rows = {row[0]: row for row in table_rows(sop, sop.procedures[0])[2:]}
    assert rows["10"][-2] == "↑"
    assert rows["6"][4] == "x → 4"
    assert rows["4"][3] == "◇ tersedia: 7; tidak tersedia: 5"
