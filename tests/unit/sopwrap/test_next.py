from __future__ import annotations

from pathlib import Path

import pytest

from sopwrap.acts import sign
from sopwrap.engine import RunResult
from sopwrap.next import next_for
from sopwrap.permission import Vouch
from tests.unit.sopwrap.small_office import LANES, MISSING, Place, all_good, broken, office, place, with_backup


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return place(tmp_path)


def test_a_waiting_step_names_its_lane_its_people_and_one_command_for_each_choice(here: Place) -> None:
    here.machine.results = [MISSING]
    what = next_for(here.to("l4"), here.office)
    assert (what.state, what.step, what.lanes, what.people) == ("waiting", "l4", ("Petugas Backup Data",), ("andi",))
    assert (what.choices, what.proposed) == (("tersedia", "tidak tersedia"), "tidak tersedia")
    assert what.commands[1] == f"sopwrap case decide {here.id} l4 'tidak tersedia' --as andi --reason '…'"


def test_who_may_act_is_read_from_the_office_of_today(here: Place) -> None:
    changed = office({**LANES, "kepala": ["tamu", "siti"]}, tamu="ssh-ed25519 AAAA")
    what = next_for(here.case(), changed)
    assert what.people == ("tamu", "siti")
    assert what.commands == (f"sopwrap case sign {here.id} l1 --as tamu --key FILE",)


def test_a_held_step_can_be_retried_passed_over_or_end_the_case(here: Place) -> None:
    what = next_for(with_backup(here, RunResult("failed", [broken("siakad-db"), broken("laman")])), here.office)
    assert (what.state, what.choices, what.proposed) == ("held", ("retry", "continue", "stop"), None)
    assert what.text.startswith("2 of 2 assets are not done")


def test_what_failed_is_not_proposed_to_be_ticked(here: Place) -> None:
    with_backup(here, RunResult("failed", [*all_good([], ["laman"]), broken("siakad-db")]))
    what = next_for(here.decide("andi", "continue"), here.office)
    assert what.commands == (f"sopwrap case sign {here.id} l8 --as andi --checked laman",)


def test_the_machines_turn_and_a_closed_case_are_nobodys(here: Place) -> None:
    sign(here.ledger, here.office, here.id, Vouch("siti", "operator"))
    what = next_for(here.case(), here.office)
    assert (what.step, what.people, what.commands) == ("l2", (), (f"sopwrap case resume {here.id}",))
    here.resume()
    here.decide("siti", "sesuai")
    for act in (lambda: here.decide("andi", "tersedia"), lambda: here.sign("andi"), lambda: here.sign("andi")):
        act()
    here.decide("siti", "sesuai")
    what = next_for(here.sign("andi"), here.office)
    assert (what.state, what.step, what.commands) == ("done", None, (f"sopwrap report {here.id}",))
