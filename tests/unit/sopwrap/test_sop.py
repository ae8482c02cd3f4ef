from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sopwrap.errors import UsageError
from sopwrap.sop import Procedure, Sop, find, library

TINY = """\
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
      - {id: l2, number: 2, kind: end, actors: [staf]}
"""


def procedure(steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "p",
        "title": "P",
        "lanes": ["a"],
        "trigger": {"kind": "order"},
        "operations": ["backup"],
        "steps": steps,
    }


def test_the_sop_of_iain_pontianak_is_told_in_full() -> None:
    sop, steps = find("iain-ptk-2022/backup")
    assert [step.number for step in steps.steps] == list(range(1, 12))
    assert steps.first.id == "l1"
    assert steps.step("l1").time == timedelta(days=1)
    assert [step.id for step in steps.steps if step.time is not None] == ["l1"], "blank times stay blank"
    assert [merged.steps for merged in steps.merged_times] == [["l9", "l10"]]
    assert steps.step("l4").choices == ["tersedia", "tidak tersedia"]
    assert sop.identity.number == "LPM.In.15/SOP/12/10"
    assert sop.actor(steps.lanes[0]).label == "Kepala PTID"


def test_a_procedure_may_be_left_out_where_there_is_one() -> None:
    assert find("iain-ptk-2022") == find("iain-ptk-2022/backup")


def test_an_offices_own_sop_is_found_and_wins_over_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "tiny.yml").write_text(TINY)
    assert find("tiny/backup", tmp_path)[0].identity.title == "Tiny"
    (tmp_path / "own.yml").write_text(TINY.replace("id: tiny", "id: iain-ptk-2022"))
    assert library(tmp_path)["iain-ptk-2022"].identity.title == "Tiny"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("iain", r"There is no SOP iain\. Known: .*iain-ptk-2022/backup"),
        ("iain-ptk-2022/restore", "has no procedure restore. It has iain-ptk-2022/backup"),
        ("majalengka/", "named without one of its procedures. It has majalengka/backup"),
    ],
)
def test_an_unknown_name_is_told_with_those_there_are(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        find(name)


def test_an_unknown_step_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"There is no step l99 .*l1, l2"):
        find("iain-ptk-2022/backup")[1].step("l99")


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (
            [{"id": "l1", "number": 1, "kind": "end"}, {"id": "l1", "number": 2, "kind": "end"}],
            "two steps have the id l1",
        ),
        ([{"id": "l1", "number": 1, "kind": "process", "next": [{"to": "l9"}]}], "l9, which is not a step"),
        ([{"id": "l1", "number": 1, "kind": "end", "actors": ["b"]}], "b, which is not a lane"),
        (
            [{"id": "l1", "number": 1, "kind": "decision", "next": [{"to": "l1", "when": "ya"}, {"to": "l1"}]}],
            "not each has a label of its own",
        ),
    ],
)
def test_a_procedure_that_does_not_hold_together_is_refused(steps: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Procedure.model_validate(procedure(steps))


def test_a_lane_that_is_no_actor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tiny.yml").write_text(TINY.replace("lanes: [staf]", "lanes: [staf, kepala]"))
    with pytest.raises(UsageError, match=r"tiny.yml:\d+: .*kepala, which is not among the actors"):
        library(tmp_path)


def test_an_sop_reads_back_what_it_writes() -> None:
    for sop in library().values():
        assert Sop.model_validate(sop.model_dump(mode="json")) == sop
