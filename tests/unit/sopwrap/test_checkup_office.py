from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sopwrap.checkup_office import LABEL_FILE, assets, keys, lanes, ledger, office, wanted
from sopwrap.finding import Finding
from sopwrap.inventory import Register, load_register
from sopwrap.workspace import Workspace
from tests.unit.sopwrap import small_office
from tests.unit.sopwrap.offices import EXTERNAL, OFFICE, STORE, entry, make


def states(findings: Any) -> dict[str, str]:
    return {one.check: one.state for one in findings}


def one(findings: Any, check: str) -> Finding:
    return next(found for found in findings if found.check == check)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make(tmp_path / "office", {"srv-a": {"sopwrap_assets": [entry(stores=["internal", "external"])]}})
    made.secrets.mkdir(mode=0o700)
    (made.secrets / "internal.key").touch(mode=0o600)
    return made


def test_an_office_in_order_has_only_warnings(workspace: Workspace) -> None:
    found = list(office(workspace))
    assert "fail" not in states(found).values()
    assert one(found, "inventory").detail == "1 asset, 2 stores"
    assert one(found, "ledger").detail == "not begun yet"
    assert not (workspace.folder / "ledger.db").exists()


def test_a_password_in_the_open_and_a_key_that_is_lost_are_found(workspace: Workspace) -> None:
    (workspace.secrets / "internal.key").unlink()
    told = [(found.state, found.detail) for found in office(workspace) if found.check == "keys"]
    assert ("warn", "The password of the store external stands in the inventory as it is.") in told
    assert any(state == "fail" and detail.endswith("internal.key, is not there.") for state, detail in told)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "cannot be read"),
        ("", 0o600, "is empty"),
        ("https://x.example/rahasia", 0o644, "by others"),
        ("https://x.example/rahasia", 0o600, ""),
    ],
    ids=["missing", "empty", "open to others", "good"],
)
def test_what_notify_needs_is_looked_at_and_never_told(
    workspace: Workspace, content: str | None, mode: int, said: str
) -> None:
    path = workspace.folder / "office.yml"
    mail = {"email": {"to": ["a@x.example"], "sender": "b@x.example", "host": "x", "ca": "tls.pem"}}
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "notify": [{"webhook": "kait.url"}, mail]}))
    if content is not None:
        (workspace.secrets / "kait.url").write_text(content)
        (workspace.secrets / "kait.url").chmod(mode)
    hook, letter = [found for found in office(workspace) if found.check == "notify"]
    assert hook.state == ("fail" if said else "ok") and said in hook.detail and "kait.url" in hook.detail
    assert "rahasia" not in hook.detail
    assert letter.state == "fail" and "tls.pem" in letter.detail


def test_a_broken_office_file_or_inventory_is_a_finding_and_the_rest_is_looked_at(workspace: Workspace) -> None:
    (workspace.folder / "office.yml").write_text("format: [")
    (workspace.inventory / "hosts.yml").write_text("all: [")
    found = list(office(workspace))
    assert [(one.check, one.state) for one in found][:2] == [("office.yml", "fail"), ("inventory", "fail")]
    assert states(found)["keys"] == "ok"


def test_every_lane_of_a_bound_sop_needs_somebody(workspace: Workspace) -> None:
    assert states(lanes(workspace, small_office.office())) == {"lanes": "ok"}
    [found] = lanes(workspace, small_office.office({"kepala": ["siti"], "umum": []}))
    assert (found.state, found.detail) == (
        "warn",
        "iain-ptk-2022: nobody fills Petugas Backup Data, Kasub Bag Umum Dan Keu.",
    )
    [found] = lanes(workspace, small_office.office({"ketua": ["siti"]}))
    assert (found.state, found.detail) == ("fail", "iain-ptk-2022 has no lane ketua.")


def test_bindings_of_an_unknown_sop_and_no_bindings_at_all_are_told(workspace: Workspace) -> None:
    (workspace.folder / "office.yml").write_text(yaml.safe_dump({**OFFICE, "bindings": {"iain-2023": {}}}))
    [found] = lanes(workspace, workspace.office())
    assert (found.state, found.detail) == ("fail", "office.yml binds iain-2023, and there is no such SOP.")
    (workspace.folder / "office.yml").write_text(yaml.safe_dump(OFFICE))
    assert states(lanes(workspace, workspace.office())) == {"lanes": "warn"}


def test_an_asset_has_to_name_an_sop_there_is_and_should_be_in_two_placements(tmp_path: Path) -> None:
    entries = [entry(sop="iain-ptk-2022/backup"), entry(id="laman", sop="iain-ptk-2022/restore")]
    workspace = make(tmp_path / "office", {"srv-a": {"sopwrap_assets": entries}})
    found = list(assets(workspace, load_register(workspace)))
    assert [one.detail for one in found if one.state == "fail"] == [
        "laman names the SOP iain-ptk-2022/restore, which does not exist."
    ]
    assert [one.detail for one in found if one.state == "warn"] == [
        "arsip is kept in one placement only.",
        "laman is kept in one placement only.",
    ]
    assert states(assets(workspace, Register(()))) == {"inventory": "warn"}


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ({"label": "HDD-01", "uuid": "6f0c"}, "ok"),
        ({"label": "HDD-02", "uuid": "6f0c"}, "fail"),
        (None, "warn"),
        ([], "fail"),
    ],
)
def test_a_medium_is_known_by_its_label_file(tmp_path: Path, label: Any, state: str) -> None:
    medium = tmp_path / "medium"
    medium.mkdir()
    if label is not None:
        (medium / LABEL_FILE).write_text(json.dumps(label))
    stores = {"internal": STORE, "external": {**EXTERNAL, "medium": {**EXTERNAL["medium"], "path": str(medium)}}}
    assert one(office(make(tmp_path / "office", stores=stores)), "media").state == state


def test_keys_that_others_can_read_fail(workspace: Workspace) -> None:
    assert states(keys(workspace)) == {"keys": "ok"}
    (workspace.secrets / "internal.key").chmod(0o640)
    [found] = keys(workspace)
    assert (found.state, found.detail) == ("fail", f"Others can read {workspace.secrets / 'internal.key'}.")
    (workspace.secrets / "internal.key").chmod(0o600)
    workspace.secrets.chmod(0o755)
    assert states(keys(workspace)) == {"keys": "fail"}


def test_a_changed_ledger_fails(workspace: Workspace) -> None:
    import sqlite3

    small_office.place(workspace.folder)
    people = workspace.office()
    assert ledger(workspace, people).state == "ok"
    with sqlite3.connect(workspace.folder / "ledger.db") as connection:
        connection.execute("DROP TRIGGER ledger_keeps_update")
        connection.execute("UPDATE ledger SET data = replace(data, 'Contoh', 'Palsu')")
    assert ledger(workspace, people).state == "fail"


def test_leftovers_of_killed_runs_are_told(workspace: Workspace) -> None:
    (workspace.working / "run-dead").mkdir()
    assert one(office(workspace), "leftovers").state == "warn"


def test_an_sop_or_schedule_that_nobody_can_carry_out_is_told(workspace: Workspace) -> None:
    plan = {"every": "P1M", "starts": "2026-01-05", "at": "19:00"}
    schedules = [{**plan, "procedure": "majalengka/backup"}, {**plan, "procedure": "hilang", "assets": ["hilang"]}]
    people = type(small_office.office()).model_validate({**OFFICE, "schedules": schedules})
    told = [found.detail for found in wanted(workspace, people, load_register(workspace))]
    assert "Nobody fills a lane of majalengka, and assets or schedules name it." in told
    assert "A schedule names hilang, which does not exist." in told
    assert "The schedule of hilang names hilang, which is no asset." in told


def test_a_duty_that_nobody_has_is_told_and_a_lane_without_steps_needs_nobody(workspace: Workspace) -> None:
    bound = {"opd": ["siti"], "admin": ["siti"], "pengawas": ["siti"], "dc.pengelola": ["andi"]}
    data = {**OFFICE, "people": small_office.PEOPLE, "bindings": {"kaltim": bound}}
    people = type(small_office.office()).model_validate(data)
    found = one(lanes(workspace, people), "lanes")
    assert found.detail == "kaltim: nobody fills Pemeriksa TIK."
    unit = {"koordinator": ["siti"], "subkoordinator": ["siti"], "jfu": ["andi"]}
    people = type(people).model_validate({**data, "bindings": {"ditjenpp-2025": unit}})
    assert one(lanes(workspace, people), "lanes").state == "ok"
