from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.engine import Opening, open_case
from sopwrap.ledger import open_ledger
from sopwrap.sop import Trigger, find
from tests.unit.sopwrap.small_office import ASSETS, LANES, MEDIA, Place, office, place, refused


def on_request(folder: Path, lanes: dict[str, list[str]]) -> Place:
    """A case that a request opened, in whose row 7 a person ends the machine's work."""
    sop, procedure = find("iain-ptk-2022/backup")
    steps = [one.model_copy(update={"mode": "mixed"}) if one.id == "l7" else one for one in procedure.steps]
    procedure = procedure.model_copy(update={"trigger": Trigger(kind="request"), "steps": steps})
    sop = sop.model_copy(update={"procedures": [procedure]})
    ledger, people = open_ledger(folder), office(lanes)
    case = open_case(ledger, Opening(sop, procedure, people, ASSETS, MEDIA, "operator"))
    return Place(ledger, people, case.id)


def test_who_asked_does_not_approve(tmp_path: Path) -> None:
    here = on_request(tmp_path, {**LANES, "kepala": ["siti", "yusuf"]})
    here.sign("siti")
    refused(
        here, lambda: here.decide("siti", "sesuai"), "Siti Contoh asked for it at step l1 and may not act at l3.*yusuf"
    )
    assert here.decide("yusuf", "sesuai").step("l3").rounds[0].exception == ""


def test_who_asked_and_is_alone_approves_by_a_recorded_exception(tmp_path: Path) -> None:
    here = on_request(tmp_path, LANES)
    here.sign("siti")
    told = here.decide("siti", "sesuai").step("l3").rounds[0].exception
    assert told == (
        "Siti Contoh mengajukan permohonan (langkah 1); tidak ada orang lain yang ditetapkan untuk langkah ini"
    )


@pytest.mark.parametrize(
    ("person", "told"), [("siti", "asked for it at step l1"), ("yusuf", "decided step l3")], ids=["asked", "approved"]
)
def test_who_asked_or_approved_does_not_carry_it_out(tmp_path: Path, person: str, told: str) -> None:
    here = on_request(tmp_path, {**LANES, "kepala": ["siti", "yusuf"], "petugas": ["andi", "siti", "yusuf"]})
    here.sign("siti")
    here.decide("yusuf", "sesuai")
    here.decide("andi", "tersedia")
    refused(here, lambda: here.sign(person, "l7"), f"{told} and may not act at l7")


def test_an_order_is_no_work_and_who_gave_it_checks_the_result(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({**LANES, "kepala": ["siti", "yusuf"]}))
    here.sign("siti")
    assert here.decide("siti", "sesuai").step("l3").rounds[0].exception == ""


def test_what_was_done_before_an_earlier_decision_is_not_held_against_anybody(tmp_path: Path) -> None:
    here = place(tmp_path, people=office({**LANES, "kepala": ["siti", "andi"]}))
    here.to("l4")
    assert here.decide("andi", "tersedia").step("l4").rounds[0].exception == ""


def test_the_report_of_a_missing_medium_binds_nobody_when_the_wait_is_over(tmp_path: Path) -> None:
    from tests.unit.sopwrap.small_office import MISSING

    here = place(tmp_path, people=office({**LANES, "petugas": ["andi", "tamu"]}))
    here.machine.results = [MISSING]
    here.to("l4")
    here.decide("andi", "tidak tersedia")
    here.sign("andi")
    here.sign("yusuf")
    assert here.decide("andi", "tersedia").step("l4").rounds[-1].exception == ""
