from __future__ import annotations

import json

import pytest
import yaml

from sopwrap.commands._evidence import known_points
from sopwrap.engine import RunResult
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.shells import POINT, PointShell, of_point


def test_points_are_listed_and_shown_from_the_ledger(point_shell: PointShell) -> None:
    assert point_shell("point", "list").stdout == "No point is known.\n"
    point_shell.keep(of_point("backup"), of_point("verify"))
    assert POINT in point_shell("point", "list", "--asset", "arsip").stdout
    [listed] = json.loads(point_shell("point", "list", "--json").stdout)
    assert (listed["point"], listed["size_bytes"], listed["proven_at"] is None) == (POINT, 2048, False)
    assert "2.05 kB" in point_shell("point", "show", POINT).stdout
    assert point_shell.orders == []


def test_a_point_of_an_asset_that_left_the_register_is_listed_as_such(point_shell: PointShell) -> None:
    lost = of_point("backup").model_copy(update={"asset": "lama", "point": "lama-1"})
    point_shell.keep(of_point("backup"), lost)
    assert point_shell("point", "list").stdout.count("is not in the register") == 1
    listed = json.loads(point_shell("point", "list", "--json").stdout)
    assert {one["point"]: one["registered"] for one in listed} == {POINT: True, "lama-1": False}
    [found] = [
        one for one in json.loads(point_shell("retention", "plan", "--json").stdout)["points"] if one["asset"] == "lama"
    ]
    assert found["kept"] == ["its asset is not in the register"]
    (point_shell.workspace.folder / "inventory" / "hosts.yml").write_text("all: {hosts: [\n")
    assert "not in the register" not in point_shell("point", "list").stdout


def test_an_unknown_point_or_asset_names_the_nearest(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    assert f"Did you mean {POINT}?" in point_shell("point", "show", POINT[:-1], ends=2).stderr
    assert "Did you mean arsip?" in point_shell("point", "list", "--asset", "arsib", ends=2).stderr
    assert point_shell("point", "list", "--asset", "laman").stdout == "No point is known.\n"


def test_points_go_by_the_offices_names_and_are_found_by_them(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    file = point_shell.workspace.folder / "office.yml"
    rule = {"pattern": "{unit}-{asset}-{yyyymmdd}-{hhmm}-{nomor}", "unit": "ptid"}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "naming": rule}))
    name = "ptid-arsip-20260110-0700-11256099"
    assert name in point_shell("point", "list").stdout
    [listed] = json.loads(point_shell("point", "list", "--json").stdout)
    assert (listed["name"], listed["point"]) == (name, POINT)
    assert json.loads(point_shell("point", "show", name, "--json").stdout)["point"] == POINT
    file.write_text(file.read_text().replace("-{nomor}", ""))
    assert "office.yml" in (said := point_shell("point", "list", ends=2).stderr) and "add {nomor}" in said


@pytest.mark.parametrize(
    "command",
    [
        ("point", "list"),
        ("status",),
        ("status", "--what-if", "lost=Lemari 2"),
        ("retention", "plan", "--all"),
    ],
    ids=" ".join,
)
def test_tables_name_points_as_the_office_does_and_by_their_ids_when_asked(
    point_shell: PointShell, command: tuple[str, ...]
) -> None:
    point_shell.keep(of_point("backup"), of_point("verify"))
    assert POINT in point_shell(*command).stdout
    file = point_shell.workspace.folder / "office.yml"
    rule = {"pattern": "{unit}-{asset}-{yyyymmdd}-{hhmm}-{nomor}", "unit": "ptid"}
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text()), "naming": rule}))
    named, by_id = point_shell(*command).stdout, point_shell(*command, "--ids").stdout
    assert ("ptid-arsip-" in named, POINT in named) == (True, False)
    assert ("ptid-arsip-" in by_id, POINT in by_id) == (False, True)
    assert POINT in point_shell(*command, "--json").stdout


def test_the_stores_themselves_are_asked_through_a_playbook(point_shell: PointShell) -> None:
    point_shell.listed = (
        {"point": POINT, "asset": "arsip", "store": "internal", "placement": "internal", "medium": None},
    )
    assert POINT in point_shell("point", "list", "--store", "--asset", "arsip").stdout
    assert point_shell.orders[0].actions == ("list_points",)
    assert json.loads(point_shell("point", "list", "--store", "--json").stdout) == list(point_shell.listed)


def test_a_verified_point_leaves_its_evidence_outside_of_any_case(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    point_shell.answer = RunResult("ok", [of_point("verify")])
    assert "1 verified" in point_shell("point", "verify", POINT, "--ci").stderr
    assert (point_shell.orders[0].point, [one.id for one in point_shell.orders[0].assets]) == (POINT, ["arsip"])
    assert known_points(point_shell.workspace.ledger())[0].proven_at is not None
    entry_of_proof = point_shell.workspace.ledger().of_kind("evidence")[-1]
    assert entry_of_proof.case is None


def test_without_a_name_the_newest_point_of_every_asset_is_verified(point_shell: PointShell) -> None:
    point_shell("point", "verify")
    assert [one.id for one in point_shell.orders[0].assets] == ["arsip", "laman"]
    point_shell("point", "verify", "--asset", "laman")
    assert [one.id for one in point_shell.orders[1].assets] == ["laman"]


def test_a_proof_that_fails_is_kept_too_and_ends_with_1(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    point_shell.answer = RunResult("failed", [of_point("verify", outcome="failed")], "It is damaged.")
    assert "It is damaged." in point_shell("point", "verify", ends=1).stderr
    assert known_points(point_shell.workspace.ledger())[0].proven_at is None
    point_shell.answer = RunResult("canceled", [], "The run was interrupted.")
    point_shell("point", "verify", ends=130)


def test_a_point_and_an_asset_at_once_are_wrong_use(point_shell: PointShell) -> None:
    assert "not both" in point_shell("point", "verify", POINT, "--asset", "arsip", ends=2).stderr


def test_a_second_verification_finds_the_office_locked(point_shell: PointShell) -> None:
    with Workspace(point_shell.workspace.folder).lock():
        point_shell("point", "verify", ends=75)


def test_points_are_compared_and_lines_blamed_by_what_the_history_holds(point_shell: PointShell) -> None:
    from ansible_collections.sopwrap.backup.plugins.module_utils.history import History, Kept

    kept = History(str(point_shell.workspace.history))
    first = "arsip.20200101T000000Z.aaaaaa"
    kept.keep({"arsip": Kept("satu\n", first)}, {"case": "kasus/1"})
    kept.keep({"arsip": Kept("satu\ndua\n", POINT)}, {"case": "kasus/2"})
    point_shell.keep(of_point("backup"))
    assert "+dua" in point_shell("point", "diff", POINT).stdout
    assert json.loads(point_shell("point", "diff", POINT, "--json").stdout)["from"] == first
    assert point_shell("point", "diff", POINT, POINT).stdout == "No difference.\n"
    assert [line["case"] for line in json.loads(point_shell("point", "blame", "arsip", "--json").stdout)] == [
        "kasus/1",
        "kasus/2",
    ]
    assert "no text of laman" in point_shell("point", "blame", "laman", ends=2).stderr


def test_a_point_is_exported_from_one_of_its_assets_stores_and_that_is_kept(point_shell: PointShell) -> None:
    point_shell.keep(of_point("backup"))
    assert (
        "Its stores: internal." in point_shell("point", "export", POINT, "-o", "/x", "--store", "lain", ends=2).stderr
    )
    point_shell.answer = RunResult("ok", [of_point("export")])
    point_shell("point", "export", POINT, "-o", "/media/x", "--store", "internal", "--ci")
    order = point_shell.orders[-1]
    assert (order.actions, order.point) == (("restore_point",), POINT)
    assert order.target == {"export": "/media/x", "from": "internal"}
    assert [one.action for one in order.owed] == ["export"]
    assert point_shell.workspace.ledger().of_kind("evidence")[-1].data["record"]["action"] == "export"
    point_shell.answer = RunResult("failed", [of_point("export", outcome="refused")], "It exists already.")
    assert "It exists already." in point_shell("point", "export", POINT, "-o", "/media/x", ends=4).stderr
