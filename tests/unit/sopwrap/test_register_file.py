"""What is kept is used only while everything the register follows from is as it was."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sopwrap import register_file
from sopwrap.register_file import keep, kept, seal_of
from sopwrap.workspace import Workspace
from tests.unit.sopwrap.offices import make

PLAIN = {"assets": [{"id": "arsip"}]}
Change = Callable[[Path], object]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An office whose settings are a file, as `sopwrap init` makes it."""
    monkeypatch.setattr(register_file, "_PLUGINS", (str(tmp_path / "plugins"),))
    made = make(tmp_path / "office")
    made.config.write_text("[defaults]\ninventory = inventory\n", encoding="utf-8")
    return made


def _write(name: str, text: str = "{}\n") -> Change:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


def test_what_was_kept_under_a_seal_is_found_under_it_alone(workspace: Workspace) -> None:
    seal = seal_of(workspace)
    keep(workspace, seal, PLAIN)
    assert kept(workspace, seal) == PLAIN
    assert kept(workspace, "another") is kept(workspace, None) is None
    file = workspace.folder / ".sopwrap" / "register.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for damage in ("", "[]", "{}", json.dumps({"seal": seal, "register": 1})):
        file.write_text(damage, encoding="utf-8")
        assert kept(workspace, seal) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "inventory/hosts.yml").open("a").write("# more\n"),
        lambda folder: (folder / "inventory/hosts.yml").rename(folder / "inventory/other.yml"),
        _write("inventory/more.yml"),
        _write("inventory/group_vars/all.yml", "plugin: no matter in a file of values\n"),
        _write("host_vars/srv-a.yml"),
        _write("ansible.cfg", "[defaults]\ninventory = inventory\nhash_behaviour = merge\n"),
    ],
    ids=["a line", "a name", "a file", "values in the inventory", "values beside it", "settings"],
)
def test_every_change_to_what_is_read_gives_another_seal(workspace: Workspace, change: Change) -> None:
    before = seal_of(workspace)
    change(workspace.folder)
    assert None not in (before, seal_of(workspace))
    assert seal_of(workspace) != before


def test_another_sopwrap_gives_another_seal(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seal_of(workspace)
    monkeypatch.setattr(register_file, "_ourselves", lambda: "a later one")
    assert before != seal_of(workspace) is not None


def test_a_setting_in_the_environment_gives_another_seal(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seal_of(workspace)
    monkeypatch.setenv("ANSIBLE_HASH_BEHAVIOUR", "merge")
    assert before != seal_of(workspace) is not None
    monkeypatch.setenv("ANSIBLE_VARS_ENABLED", "office.own.source")
    assert seal_of(workspace) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "inventory/hosts.yml").chmod(0o755),
        _write("inventory/cloud.yml", "plugin: amazon.aws.aws_ec2\n"),
        _write("ansible.cfg", "[inventory]\nenable_plugins = yaml\n"),
        lambda folder: (folder / "ansible.cfg").unlink(),
        lambda folder: (folder / "inventory/group_vars").symlink_to(folder),
        lambda folder: (folder.parent / "plugins").mkdir(),
        lambda folder: (folder / "inventory").rename(folder / "elsewhere"),
    ],
    ids=["a program", "a plugin", "a setting", "no settings", "a link", "a user's plugins", "no inventory"],
)
def test_what_can_follow_from_more_than_files_has_no_seal(workspace: Workspace, change: Change) -> None:
    change(workspace.folder)
    assert seal_of(workspace) is None
    keep(workspace, None, PLAIN)
    assert not (workspace.folder / ".sopwrap").exists()


def test_what_changed_while_it_was_read_is_not_kept(workspace: Workspace) -> None:
    seal = seal_of(workspace)
    _write("inventory/more.yml")(workspace.folder)
    keep(workspace, seal, PLAIN)
    assert kept(workspace, seal) is None
