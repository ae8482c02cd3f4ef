from __future__ import annotations

import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from sopwrap.cli import cli
from sopwrap.engine import RunResult
from sopwrap.execution import Order
from sopwrap.key_files import read
from sopwrap.records import Verification
from tests.unit.sopwrap.shells import PointShell
from tests.unit.sopwrap.small_office import PEOPLE, record

KEY = "kunci-penyimpanan-internal"
HOLDERS = [word for one in ("siti", "andi", "yusuf") for word in ("--holder", one)]


@pytest.fixture
def shell(point_shell: PointShell) -> PointShell:
    """An office whose internal store reads its password from secrets/internal.key."""
    folder = point_shell.workspace.folder
    office, hosts = folder / "office.yml", folder / "inventory" / "hosts.yml"
    office.write_text(yaml.safe_dump({**yaml.safe_load(office.read_text()), "people": PEOPLE}))
    told = yaml.safe_load(hosts.read_text())
    password = "{{ lookup('ansible.builtin.file', '" + str(folder) + "/secrets/internal.key') }}"
    told["all"]["vars"]["sopwrap_stores"]["internal"]["password"] = password
    hosts.write_text(yaml.safe_dump(told))
    (folder / "secrets").mkdir(exist_ok=True)
    (folder / "secrets" / "internal.key").write_text(f"{KEY}\n")
    return point_shell


def typed(shell: PointShell, *words: str, given: str = "", ends: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["--office", str(shell.workspace.folder), *words], input=given)
    assert result.exit_code == ends, result.output
    return result


def shares(shell: PointShell, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Escrow the key; return the shares as they were printed."""
    printed: list[str] = []
    monkeypatch.setattr(
        "sopwrap.papers.escrow_sheet.pdf", lambda sheet, office, on: printed.append(sheet.words) or b"%PDF"
    )
    typed(shell, "keys", "escrow", "internal", *HOLDERS, "--as", "siti", given="\n")
    return printed


def state(shell: PointShell) -> dict[str, Any]:
    [found] = json.loads(shell("keys", "list", "--json").stdout)
    assert isinstance(found, dict)
    return found


def test_a_new_key_is_made_once(shell: PointShell) -> None:
    assert "another.key is made" in shell("keys", "create", "another").stdout
    shell("keys", "create", "another", ends=4)
    shell("keys", "create", "../outside", ends=2)
    assert stat.S_IMODE((shell.workspace.secrets / "another.key").stat().st_mode) == 0o600


def test_sheets_are_there_only_while_they_are_printed_and_the_ledger_names_the_holders(shell: PointShell) -> None:
    before = {path for path in shell.workspace.folder.rglob("*") if path.is_file()}
    said = typed(shell, "keys", "escrow", "internal", *HOLDERS, "--as", "siti", given="\n").output
    assert len(re.findall(r"\S+\.pdf", said)) == 3 and "2 of 3 sheets open internal.key" in said
    left = {path for path in shell.workspace.folder.rglob("*") if path.is_file()} - before
    assert not [path for path in left if path.suffix == ".pdf"]
    assert state(shell)["holders"] == ["siti", "andi", "yusuf"] and state(shell)["threshold"] == 2
    assert KEY not in str([entry.data for entry in shell.workspace.ledger().of_kind("key.escrowed")])


def test_sheets_that_were_not_printed_are_removed_and_nobody_holds_them(shell: PointShell) -> None:
    typed(shell, "keys", "escrow", "internal", *HOLDERS, "--as", "siti", ends=1)
    assert not list(shell.workspace.folder.rglob("*.pdf")) and not state(shell)["holders"]


def test_sheets_that_are_left_are_for_nobody_else_to_read(shell: PointShell, tmp_path: Path) -> None:
    typed(shell, "keys", "escrow", "internal", *HOLDERS, "--as", "siti", "-o", str(tmp_path / "cetak"), "--leave")
    found = sorted((tmp_path / "cetak").iterdir())
    assert [one.name for one in found] == ["andi.pdf", "siti.pdf", "yusuf.pdf"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in found} == {0o600}
    assert KEY.encode() not in b"".join(one.read_bytes() for one in found)


def test_one_person_holds_one_share(shell: PointShell) -> None:
    words = ["keys", "escrow", "internal", "--holder", "siti", "--holder", "siti", "--as", "siti"]
    assert "named twice" in typed(shell, *words, ends=2).output
    assert "no escrow" in typed(shell, "keys", "escrow", "internal", "--holder", "siti", "--as", "siti", ends=2).output


def test_a_lost_key_is_made_again_from_two_shares(shell: PointShell, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = shares(shell, monkeypatch)
    assert "is there already" in typed(shell, "keys", "recover", "internal", ends=4).output
    path = shell.workspace.secrets / "internal.key"
    path.unlink()
    said = typed(shell, "keys", "recover", "internal", given=f"{printed[2]}\n{printed[0]}\n").output
    assert read(path) == KEY and KEY not in said and printed[0] not in said


def drilled(shell: PointShell, outcome: str = "ok") -> list[str]:
    """Answer a drill; return the keys that were lent to it."""
    lent: list[str] = []

    def answer(order: Order) -> RunResult:
        lent.append(read(Path(order.key["file"])))
        proof = Verification(method="content", ok=outcome == "ok", detail="equal")
        done = record("restore", "arsip", outcome=outcome, verify=proof, point="arsip.1")
        return RunResult("ok" if outcome == "ok" else "failed", [done], done.message)

    shell.reply = answer
    return lent


def test_a_drill_restores_with_the_shares_alone_and_is_remembered(
    shell: PointShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed, lent = shares(shell, monkeypatch), drilled(shell)
    (shell.workspace.secrets / "internal.key").unlink()
    words = ["keys", "drill", "internal", "--asset", "arsip", "--into", "/tmp/uji", "--as", "siti", "--ci"]
    typed(shell, *words, given=f"{printed[1]}\n{printed[0]}\n")
    [order] = shell.orders
    assert (order.actions, order.target, order.key["store"]) == (("drill_key",), {"path": "/tmp/uji"}, "internal")
    assert lent == [KEY] and not Path(order.key["file"]).exists()
    assert state(shell)["drilled_at"] and state(shell)["drills"][0]["shares"] == 2
    assert json.loads(shell("status", "--json").stdout)["keys"][0]["drilled_at"]
    said = shell("status").stdout
    assert "2 of 3 shares open it; last drill" in said and "DUE" not in said
    monkeypatch.setattr("sopwrap.store_keys.QUARTER", -timedelta(days=1))
    assert "; a drill was DUE on 20" in shell("status").stdout


def test_a_drill_that_fails_is_remembered_as_such_and_a_mistyped_share_begins_none(
    shell: PointShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = shares(shell, monkeypatch)
    drilled(shell, "failed")
    words = ["keys", "drill", "internal", "--asset", "arsip", "--into", "/tmp/uji", "--as", "siti", "--ci"]
    assert "broke" in typed(shell, *words, given=f"{printed[1]}\n{printed[0]}\n", ends=1).output
    assert state(shell)["drilled_at"] is None and "broke" in state(shell)["trouble"]
    typed(shell, *words, given=f"{printed[1]} salah\n", ends=2)
    assert len(shell.orders) == 1


def rekeyed(shell: PointShell, failing: str = "") -> list[tuple[str, str]]:
    """Answer a change; return each step with the key it was about."""
    steps: list[tuple[str, str]] = []

    def answer(order: Order) -> RunResult:
        steps.append((order.target["rekey"], read(Path(order.key["file"]))))
        outcome = "failed" if order.target["rekey"] == failing else "ok"
        done = record("rekey", None, outcome=outcome, host="srv-a")
        return RunResult(outcome, [done], done.message)

    shell.reply = answer
    return steps


def test_a_key_is_changed_in_two_steps_and_its_shares_are_void(
    shell: PointShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares(shell, monkeypatch)
    steps = rekeyed(shell)
    typed(shell, "keys", "rotate", "internal", "--as", "siti", "--ci")
    fresh = read(shell.workspace.secrets / "internal.key")
    assert steps == [("add", fresh), ("remove", KEY)] and fresh != KEY
    assert [path.name for path in shell.workspace.secrets.iterdir()] == ["internal.key"]
    assert state(shell)["rotated_at"] and not state(shell)["holders"]
    assert not {fresh, KEY} & set(
        str([entry.data for entry in shell.workspace.ledger().of_kind("evidence")]).split("'")
    )


@pytest.mark.parametrize("failing", ["add", "remove"])
def test_a_change_that_broke_off_loses_no_key_and_goes_on(shell: PointShell, failing: str) -> None:
    rekeyed(shell, failing)
    assert "Nothing is lost" in typed(shell, "keys", "rotate", "internal", "--as", "siti", "--ci", ends=1).output
    kept = {read(path) for path in shell.workspace.secrets.iterdir()}
    assert KEY in kept and len(kept) == 2
    rekeyed(shell)
    typed(shell, "keys", "rotate", "internal", "--as", "siti", "--ci")
    assert {read(path) for path in shell.workspace.secrets.iterdir()} == kept - {KEY}
    assert len(shell.workspace.ledger().of_kind("key.rotated")) == 1


def test_a_host_that_did_not_answer_keeps_the_former_key_in_place(shell: PointShell) -> None:
    shell.reply = lambda order: RunResult("ok", [])
    assert "was not done" in typed(shell, "keys", "rotate", "internal", "--as", "siti", "--ci", ends=1).output
    assert read(shell.workspace.secrets / "internal.key") == KEY


def test_a_drill_without_shares_says_what_is_wanted_and_that_nobody_holds_any(shell: PointShell) -> None:
    said = typed(shell, "keys", "drill", "internal", "--asset", "arsip", "--into", "/tmp/uji", "--as", "siti", ends=2)
    assert "Nobody is known to hold shares of internal.key" in said.output
    assert "Share 1 was not given." in said.output and not shell.orders
