"""`sopwrap run` with the real ansible-runner, Ansible, collection and restic, on an office without servers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sopwrap.children import wait
from sopwrap.execution import leftovers
from tests.integration.tiny import COMMON, ENVIRONMENT, KEYS, Tiny
from tests.office.runs import ROOT


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


def test_a_run_ends_with_every_asset_in_both_stores_and_proven(tiny: Tiny) -> None:
    said = tiny("run", "uji/backup", "--ci")
    assert "is done" in said
    done = [(one["asset"], one["action"], one["store"]) for one in tiny.records]
    for asset in ("berkas", "arsip"):
        for wanted in (("backup", "internal"), ("copy", "external"), ("verify", "internal"), ("verify", "external")):
            assert (asset, *wanted) in done
    assert {(one["outcome"], one["step"]) for one in tiny.records} == {("ok", "s1")}
    assert {one["standing"] for one in tiny.json("status")["assets"]} == {"ok"}
    assert leftovers(tiny.workspace) == []


def test_points_can_be_listed_verified_and_asked_of_the_stores(tiny: Tiny) -> None:
    tiny("run", "uji/backup", "--asset", "berkas")
    [point] = tiny.json("point", "list")
    assert list(point["stores"]) == ["internal", "external"]
    before = len(tiny.records)
    assert "1 verified" in tiny("point", "verify", point["point"], "--ci")
    assert {one["case"] for one in tiny.records[before:]} == {None}
    asked = tiny.json("point", "list", "--store")
    assert {(one["point"], one["store"]) for one in asked} == {
        (point["point"], "internal"),
        (point["point"], "external"),
    }


def test_no_secret_is_in_anything_a_run_says_or_leaves(tiny: Tiny) -> None:
    said = tiny("run", "uji/backup", "--ci") + tiny("status") + tiny("case", "show", "--json", ends=2)
    kept = [path for path in tiny.root.rglob("*") if path.is_file() and path.parent.name not in ("secrets",)]
    assert len(kept) > 10
    for secret in (*KEYS.values(), ENVIRONMENT):
        assert secret not in said
        for path in kept:
            assert secret.encode() not in path.read_bytes(), path


def test_wrong_orders_open_no_case(tiny: Tiny) -> None:
    assert "Did you mean berkas?" in tiny("run", "uji/backup", "--asset", "bekas", ends=2)
    assert "matches `nosuch`" in tiny("run", "uji/backup", "--limit", "nosuch", ends=5)
    hosts = tiny.folder / "inventory" / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("kind: files", "kind: fles"))
    assert "kind is fles, and there is no such kind" in tiny("run", "uji/backup", ends=2)
    hosts.write_text("all: {hosts: [\n")
    assert "hosts.yml:2: not YAML" in tiny("run", "uji/backup", ends=2)
    assert "No case" in tiny("case", "list", "--all")


def test_a_slow_host_holds_up_nobody(tmp_path: Path) -> None:
    """Its first kind takes longer than all kinds of the other host, and these do not wait for it."""
    slow = tmp_path / "slow-python"
    slow.write_text(f'#!/bin/sh\nmkdir {tmp_path}/late && sleep 9\nexec {sys.executable} "$@"\n', encoding="utf-8")
    slow.chmod(0o755)
    kinds = {"files": {"paths": [str(tmp_path / "data")]}, "sqlite": {"path": str(tmp_path / "arsip.db")}}
    assets = [{**COMMON, "id": f"lambat-{kind}", "kind": kind, "title": kind, "source": kinds[kind]} for kind in kinds]
    host = {"ansible_connection": "local", "ansible_python_interpreter": str(slow), "sopwrap_assets": assets}
    tiny = Tiny(tmp_path, {"lambat": host})
    tiny("run", "uji/backup", "--ci")
    done = [one for one in tiny.records if one["action"] == "backup"]
    quick = [one["finished_at"] for one in done if one["host"] == "sini"]
    assert len(quick) == 2
    assert len(done) == 4
    assert max(quick) < min(one["finished_at"] for one in done if one["host"] == "lambat")


def test_a_host_that_is_not_reached_fails_its_assets_and_no_others(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    far = {"id": "jauh", "kind": "files", "title": "Jauh", "source": {"paths": ["/srv/x"]}, **COMMON}
    tiny = Tiny(tmp_path, {"sana": {"ansible_host": "127.0.0.1", "ansible_port": port, "sopwrap_assets": [far]}})
    said = tiny("run", "uji/backup", "--ci", ends=1)
    assert "is held at step s1" in said
    [record] = [one for one in tiny.records if one["outcome"] != "ok"]
    assert (record["asset"], record["host"], record["outcome"]) == ("jauh", "sana", "failed")
    assert record["message"].startswith("sana was not reached: ")
    assert {one["asset"] for one in tiny.records if one["action"] == "verify"} == {"berkas", "arsip"}


def test_an_asset_that_fails_does_not_keep_its_neighbour_from_backup_and_proof(tiny: Tiny) -> None:
    (tiny.root / "arsip.db").unlink()
    tiny("run", "uji/backup", "--ci", ends=1)
    outcomes = {(one["asset"], one["action"]): one["outcome"] for one in tiny.records}
    assert outcomes["arsip", "backup"] in ("failed", "refused")
    assert outcomes["berkas", "backup"] == outcomes["berkas", "verify"] == "ok"


def test_a_kind_that_fails_first_fails_the_playbook_by_hand_after_the_others_are_done(tiny: Tiny) -> None:
    shutil.rmtree(tiny.root / "data")
    program = [str(Path(sys.executable).parent / "ansible-playbook"), "--inventory", str(tiny.workspace.inventory)]
    evidence = tiny.root / "evidence.jsonl"
    where = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "SOPWRAP_EVIDENCE_FILE": str(evidence)}
    playbook = str(ROOT / "playbooks" / "backup_assets.yml")
    ended = subprocess.run([*program, playbook], env=where, capture_output=True, text=True, check=False)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    records = [json.loads(line) for line in evidence.read_text(encoding="utf-8").splitlines()]
    outcomes = {(one["asset"], one["action"]): one["outcome"] for one in records}
    assert outcomes["berkas", "backup"] == "failed"
    assert outcomes["arsip", "backup"] == outcomes["arsip", "copy"] == "ok"


def test_a_second_run_is_told_who_is_at_work(tiny: Tiny) -> None:
    first = tiny.start("run", "uji/backup", "--ci")
    tiny.wait_for("ansible-playbook")
    said = tiny("run", "uji/backup", ends=75)
    assert f"process {first.pid} since" in said
    assert first.wait(180) == 0, first.communicate()
    assert len(tiny.json("case", "list", "--all")) == 1


def test_an_interrupted_run_leaves_nothing_behind_and_is_resumed(tiny: Tiny) -> None:
    process = tiny.start("run", "uji/backup", "--ci")
    begun = tiny.wait_for("restic", " backup ")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 130, out + err
    assert "Stopping" in err
    assert "sopwrap case resume" in out
    assert wait(begun, 0) == set()
    assert leftovers(tiny.workspace) == []
    assert "is done" in tiny("case", "resume", "--ci")
    assert {one["standing"] for one in tiny.json("status")["assets"]} == {"ok"}


@pytest.mark.parametrize("hosts", [1, 2])
def test_a_killed_worker_of_ansible_is_noticed_and_the_case_is_resumed(tmp_path: Path, hosts: int) -> None:
    """By Ansible itself where it waits for one host, by sopwrap where for several (`sopwrap.workers`)."""
    lain = {**COMMON, "id": "lain", "kind": "files", "title": "Lain", "source": {"paths": [str(tmp_path / "data")]}}
    other = {"sana": {"ansible_connection": "local", "sopwrap_assets": [lain]}}
    tiny = Tiny(tmp_path, other if hosts == 2 else None)
    process = tiny.start("run", "uji/backup", "--ci")
    begun = tiny.wait_for("restic", " backup ")
    named = [one for one in begun if one.name.startswith("ansible-playboo")]
    parents = {one.pid: int(Path(f"/proc/{one.pid}/stat").read_text().rpartition(")")[2].split()[1]) for one in named}
    worker, *_others = [one for one in named if parents[one.pid] in parents]
    worker.send(signal.SIGKILL)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 1, out + err
    assert "a process of Ansible was killed" in out + err
    assert wait(begun, 0) == set()
    tiny("case", "decide", "s1", "retry", "--as", "andi", "--reason", "diulang")
    assert "is done" in tiny("case", "resume", "--ci")


def test_what_a_killed_run_leaves_is_ended_and_swept_by_the_next(tiny: Tiny) -> None:
    process = tiny.start("run", "uji/backup", "--ci")
    begun = tiny.wait_for("restic", " backup ")
    process.kill()
    process.communicate()
    assert len(leftovers(tiny.workspace)) == 1
    assert "leftovers" in tiny("doctor")
    assert "is done" in tiny("case", "resume", "--ci")
    assert wait(begun, 0) == set()
    assert leftovers(tiny.workspace) == []


def test_a_dry_run_writes_nothing(tiny: Tiny) -> None:
    stores = tiny.root / "stores"
    before = sorted(stores.rglob("*"))
    said = tiny("run", "uji/backup", "--dry-run", "--ci")
    assert "Nothing was written" in said
    assert sorted(stores.rglob("*")) == before
    asked = {one["asset"]: one["size_bytes"] for one in tiny.records if one["action"] == "backup"}
    assert asked["arsip"] == (tiny.root / "arsip.db").stat().st_size
    assert asked["berkas"] == sum(one.stat().st_size for one in (tiny.root / "data").rglob("*") if one.is_file())
    assert "by its source" in said
    assert "No case" in tiny("case", "list", "--all")
