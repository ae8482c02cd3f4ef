from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from sopwrap.errors import RefusedError, UsageError
from sopwrap.office import Office, load_office
from sopwrap.sop import find

NOW = datetime(2026, 5, 8, tzinfo=UTC)
PEOPLE = [
    {"id": "siti", "name": "Siti", "nip": "197903152005012003", "post": "Kepala"},
    {"id": "andi", "name": "Andi", "post": "Staf"},
]


def office(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"format": "sopwrap.office/1", "name": "PTID", "place": "Pontianak", "people": PEOPLE}
    return base | {"bindings": {"iain-ptk-2022": {"kepala": ["siti"], "petugas": ["andi"]}}} | changes


def test_people_are_found_by_id_and_lane(tmp_path: Path) -> None:
    (tmp_path / "office.yml").write_text(yaml.safe_dump(office()))
    read = load_office(tmp_path)
    sop, _ = find("iain-ptk-2022")
    assert [person.name for person in read.bound(sop, "kepala")] == ["Siti"]
    assert read.bound(sop, "umum") == []
    assert read.in_lane(sop, ["petugas", "umum"], "andi", NOW).lane == "petugas"


def test_a_step_is_refused_to_who_does_not_fill_its_lane() -> None:
    sop, _ = find("iain-ptk-2022")
    read = Office.model_validate(office())
    with pytest.raises(RefusedError, match=r"Andi does not fill the lane Kepala PTID\. This step is for: siti"):
        read.in_lane(sop, ["kepala"], "andi", NOW)
    with pytest.raises(RefusedError, match="nobody is bound to it"):
        read.in_lane(sop, ["umum"], "andi", NOW)
    with pytest.raises(UsageError, match=r"Nobody in office.yml has the id budi. Known: siti, andi"):
        read.in_lane(sop, ["kepala"], "budi", NOW)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"timezone": "Asia/Kota"}, "no such time zone: Asia/Kota"),
        ({"people": [*PEOPLE, PEOPLE[0]]}, "two people have the same id"),
        ({"bindings": {"iain-ptk-2022": {"kepala": ["budi"]}}}, "no person has the id budi"),
        ({"people": [{"id": "x", "name": "X", "post": "Y", "nip": "123"}], "bindings": {}}, "nip"),
        ({"people": [{"id": "x", "name": "", "post": "Y"}], "bindings": {}}, "name"),
        ({"holidays": ["2026-02-30"]}, "holidays"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Office.model_validate(office(**changes))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("holidays: [2026-13-01]", r"office.yml:4: holidays.0"),
        (
            "schedules: [{procedure: a/b, every: P0M, starts: 2026-01-01, at: '19:00'}]",
            r"office.yml:4: schedules.0.every",
        ),
        ("working_hours: {start: '16:00', end: '07:30'}", r"office.yml:4: working_hours: the hours end"),
    ],
)
def test_a_day_or_hour_that_cannot_be_is_told_with_file_and_line(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "office.yml"
    path.write_text(f"format: sopwrap.office/1\nname: A\nplace: B\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        load_office(tmp_path)
