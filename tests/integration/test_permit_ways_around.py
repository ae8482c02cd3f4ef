"""Ways around the permit, each tried on living data: all are refused, leave a record, and change nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import run

from sopwrap import refusals
from sopwrap.ledger import open_ledger
from sopwrap.permits import Permit, new_number, stamp
from sopwrap.signatures import sign as sign_text
from tests.integration.replacing import Bench, Places
from tests.office.emergencies import Pair
from tests.unit.collection.toy import Shelf

NOW = datetime.now(UTC)
REPLACE = {"replace": True}


@dataclass
class Scene:
    """Living data that was changed since its backup, and somebody who wants the old state back without asking."""

    bench: Bench
    plan: dict[str, Any]
    older: str
    live: Path

    @property
    def authority(self) -> Pair:
        assert isinstance(self.bench.authority, Pair)
        return self.bench.authority

    def good(self, **changed: Any) -> str:
        """A permit for this deed, signed by the approver."""
        return self.authority.permit(self.plan, **changed)

    def edited(self, **changed: Any) -> str:
        """A good permit, with fields written over after it was signed."""
        line, _feed, signature = self.good().partition("\n")
        fields = {**json.loads(line), **changed}
        return json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n" + signature

    def beside_a_signature(self, line: str) -> str:
        """A line of somebody's own, with the signature of a good permit below it."""
        return line + "\n" + self.good().partition("\n")[2]

    def signed(self, **changed: Any) -> str:
        """A line that the office's own program would not write, signed by the approver all the same."""
        fields = {**self.authority.fields(self.plan), **changed}
        line = json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n"
        return line + sign_text(line.encode(), self.authority.key, "sopwrap@permit")

    def in_namespace(self, namespace: str) -> str:
        """A permit whose line the approver signed for something else."""
        permit = Permit.model_validate(self.authority.fields(self.plan))
        return permit.line.decode() + sign_text(permit.line, self.authority.key, namespace)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("ways")
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    live = folder / "situs"
    live.mkdir()
    (live / "halaman").write_text("lama sekali", encoding="utf-8")
    asset = {"id": "situs", "kind": "files", "stores": ["internal"], "source": {"paths": [str(live)], "exclude": []}}
    bench = Bench(folder, asset, shelf.config(folder, "internal"), Pair(folder / "authority"))
    older = bench.back_up()["point"]
    time.sleep(1.1)  # points are told apart by the second
    (live / "halaman").write_text("lama", encoding="utf-8")
    bench.back_up()
    (live / "halaman").write_text("sekarang", encoding="utf-8")
    return Scene(bench, bench.plan(), older, live)


@pytest.fixture(autouse=True)
def _untouched(scene: Scene) -> Iterator[None]:
    """Whatever was tried: the living data is as it was, and no restore has even begun."""
    inode = scene.live.stat().st_ino
    yield
    assert (scene.live / "halaman").read_text(encoding="utf-8") == "sekarang"
    assert scene.live.stat().st_ino == inode and scene.bench.journals() == []
    assert not list(scene.bench.folder.glob(".sopwrap-*"))


SEEN: list[dict[str, Any]] = []
"""Every refusal of this module."""


def refused(records: list[dict[str, Any]], says: str) -> None:
    (record,) = records
    SEEN.append(record)
    assert (record["action"], record["outcome"]) == ("restore", "refused"), record
    assert says in record["message"], record["message"]


TEXTS: dict[str, tuple[Callable[[Scene], str], str]] = {
    "no permit": (lambda s: "", "There is no permit"),
    "blank text": (lambda s: " \n ", "There is no permit"),
    "a word": (lambda s: "boleh", "not a line of JSON"),
    "without its signature": (lambda s: s.good().partition("\n")[0] + "\n", "not a line of JSON"),
    "the signature of another permit": (
        lambda s: s.good().partition("\n")[0] + "\n" + s.good().partition("\n")[2],
        "signature",
    ),
    "letter number edited": (lambda s: s.edited(letter={"number": "9", "date": None, "sha256": "a" * 64}), "signature"),
    "letter edited": (
        lambda s: s.edited(letter={"number": "045/12/TU/2026", "date": "2026-02-01", "sha256": "c" * 64}),
        "signature",
    ),
    "without a letter": (lambda s: s.edited(letter={}), "has not the form"),
    "asset edited": (lambda s: s.edited(asset="situs-lain"), "signature"),
    "kind edited": (lambda s: s.edited(kind="sqlite"), "signature"),
    "point edited": (lambda s: s.edited(point=s.older), "signature"),
    "manifest edited": (lambda s: s.edited(manifest="0" * 64), "signature"),
    "host edited": (lambda s: s.edited(host="srv-lain"), "signature"),
    "place edited": (lambda s: s.edited(place={"paths": "/"}), "signature"),
    "case edited": (lambda s: s.edited(case="K-2"), "signature"),
    "number edited": (lambda s: s.edited(number=new_number()), "signature"),
    "prolonged": (lambda s: s.edited(not_after=stamp(NOW + timedelta(days=3))), "signature"),
    "way back prolonged": (lambda s: s.edited(undo_until="2099-01-01T00:00:00Z"), "signature"),
    "requester edited": (lambda s: s.edited(requester={"id": "x", "name": "X"}), "signature"),
    "approver edited": (lambda s: s.edited(approver={"id": "sari", "name": "Sari"}, signer="sari"), "signature"),
    "executor edited": (lambda s: s.edited(executor={"id": "x", "name": "X"}), "signature"),
    "exception added": (lambda s: s.edited(exception="mendesak"), "signature"),
    "an unknown field": (lambda s: s.edited(segera=True), "lacks or adds segera"),
    "a key that stands twice": (lambda s: s.good().replace('{"approver"', '{"asset":"x","approver"', 1), "not JSON"),
    "written with spaces": (lambda s: s.good().replace('","', '", "', 1), "signature"),
    "with DOS line ends": (lambda s: s.good().replace("\n", "\r\n"), "not a line of JSON"),
    "another schema": (lambda s: s.edited(schema="sopwrap.permit/0"), "not of the form"),
    "a number that is a path": (lambda s: s.edited(number="../../../etc/x"), "has not the form"),
    "a text of a megabyte": (lambda s: s.good() + "x" * 2**20, "not a line of JSON"),
    "signed by a stranger as the approver": (lambda s: s.good(key=s.authority.stranger), "signature"),
    "signed by a stranger under another name": (
        lambda s: s.good(key=s.authority.stranger, signer="orang"),
        "who is not the one who approves",
    ),
    "approved by a stranger who is in no list": (
        lambda s: s.good(key=s.authority.stranger, signer="rina", approver={"id": "rina", "name": "Rina"}),
        "signature",
    ),
    "signed by the requester": (lambda s: s.good(signer="sari"), "who is not the one who approves"),
    "signed by all names at once": (lambda s: s.good(signer="*", approver={"id": "*", "name": "*"}), "a name no list"),
    "the office's key for one who has a key": (
        lambda s: s.good(key=s.authority.office, signer="office"),
        "has a key of their own",
    ),
    "the approver's key as the office's": (
        lambda s: s.good(signer="office", approver={"id": "rina", "name": "Rina"}),
        "signature",
    ),
    "signed as a line of the ledger": (lambda s: s.in_namespace("sopwrap@ledger"), "signature"),
    "signed as a file": (lambda s: s.in_namespace("file"), "signature"),
    "approved by the one who asked": (
        lambda s: s.good(requester={"id": "budi", "name": "Budi Contoh"}),
        "has approved what budi asked for",
    ),
    "for another asset": (lambda s: s.good(asset="situs-lain"), "it is for the asset situs-lain"),
    "for another kind": (lambda s: s.good(kind="sqlite"), "it is for the kind"),
    "for an older point": (lambda s: s.good(point=s.older), "it is for the point"),
    "for other bytes under the point's name": (lambda s: s.good(manifest="0" * 64), "it is for a point with the"),
    "for another host": (lambda s: s.good(host="srv-lain"), "it is for the host"),
    "for another place": (lambda s: s.good(place={"paths": "/srv/situs"}), "it is for the place"),
    "of another case": (lambda s: s.good(case="K-2"), "it is for the case"),
    "expired": (
        lambda s: s.good(
            issued_at=stamp(NOW - timedelta(hours=3)),
            not_before=stamp(NOW - timedelta(hours=3)),
            not_after=stamp(NOW - timedelta(hours=2)),
        ),
        "it was good until",
    ),
    "too early": (lambda s: s.good(not_before=stamp(NOW + timedelta(minutes=30))), "it is good from"),
    "for months": (
        lambda s: s.good(not_after=stamp(NOW + timedelta(days=60)), undo_until=stamp(NOW + timedelta(days=61))),
        "longer than a week",
    ),
    "that ends before it begins": (lambda s: s.good(not_after=stamp(NOW - timedelta(hours=1))), "make no sense"),
    "an emergency of one": (lambda s: s.authority.emergency(s.plan, s.authority.first), "needs 2"),
    "an emergency one of whom may not": (
        lambda s: s.authority.emergency(s.plan, s.authority.first, s.authority.key, second={"id": "budi", "name": "B"}),
        "signature is not of budi",
    ),
    "an emergency within a case": (lambda s: s.authority.emergency(s.plan), "for the case of none"),
    "nested a thousandfold": (lambda s: s.beside_a_signature("[" * 60000), "not JSON"),
    "of a schema that is a list": (lambda s: s.edited(schema=["sopwrap.permit/1"]), "not of the form"),
    "of bytes that are no text": (lambda s: s.good().replace("situs", "situs\udcff", 1), "not JSON"),
    "with a mark of its byte order": (lambda s: "\ufeff" + s.good(), "not JSON"),
    "with a month 13": (lambda s: s.signed(not_before="2026-13-01T00:00:00Z"), "has not the form"),
    "with digits of another script": (lambda s: s.signed(not_before="٢٠٢٦-01-01T00:00:00Z"), "has not the form"),
    "in the time of the office's zone": (
        lambda s: s.signed(not_before=NOW.strftime("%Y-%m-%dT%H:%M:%S+07:00")),
        "has not the form",
    ),
    "signed by a name that ends early": (
        lambda s: s.edited(approver={"id": "budi\0", "name": "B"}, signer="budi\0"),
        "a name no list can hold",
    ),
    "signed by a name that looks the same": (
        lambda s: s.signed(approver={"id": "bυdi", "name": "Budi Contoh"}, signer="bυdi"),
        "signature is not of",
    ),
    "that writes on the terminal": (lambda s: s.edited(**{"\x1b[2J": "x"}), "lacks or adds \\x1b[2J"),
    "of an asset that looks the same": (lambda s: s.signed(asset="ѕitus"), "it is for the asset"),
    "of an asset in capitals": (lambda s: s.signed(asset="Situs"), "it is for the asset"),
    "for a place that leads there": (
        lambda s: s.signed(place={"paths": f"{s.live}/../{s.live.name}"}),
        "it is for the place",
    ),
    "for a point by another path": (lambda s: s.signed(point=f"../{s.plan['point']}"), "it is for the point"),
    "whose way back ends before": (lambda s: s.good(undo_until=stamp(NOW)), "make no sense"),
}


@pytest.mark.parametrize("way", TEXTS)
def test_a_permit_that_is_none(way: str, scene: Scene) -> None:
    make, says = TEXTS[way]
    refused(scene.bench.do(REPLACE, make(scene)), says)


def test_the_point_of_the_permit_has_to_be_the_one_that_is_restored(scene: Scene) -> None:
    refused(scene.bench.do(REPLACE, scene.good(), point=scene.older), "it is for the point")


def _bend_host(scene: Scene, name: str) -> None:
    trust = scene.bench.trust
    if name == "no list":
        (trust / "permit_signers").unlink()
    elif name == "no name":
        (trust / "permit_host").unlink()
    elif name == "another name":
        (trust / "permit_host").write_text("srv-lain\n", encoding="ascii")
    elif name == "list of others":
        os.chown(trust / "permit_signers", 65534, 65534)
    elif name == "open list":
        (trust / "permit_signers").chmod(0o666)
    elif name == "open folder":
        trust.chmod(0o777)
    elif name == "a link":
        (trust / "permit_signers").rename(trust / "elsewhere")
        (trust / "permit_signers").symlink_to(trust / "elsewhere")
    elif name == "empty list":
        (trust / "permit_signers").write_text("", encoding="ascii")
    elif name in ("clock back", "unreadable clock"):
        register = scene.bench.state / "permits"
        register.mkdir(parents=True, exist_ok=True)
        text = "{" if name.startswith("un") else json.dumps({"seconds": time.time() + 7200})
        (register / "newest.json").write_text(text, encoding="ascii")


HOSTS = {
    "no list": "has not been told",
    "no name": "has not been told",
    "another name": "the inventory calls it",
    "list of others": "can be changed by others",
    "open list": "can be changed by others",
    "open folder": "can be changed by others",
    "a link": "can be changed by others",
    "empty list": "signature",
    "clock back": "it was",
    "unreadable clock": "cannot be read",
}


@pytest.mark.parametrize("bent", HOSTS)
def test_a_host_that_cannot_know(bent: str, scene: Scene) -> None:
    _bend_host(scene, bent)
    try:
        refused(scene.bench.do(REPLACE, scene.good()), HOSTS[bent])
    finally:
        for path in scene.bench.trust.iterdir():
            path.unlink()
        scene.authority.trusted_by(scene.bench.trust, "srv-uji")
        (scene.bench.state / "permits" / "newest.json").unlink(missing_ok=True)


TARGETS: dict[str, tuple[Callable[[Scene], dict[str, Any]], str]] = {
    "replace and a place": (lambda s: {"replace": True, "path": str(s.live)}, "alone"),
    "replace as a word": (lambda s: {"replace": "true"}, "alone"),
    "replace: false": (lambda s: {"replace": False}, "alone"),
    "fresh where it lives": (lambda s: {"path": str(s.live)}, "itself lives"),
    "fresh through a link": (lambda s: {"path": str(s.bench.folder / "tautan")}, "itself lives"),
    "fresh inside": (lambda s: {"path": str(s.live / "baru")}, "itself lives"),
    "replace in letters of another script": (lambda s: {"r\u0435place": True}, "itself lives"),
    "replace and only": (lambda s: {"replace": True, "only": [str(s.live)]}, "alone"),
    "fresh by way of a process": (lambda s: {"path": f"/proc/self/root{s.live}/baru"}, "itself lives"),
    "fresh above": (lambda s: {"path": str(s.bench.folder)}, "itself lives"),
}


@pytest.mark.parametrize("way", TARGETS)
def test_a_target_that_needs_no_permit_by_its_own_account(way: str, scene: Scene) -> None:
    (scene.bench.folder / "tautan").unlink(missing_ok=True)
    (scene.bench.folder / "tautan").symlink_to(scene.live)
    make, says = TARGETS[way]
    refused(scene.bench.do(make(scene)), says)


def test_there_is_nothing_to_take_back(scene: Scene) -> None:
    (record,) = scene.bench.do({"undo": True})
    assert (record["action"], record["outcome"]) == ("undo", "refused")


def test_at_least_fifty_ways_were_tried() -> None:
    assert len(TEXTS) + len(HOSTS) + len(TARGETS) >= 50


def test_every_refusal_reaches_the_ledger_of_the_office(tmp_path: Path) -> None:
    """As the callback of `ansible-playbook` would have left them in the office's folder."""
    tried = [one for one in SEEN if one["action"] == "restore"]
    (tmp_path / "evidence").mkdir()
    text = "".join(json.dumps(one, sort_keys=True) + "\n" for one in tried)
    (tmp_path / "evidence" / "tangan.jsonl").write_text(text, encoding="utf-8")
    ledger = open_ledger(tmp_path)
    assert refusals.take_in(ledger, tmp_path, "operator") == []
    known = [line.data["record"]["message"] for line in ledger.of_kind("evidence")]
    assert sorted(known) == sorted(one["message"] for one in tried) and known


def test_two_people_let_the_point_live_in_an_emergency(scene: Scene) -> None:
    job = scene.bench._job(target=REPLACE, options={"permit": scene.authority.emergency(scene.plan)})
    job.case = {}
    with Places(scene.bench.trust, scene.bench.state):
        run.carry_out(job, "restore", scene.bench.kind)
    done = job.records[-1]
    assert (done["outcome"], done["case"], done["restore"]["emergency"]) == ("ok", None, True), done
    assert (scene.live / "halaman").read_text(encoding="utf-8") == "lama"
    _back(scene)


def test_whose_program_checks_the_signature_is_not_a_matter_of_the_path(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A play's `environment` comes with it to the host."""
    text = scene.edited(letter={"number": "9", "date": None, "sha256": "a" * 64})
    (tmp_path / "ssh-keygen").write_text("#!/bin/sh\nexit 0\n", encoding="ascii")
    (tmp_path / "ssh-keygen").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    refused(scene.bench.do(REPLACE, text), "signature")


def test_a_store_of_ones_own_does_not_keep_the_attempt_from_being_a_refusal(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure would not be on record: the permit is looked at before the store is."""
    monkeypatch.setattr(scene.bench, "store", {**scene.bench.store, "repository": str(tmp_path / "tidak-ada")})
    refused(scene.bench.do(REPLACE, scene.good(key=scene.authority.stranger)), "signature")


def _back(scene: Scene) -> None:
    """Take it back, and let its time be over."""
    assert scene.bench.do({"undo": True})[-1]["outcome"] == "ok"
    for path in (scene.bench.state / "restores").glob("*/journal.json"):
        path.write_text(path.read_text().replace(json.loads(path.read_text())["undo_until"], "2020"), encoding="utf-8")
    assert scene.bench.do({"forget": True})[-1]["outcome"] == "ok"


def test_one_permit_replaces_once_even_when_it_is_used_twice_at_once(scene: Scene) -> None:
    permit = scene.good()
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda number: scene.bench.broken("none", permit, number), range(2)))
    outcomes = sorted(records[-1]["outcome"] for _rc, records in runs)
    assert outcomes == ["ok", "refused"], runs
    refused(scene.bench.do(REPLACE, permit), "was used already")
    _back(scene)
    assert (scene.live / "halaman").read_text(encoding="utf-8") == "sekarang"
