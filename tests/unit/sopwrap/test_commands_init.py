from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.inventory import load_register
from sopwrap.workspace import Workspace, resources


def init(folder: Path, *more: str) -> str:
    result = CliRunner().invoke(cli, ["init", str(folder), *more])
    assert result.exit_code == 0, result.output
    return result.output


def test_an_office_is_made_ready_to_be_filled_in(tmp_path: Path) -> None:
    said = init(tmp_path / "office", "--name", 'PTID "IAIN": Pontianak', "--place", "Pontianak")
    assert "sopwrap doctor" in said
    workspace = Workspace(tmp_path / "office")
    office = workspace.office()
    assert (office.name, office.place, office.people) == ('PTID "IAIN": Pontianak', "Pontianak", [])
    register = load_register(workspace)
    assert [(one.id, one.stores) for one in register.assets] == [("konfigurasi-server", ["internal", "external"])]
    assert register.stores["internal"].repository == str(workspace.folder / "stores" / "internal")
    assert [store.key for store in register.stores.values()] == ["external.key", "internal.key"]


def test_each_store_has_a_key_of_its_own_that_nobody_else_can_read(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        init(tmp_path / "office")
    finally:
        os.umask(before)
    keys = sorted((tmp_path / "office" / "secrets").iterdir())
    assert [path.name for path in keys] == ["external.key", "internal.key"]
    assert len({path.read_text() for path in keys}) == 2
    assert all(path.stat().st_mode & 0o777 == 0o600 and len(path.read_text().strip()) >= 40 for path in keys)
    for private in ("secrets", "stores", ".sopwrap"):
        assert (tmp_path / "office" / private).stat().st_mode & 0o777 == 0o700


def test_what_is_secret_or_large_stays_out_of_version_control(tmp_path: Path) -> None:
    init(tmp_path / "office")
    ignored = (tmp_path / "office" / ".gitignore").read_text().split()
    assert {"/secrets/", "/stores/", "/.sopwrap/", "/ledger.db*"} <= set(ignored)


def test_the_name_is_the_folders_unless_given(tmp_path: Path) -> None:
    init(tmp_path / "kantor")
    assert Workspace(tmp_path / "kantor").office().name == "kantor"


def test_nobody_else_can_change_an_office_however_open_the_umask_and_what_we_brought_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = resources()
    example = shutil.copytree(ours.example, tmp_path / "example")
    for path in (example, *example.rglob("*")):
        path.chmod(0o777)
    monkeypatch.setattr("sopwrap.commands.init.resources", lambda: replace(ours, example=example))
    before = os.umask(0)
    try:
        init(tmp_path / "office")
    finally:
        os.umask(before)
    made = [tmp_path / "office", *(tmp_path / "office").rglob("*")]
    assert not [path for path in made if path.stat().st_mode & 0o022]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thing").touch()
    result = CliRunner().invoke(cli, ["init", str(tmp_path)])
    assert result.exit_code == 4
    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(cli, ["init", str(tmp_path / "file" / "office")])
    assert result.exit_code == 1
    assert "The office cannot be made" in result.stderr


@pytest.mark.parametrize("part", ["office.yml", "ansible.cfg", "gitignore"])
def test_the_skeleton_is_shipped(part: str) -> None:
    from importlib.resources import files

    assert (files("sopwrap") / "skeleton" / part).is_file()
