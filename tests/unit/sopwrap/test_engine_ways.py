from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.errors import RefusedError
from tests.unit.sopwrap.small_office import (
    MISSING,
    Place,
    at,
    place,
)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


def test_the_whole_sop_from_order_to_archive(here: Place) -> None:
    here.to("l11")
    case = here.sign("andi", note="Lemari 2.")

    assert case.state == "done"
    assert all(view.state == "done" for view in case.steps if view.step.id not in ("l5", "l6"))
    assert case.step("l8").rounds[0].checked == ("siakad-db", "laman")
    assert here.machine.calls == [(["check_media"], None), (["backup_assets", "verify_points"], None)]
    assert here.ledger.verify().fault is None


def test_the_machine_signs_nothing(here: Place) -> None:
    here.to("l11")
    for entry in here.ledger.entries(here.id):
        if entry.data.get("method") == "machine":
            assert entry.kind == "step.done"
            assert entry.step in ("l2", "l7")
            assert entry.data["actor"] is entry.data["stated_by"] is None
            assert entry.data["checked"] == []


def test_a_missing_medium_is_proposed_decided_waited_for_and_looked_for_again(here: Place) -> None:
    here.machine.results = [MISSING, MISSING]
    case = here.to("l4")
    assert (case.state, at(case)) == ("waiting", "l4")
    case = here.decide("andi", "tidak tersedia")
    assert case.step("l4").rounds[0].proposed == "tidak tersedia"
    assert at(case) == "l5"
    assert at(here.sign("andi", note="Mohon media.")) == "l6"
    assert at(here.sign("yusuf")) == "l4"
    here.decide("andi", "tidak tersedia")
    here.sign("andi")
    case = here.sign("yusuf")
    assert [one.number for one in case.step("l4").rounds] == [1, 2, 3]
    assert at(here.decide("andi", "tersedia")) == "l8"
    assert [actions for actions, _ in here.machine.calls] == [["check_media"]] * 3 + [
        ["backup_assets", "verify_points"]
    ]


def test_a_person_may_decide_against_the_machines_proposal(here: Place) -> None:
    here.machine.results = [MISSING]
    here.to("l4")
    case = here.decide("andi", "tersedia")
    assert case.step("l4").rounds[0].proposed == "tidak tersedia"
    assert case.step("l4").rounds[0].choice == "tersedia"


@pytest.mark.parametrize(("step", "back"), [("l3", "l2"), ("l10", "l9")])
def test_a_correction_may_be_asked_for_as_often_as_the_sop_allows(here: Place, step: str, back: str) -> None:
    here.to(step)
    for _ in range(3):
        here.decide("siti", "perbaiki")
        if back == "l9":
            here.sign("andi")
    with pytest.raises(RefusedError, match=f"from {step} to {back} \\(perbaiki\\) has been taken 3 times"):
        here.decide("siti", "perbaiki")
    assert at(here.decide("siti", "sesuai")) in ("l4", "l11")
