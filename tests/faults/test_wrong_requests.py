"""What is wrong before anything begins: the request, the inventory, the office's own files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.desk import HOST, Desk

Change = Callable[[Desk], None]


def _in_file(name: str, old: str, new: str) -> Change:
    def change(desk: Desk) -> None:
        path = desk.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


REGISTER = f"inventory/host_vars/{HOST}.yml"
WRONG_FILES = {
    "an inventory that is not YAML": (
        _in_file(REGISTER, "owner: PTID", "owner: [PTID"),
        (f"{REGISTER}:6: not YAML", "Mend it and try again."),
    ),
    "a register that is no list": (
        _in_file(REGISTER, "sopwrap_assets:\n- id", "sopwrap_assets:\n  id"),
        (REGISTER, HOST, "sopwrap_assets has to be a list of assets"),
    ),
    "a field of the wrong type": (
        _in_file(REGISTER, "personal_data: false", "personal_data: barangkali"),
        (REGISTER, "asset berkas: personal_data is wrong", "lists the fields"),
    ),
    "a missing field": (
        _in_file(REGISTER, "  owner: PTID\n", ""),
        (REGISTER, "asset berkas: owner is missing", "lists the fields"),
    ),
    "an unknown kind": (
        _in_file(REGISTER, "kind: files", "kind: filse"),
        (REGISTER, "asset berkas: kind is filse, and there is no such kind.", "Did you mean files?"),
    ),
    "an unknown store": (
        _in_file(REGISTER, "- internal", "- internel"),
        (REGISTER, "names internel, which is not in sopwrap_stores", "Did you mean internal?"),
    ),
    "a store without a password": (
        _in_file("inventory/group_vars/all/stores.yml", "password:", "pasword:"),
        ("stores.yml", "sopwrap_stores.internal.password is missing"),
    ),
    "an office with a wrong key": (
        _in_file("office.yml", "place:", "tempat:"),
        ("office.yml:", "tempat: there is no such key", "Did you mean place?"),
    ),
    "an office that is not YAML": (_in_file("office.yml", "people:", "people: ]"), ("office.yml", "line")),
    "an SOP with a wrong key": (
        _in_file("sops/uji.yml", "layout:", "tata_letak:"),
        ("uji.yml:", "tata_letak: there is no such key", "Did you mean layout?"),
    ),
}


@pytest.mark.parametrize(("change", "words"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_mistake_in_a_file_is_told_with_its_place_before_a_case_is_opened(
    desk: Desk, change: Change, words: tuple[str, ...]
) -> None:
    change(desk)
    desk.backup().says(2, *words)
    assert not (desk.folder / "ledger.db").exists(), "a case was opened"


WRONG_WORDS = {
    "an unknown SOP": (("run", "ujo/backup"), 2, ("ujo", "uji")),
    "an unknown procedure": (("run", "uji/bakcup"), 2, ("bakcup", "backup")),
    "a misspelt asset": (
        ("run", "uji/backup", "--asset", "berkos"),
        2,
        ("There is no asset berkos", "Did you mean berkas?"),
    ),
    "a limit that no host matches": (
        ("run", "uji/backup", "--limit", "srv-lain"),
        5,
        ("matches `srv-lain`", "sopwrap asset list"),
    ),
    "a limit that only a host without assets matches": (
        ("run", "uji/backup", "--limit", "srv-kosong"),
        5,
        ("No host with an asset matches `srv-kosong`", "sopwrap asset list"),
    ),
    "an unknown point": (("point", "verify", "berkas.20260101T000000Z.abcdef"), 2, ("berkas.20260101T000000Z.abcdef",)),
    "a case that is not there": (("case", "resume", "2026-9999"), 2, ("2026-9999",)),
}


@pytest.mark.parametrize(("words", "code", "told"), WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_a_request_for_what_is_not_there_names_what_is(
    desk: Desk, words: tuple[str, ...], code: int, told: tuple[str, ...]
) -> None:
    desk.assets["srv-kosong"] = []
    desk.write()
    desk.sopwrap(*words).says(code, *told)


def test_outside_of_an_office_the_way_to_one_is_told(desk: Desk, tmp_path: Path) -> None:
    away = tmp_path / "lain"
    away.mkdir()
    desk.sopwrap("--office", str(away), "run", "uji/backup").says(2, "is not an office", "sopwrap init")


def test_a_step_of_a_person_ends_the_command_as_waiting(desk: Desk) -> None:
    desk.sopwrap("run", "uji/perintah", "--ci").says(3, "waits at step l1", "andi", "sopwrap case sign")
    desk.sopwrap("case", "sign", "--as", "budi").says(2, "budi", "andi")
    desk.sopwrap("case", "sign", "--as", "andi").says(0, "is done")
