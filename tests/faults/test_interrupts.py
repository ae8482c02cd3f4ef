"""Ctrl-C, SIGTERM and SIGKILL at any moment: nothing half stays, nothing goes on running, the case goes on."""

from __future__ import annotations

import signal
from dataclasses import dataclass

import pytest

from tests.faults.conftest import BIG, Databases
from tests.faults.desk import ANSIBLES_OWN, Desk
from tests.faults.going import Going
from tests.faults.moments import Watched

INTERRUPTED = 130
START_UP = "start-up"
MOMENTS = {
    "dump": "role:data",
    "manifest": "manifest.json",
    "copy": " copy ",
}
"""A word in the command line of the restic that is held at that moment."""


@dataclass(frozen=True)
class Blow:
    """A signal at a moment: to sopwrap alone, or to its process group as the keyboard sends it."""

    moment: str
    number: signal.Signals
    group: bool = False

    def __str__(self) -> str:
        return f"{self.number.name} to {'the group' if self.group else 'sopwrap'} during the {self.moment}"


BLOWS = [
    Blow(START_UP, signal.SIGINT, group=True),
    Blow(START_UP, signal.SIGTERM),
    Blow("dump", signal.SIGINT, group=True),
    Blow("dump", signal.SIGINT),
    Blow("dump", signal.SIGTERM),
    Blow("manifest", signal.SIGINT, group=True),
    Blow("copy", signal.SIGINT, group=True),
]


@pytest.fixture
def two_stores(databases_of: Databases) -> Desk:
    """A database that is backed up to the server itself and copied to the disk that is plugged in."""
    desk = databases_of("postgresql", BIG)
    desk.plug_in_with_store()
    return desk


def _at(desk: Desk, moment: str, seconds: float = 60) -> tuple[Going, Watched]:
    """Start a run and wait for that moment; it lasts until the program that is returned is released."""
    if moment == START_UP:
        desk.stop_inventory_of("ansible-playbook")
    else:
        desk.stop_restic_at(MOMENTS[moment])
    going = desk.start("run", "uji/backup", "--ci", seconds=seconds)
    return going, going.stopped()


@pytest.mark.parametrize("blow", BLOWS, ids=str)
def test_an_interrupted_run_leaves_no_half_point_and_the_case_is_resumed(two_stores: Desk, blow: Blow) -> None:
    desk = two_stores
    going, caught = _at(desk, blow.moment)
    going.send(blow.number, blow.group)
    if blow.moment == START_UP:
        caught.release_when_orphaned()
    else:
        caught.release_when_asked(signal.SIGINT)
    going.finish().says(INTERRUPTED, "Stopping: what has been begun is cleaned up first", "sopwrap case resume")
    assert not desk.running(), "something of the run went on"
    assert all("data" in roles for store in desk.stores for roles in desk.points(store).values())
    if blow.moment in (START_UP, "dump"):
        assert not desk.snapshots("internal")
    if blow.moment != "copy":
        assert not desk.snapshots("external")
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert desk.whole_points("internal") >= 1
    assert desk.whole_points("external") >= 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_before_a_case_is_open_leaves_nothing(desk: Desk, number: signal.Signals) -> None:
    desk.stop_inventory_of("ansible-inventory")
    going = desk.start("run", "uji/backup", "--ci")
    held = going.stopped()
    going.send(number)
    held.release_when_orphaned()
    going.finish().says(INTERRUPTED, "Interrupted.")
    assert not (desk.folder / "ledger.db").exists()


def test_a_hang_up_does_not_end_what_nohup_started(desk: Desk) -> None:
    desk.wrap = ["nohup"]
    programs = ("ansible-inventory", "ansible-playbook")
    desk.stop_inventory_of(*programs)
    going = desk.start("run", "uji/backup", "--ci")
    for program in programs:
        held = going.stopped()
        assert program in held.parent().command()
        going.send(signal.SIGHUP)
        held.release()
    going.finish().says(0, "is done")


@pytest.mark.parametrize("moment", ["dump", "copy"])
def test_after_a_sopwrap_that_was_killed_the_case_is_resumed_and_nothing_half_is_left(
    two_stores: Desk, moment: str
) -> None:
    desk = two_stores
    desk.litter = ANSIBLES_OWN
    going, caught = _at(desk, moment)
    going.send(signal.SIGKILL)
    caught.release()
    ended = going.finish()
    assert ended.code == -signal.SIGKILL
    assert not ended.leaks
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert desk.whole_points("internal") >= 1
    assert desk.whole_points("external") >= 1


def test_a_second_run_in_the_same_office_is_kept_out_and_told_who_is_at_work(two_stores: Desk) -> None:
    desk = two_stores
    going, caught = _at(desk, "dump")
    for words in (("run", "uji/backup", "--ci"), ("case", "resume"), ("point", "verify", "--asset", "uji-db")):
        desk.sopwrap(*words).says(75, f"process {going.process.pid}", "sopwrap run uji/backup", "Wait until")
    caught.release()
    going.finish().says(0)
    assert desk.whole_points() == 1


def test_a_second_interrupt_ends_the_waiting(two_stores: Desk) -> None:
    desk = two_stores
    desk.litter = ANSIBLES_OWN
    going, caught = _at(desk, "dump", seconds=25)
    going.send(signal.SIGINT)
    going.said("Stopping")
    going.send(signal.SIGINT)
    going.finish().says(INTERRUPTED, "sopwrap case resume")
    assert not desk.running(), f"something was left behind, like {caught.line}"
    desk.sopwrap("case", "resume", "--ci").says(0, "is done")
    assert desk.whole_points() == 1
