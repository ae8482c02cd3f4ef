from __future__ import annotations

import json

import yaml

from sopwrap.engine import RunResult
from sopwrap.execution import Order
from tests.unit.sopwrap.shells import RunShell
from tests.unit.sopwrap.small_office import record

WORDS = ("request", "majalengka/restore", "--asset", "laman", "--as", "tamu")
FILLED = (
    "--set", "request_letter.unit=Humas", "--set", "request_letter.purpose=Data hilang",
    "--set", "restore_request.incident=Terhapus", "--set", "restore_request.loss_understood=ya",
)  # fmt: skip


def bound(shell: RunShell) -> RunShell:
    path = shell.workspace.folder / "office.yml"
    data = yaml.safe_load(path.read_text())
    data["bindings"]["majalengka"] = {"pemohon": ["tamu"], "kadis": ["siti"]}
    path.write_text(yaml.safe_dump(data))
    return shell


def test_the_form_can_be_printed_before_anything_is_opened(run_shell: RunShell) -> None:
    said = bound(run_shell)(*WORDS, "--blank").stdout
    assert {"request_letter", "restore_request"} <= set(yaml.safe_load(said))
    assert run_shell.cases == []


def test_a_request_opens_a_case_that_waits_for_the_next_lane(run_shell: RunShell) -> None:
    said = bound(run_shell)(*WORDS, "--letter", "005/1", *FILLED, ends=3).stdout
    assert "waits at step l2 for Kadis Kominfo (siti)" in said


def test_a_request_that_is_not_whole_opens_nothing(run_shell: RunShell) -> None:
    said = bound(run_shell)(*WORDS, *FILLED[:-2], ends=2).stderr
    assert "restore_request.loss_understood" in said
    assert run_shell.cases == []


def test_a_point_nobody_knows_is_told(run_shell: RunShell) -> None:
    said = bound(run_shell)(*WORDS, *FILLED, "--point", "laman.x", ends=2).stderr
    assert "The ledger knows no point laman.x of laman." in said
    assert run_shell.cases == []


def test_a_plan_opens_nothing_and_needs_nobody(run_shell: RunShell) -> None:
    said = bound(run_shell)("request", "majalengka/restore", "--asset", "laman", "--plan", "--json", ends=4)
    assert "Nobody in office.yml has a key" in said.stderr
    order = run_shell.orders[-1]
    assert (order.target, order.check, run_shell.cases) == ({"replace": True}, True, [])


def test_a_plan_of_a_backup_says_what_it_takes_and_ends_with_4_where_there_is_no_room(run_shell: RunShell) -> None:
    known = {"outcome": "planned", "size_bytes": 4096}
    room = 10**6

    def planned(order: Order) -> RunResult:
        return RunResult(
            "ok", [record("backup", one.id, one.stores[0], free_bytes=room, **known) for one in order.assets]
        )

    run_shell.reply = planned
    words = ("request", "kaltim", "--operation", "backup", "--asset", "laman", "--plan")
    assert "laman 4.1 kB by its source" in run_shell(*words).stdout
    room = 100
    told = json.loads(run_shell(*words, "--json", ends=4).stdout)
    assert (told["stores"][0]["enough"], told["assets"][0]["size_bytes"]) == (False, 4096)
    assert (run_shell.orders[-1].check, run_shell.cases) == (True, [])


def test_a_request_is_somebodys(run_shell: RunShell) -> None:
    said = bound(run_shell)("request", "majalengka/restore", "--asset", "laman", *FILLED, ends=2).stderr
    assert "--as PERSON" in said
