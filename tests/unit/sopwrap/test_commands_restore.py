from __future__ import annotations

import json

import pytest
import yaml

from sopwrap import permits
from sopwrap.engine import RunResult
from sopwrap.ledger import Draft
from sopwrap.records import Replacement
from tests.office.permits import Authority
from tests.unit.sopwrap.shells import POINT, PointShell, of_point


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


PLAN = Replacement(mode="replace", manifest="b" * 64, place={"path": "/srv/arsip.db"}, downtime_seconds=12.4)


def with_a_key(shell: PointShell) -> PointShell:
    """An office that could sign a permit."""
    path = shell.workspace.folder / "office.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**data, "permit_key": "ssh-ed25519 AAAA"}), encoding="utf-8")
    return shell


def test_a_plan_is_kept_and_tells_how_long_it_took_last_time(point_shell: PointShell) -> None:
    with_a_key(point_shell).keep(of_point("restore", restore=PLAN))
    planned = of_point("restore", outcome="planned", restore=PLAN.model_copy(update={"lost_seconds": 90000}))
    point_shell.answer = RunResult("ok", [planned])
    said = point_shell("restore", "plan", "arsip").stdout
    assert "12 s of it without services" in said and "MORE than the RPO P1D" in said
    order = point_shell.orders[0]
    assert (order.target, order.check, order.actions) == ({"replace": True}, True, ("restore_point",))
    assert point_shell.workspace.ledger().of_kind("evidence")[-1].data["record"]["outcome"] == "planned"
    told = json.loads(point_shell("restore", "plan", "arsip", "--json").stdout)
    assert (len(told["past"]), told["within_rpo"], told["outcome"]) == (1, False, "planned")


def test_a_plan_takes_the_point_a_case_would_take(point_shell: PointShell) -> None:
    with_a_key(point_shell).keep(of_point("backup"), of_point("backup").model_copy(update={"point": f"{POINT}x"}))
    point_shell.keep(of_point("verify"))
    point_shell.answer = RunResult("ok", [of_point("restore", outcome="planned", restore=PLAN)])
    assert f"{POINT}, proven" in point_shell("restore", "plan", "arsip").stdout
    assert point_shell.orders[-1].point == POINT, "the newest proven one, not the newest"
    assert "knows no point lain" in point_shell("restore", "plan", "arsip", "--point", "lain", ends=2).stderr


def test_a_plan_is_told_by_the_offices_name_of_the_point_and_takes_it(point_shell: PointShell) -> None:
    with_a_key(point_shell).keep(of_point("backup"), of_point("verify"))
    file = point_shell.workspace.folder / "office.yml"
    rule = {"pattern": "{asset}-{yyyymmdd}-{hhmm}-{nomor}", "unit": "ptid"}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "naming": rule}))
    point_shell.answer = RunResult("ok", [of_point("restore", outcome="planned", restore=PLAN)])
    name = "arsip-20260110-0700-11256099"
    assert f"{name}, proven" in point_shell("restore", "plan", "arsip", "--point", name).stdout
    assert point_shell.orders[-1].point == POINT


def test_a_plan_of_pieces_asks_the_host_for_these_alone(point_shell: PointShell) -> None:
    planned = of_point("restore", outcome="planned", restore=PLAN)
    with_a_key(point_shell).answer = RunResult("ok", [planned])
    point_shell("restore", "plan", "arsip", "--piece", "/etc/hosts", "--piece", "package:nginx")
    assert point_shell.orders[0].target == {"replace": True, "pieces": ["/etc/hosts", "package:nginx"]}


def test_what_cannot_work_is_refused_when_it_is_planned(point_shell: PointShell) -> None:
    refused = of_point("restore", outcome="refused", message="No room.", hint="Make room.")
    point_shell.answer = RunResult("failed", [refused], "No room.")
    told = point_shell("restore", "plan", "arsip", ends=4)
    assert told.output.count("No room.") == told.output.count("Make room.") == 1
    assert "Make room." in told.stdout
    point_shell.answer = RunResult("ok", [of_point("restore", outcome="planned", restore=PLAN)])
    assert "Nobody in office.yml has a key" in point_shell("restore", "plan", "arsip", ends=4).stderr


def test_a_restore_runs_with_the_permit_of_the_ledger(point_shell: PointShell, authority: Authority) -> None:
    plan = of_point("restore", outcome="planned", restore=PLAN).as_dict() | {"kind": "files"}
    text = authority.permit(plan)
    number = permits.read(text).permit.number
    point_shell.workspace.ledger().append(None, [Draft("permit", {"text": text, "number": number, "stated_by": "x"})])
    point_shell.answer = RunResult("ok", [of_point("restore", restore=PLAN)])
    assert "lives" in point_shell("restore", "run", "arsip", "--permit", number).stderr
    order = point_shell.orders[0]
    assert (order.permit, order.point, order.case) == (text, POINT, "K-1")
    assert order.variables["sopwrap_permit"] == text
    assert point_shell("permit", "show", number, "--text").stdout == text
    assert json.loads(point_shell("permit", "show", number, "--json").stdout)["asset"] == "arsip"


def test_what_was_refused_ends_with_4_and_is_kept(point_shell: PointShell) -> None:
    point_shell.answer = RunResult("failed", [of_point("undo", outcome="refused")], "There is nothing to take back.")
    assert "nothing to take back" in point_shell("restore", "undo", "arsip", ends=4).stderr
    assert point_shell.orders[0].target == {"undo": True}
    assert [one.action for one in point_shell.orders[0].owed] == ["undo"]
    assert point_shell.workspace.ledger().of_kind("evidence")[-1].data["record"]["outcome"] == "refused"
    point_shell.answer = RunResult("ok", [of_point("forget", outcome="unchanged")])
    point_shell("restore", "forget", "arsip")


def test_a_permit_is_verified_against_the_ledger_and_the_keys_of_the_office(
    point_shell: PointShell, authority: Authority
) -> None:
    plan = of_point("restore", outcome="planned", restore=PLAN).as_dict() | {"kind": "files"}
    text = authority.permit(plan, authority.office, signer="office", approver={"id": "rina", "name": "Rina"})
    number = permits.read(text).permit.number
    path = point_shell.workspace.folder / "izin"
    path.write_text(text, encoding="utf-8")
    assert "no key of office" in point_shell("permit", "verify", str(path), ends=4).stderr
    office = point_shell.workspace.folder / "office.yml"
    known = yaml.safe_load(office.read_text(encoding="utf-8"))
    key = authority.office.with_suffix(".pub").read_text(encoding="utf-8").strip()
    office.write_text(yaml.safe_dump({**known, "permit_key": key}), encoding="utf-8")
    assert "holds no permit" in point_shell("permit", "verify", str(path), ends=2).stderr
    point_shell.workspace.ledger().append(None, [Draft("permit", {"text": text, "number": number, "stated_by": "x"})])
    assert "signed by office" in point_shell("permit", "verify", str(path)).stdout
    point_shell.answer = RunResult("ok", [])
    assert "believe permits of office" in point_shell("permit", "trust").stderr
    assert 'namespaces="sopwrap@permit"' in point_shell.orders[-1].variables["sopwrap_permit_signers"]


def test_without_any_key_there_is_nobody_to_believe(point_shell: PointShell) -> None:
    assert "has no key" in point_shell("permit", "trust", ends=2).stderr
