"""An SOP that does not hold together is told in one sentence with file and line; an odd one that does hold works."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from sopwrap.errors import UsageError
from sopwrap.flowchart import Sheet, draw
from sopwrap.models import parse
from sopwrap.sop import Sop

TEXT = """\
format: sopwrap.sop/1
id: tiny
layout: sop_ap
timezone: Asia/Jakarta
identity: {letterhead: [], title: Tiny}
quality_columns: [time]
actors: [{id: staf, label: Staf}]
procedures:
  - id: backup
    title: Backup
    lanes: [staf]
    trigger: {kind: order}
    operations: [backup]
    steps:
      - {id: l1, number: 1, kind: process, actors: [staf], next: [{to: l2}]}
      - {id: l2, number: 2, kind: process, actors: [staf], next: [{to: l3}]}
      - {id: l3, number: 3, kind: end, actors: [staf]}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("next: [{to: l3}]", "next: [{to: l1}]", "tiny.yml:15: .*a case that comes to step l1 can never end"),
        ("next: [{to: l3}]", "next: [{to: l9}]", "tiny.yml:16: .*l9, which is not a step"),
        ("3, kind: end, actors: [staf]", "3, kind: end, actors: [bos]", "tiny.yml:17: .*given to bos, which is not"),
        ("id: l2, number: 2", "id: l1, number: 2", "tiny.yml:16: .*two steps have the id l1"),
        ("kind: end, actors: [staf]", "kind: end, duty: kepala", "tiny.yml:17: .*its first lane has no duty kepala"),
        ("lanes: [staf]", "lanes: []", "tiny.yml:11: procedures.0.lanes"),
        ("lanes: [staf]", "lanes: [staf, bos]", "lane bos, which is not among the actors"),
        ("number: 1, kind", "no: 1, kind", "tiny.yml:15: the key `no` is not text to YAML"),
        ("kind: end, actors: [staf]", "kind: end, independent_of: [l9]", "tiny.yml:17: .*independent of l9"),
        ("kind: end,", "kind: end, actions_by_operation: {restore: []},", "tiny.yml:17: .*names every operation"),
        ("kind: end, actors", "kind: end, next: [{to: l1}], actors", "tiny.yml:17: .*is an end and leads on"),
    ],
)
def test_what_does_not_hold_is_told_with_file_and_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    with pytest.raises(UsageError, match=told):
        parse(TEXT.replace(old, new), Sop, "tiny.yml")


def test_a_name_of_eighty_odd_letters_and_an_empty_lane_work() -> None:
    data = yaml.safe_load(TEXT)
    data["actors"] = [
        {"id": "staf", "label": "Kepala Sub-Bagian " + "Ö&<Persandian>/" * 5},
        {"id": "kosong", "label": ""},
    ]
    data["procedures"][0]["lanes"] = ["staf", "kosong"]
    sop = Sop.model_validate(data)
    assert draw(sop, sop.procedures[0], Sheet(262, 156, 172))


def test_an_sop_of_sixty_rows_is_drawn_on_several_pages() -> None:
    data: dict[str, Any] = yaml.safe_load(TEXT)
    steps = [
        {
            "id": f"l{n}",
            "number": n,
            "kind": "process",
            "actors": ["staf"],
            "text": "Memeriksa",
            "next": [{"to": f"l{n + 1}"}],
        }
        for n in range(1, 60)
    ]
    data["procedures"][0]["steps"] = [*steps, {"id": "l60", "number": 60, "kind": "end", "actors": ["staf"]}]
    sop = Sop.model_validate(data)
    assert len(draw(sop, sop.procedures[0], Sheet(262, 156, 172))) > 3


def test_an_operation_has_the_actions_of_its_own() -> None:
    data = yaml.safe_load(TEXT)
    procedure = data["procedures"][0]
    procedure["operations"] = ["backup", "restore"]
    procedure["steps"][1]["actions_by_operation"] = {"backup": ["backup_assets"], "restore": []}
    found = Sop.model_validate(data).procedures[0]
    assert found.for_operation("backup").step("l2").actions == ["backup_assets"]
    assert found.for_operation("restore").step("l2").actions == []
