"""These call the real ansible-inventory (about half a second each): what it prints is the point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sopwrap import inventory
from sopwrap.errors import NothingMatchedError, UsageError
from sopwrap.inventory import load_register
from sopwrap.workspace import Resources, Workspace
from tests.unit.sopwrap.offices import STORE, entry, make


@pytest.fixture(autouse=True)
def ansible_inventory() -> None:
    """The real one, each time."""


@pytest.fixture(autouse=True)
def kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collection with the one kind `files`."""
    (tmp_path / "ours/ansible_collections/sopwrap/backup/roles/files/tasks").mkdir(parents=True)
    (tmp_path / "ours/ansible_collections/sopwrap/backup/roles/files/tasks/backup.yml").touch()
    ours = Resources(tmp_path, tmp_path, tmp_path / "ours", tmp_path)
    monkeypatch.setattr(inventory, "resources", lambda: ours)


def two_hosts(folder: Path) -> Workspace:
    hosts = {
        "srv-a": {
            "sopwrap_assets": [entry(stores=["external", "internal"]), entry(id="unggahan", sop="iain-ptk-2022")]
        },
        "srv-b": {"ansible_host": "192.0.2.1", "sopwrap_assets": [entry(id="laman")]},
        "srv-c": {},
    }
    return make(folder / "office", hosts)


def test_the_register_has_every_asset_in_the_order_of_the_hosts(tmp_path: Path) -> None:
    register = load_register(two_hosts(tmp_path))
    assert [(one.id, one.host) for one in register.assets] == [
        ("arsip", "srv-a"),
        ("unggahan", "srv-a"),
        ("laman", "srv-b"),
    ]
    assert register.sops == {"unggahan": "iain-ptk-2022"}
    assert [one.store for one in register.media(register.assets)] == ["external", "internal"]
    assert [one.store for one in register.media((register.asset("laman"),))] == ["internal"]
    assert "canary" not in repr(register)


def test_a_limit_leaves_the_assets_of_the_hosts_it_matches(tmp_path: Path) -> None:
    assert [one.id for one in load_register(two_hosts(tmp_path), "srv-b").assets] == ["laman"]


def test_an_inventory_that_has_not_changed_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = two_hosts(tmp_path)
    workspace.config.write_text("[defaults]\n", encoding="utf-8")
    first = load_register(workspace)
    with monkeypatch.context() as here:
        here.setattr(inventory, "asking", lambda *given: pytest.fail("Ansible was asked"))
        assert load_register(workspace) == first
    assert b"canary" not in (workspace.folder / ".sopwrap" / "register.json").read_bytes()
    text = (workspace.inventory / "hosts.yml").read_text(encoding="utf-8")
    (workspace.inventory / "hosts.yml").write_text(text.replace("id: laman", "id: situs"), encoding="utf-8")
    assert [one.id for one in load_register(workspace).assets] == ["arsip", "unggahan", "situs"]


def test_a_register_is_not_kept_where_an_address_holds_a_password(tmp_path: Path) -> None:
    stores = {"internal": {**STORE, "repository": "rest:https://kantor:canary@backup.example.org/"}}
    workspace = make(tmp_path / "office", stores=stores)
    workspace.config.write_text("[defaults]\n", encoding="utf-8")
    load_register(workspace)
    assert not (workspace.folder / ".sopwrap").exists()


@pytest.mark.parametrize("limit", ["nosuch", "srv-c"])
def test_a_limit_without_an_asset_is_never_a_success(tmp_path: Path, limit: str) -> None:
    with pytest.raises(NothingMatchedError, match=f"matches `{limit}`") as caught:
        load_register(two_hosts(tmp_path), limit)
    assert caught.value.code == 5


def test_an_unknown_asset_names_the_nearest(tmp_path: Path) -> None:
    register = load_register(two_hosts(tmp_path))
    with pytest.raises(UsageError, match="There is no asset arsp in the inventory") as caught:
        register.select(["arsp"])
    assert caught.value.hint == "Did you mean arsip?"
    assert [one.id for one in register.select(["laman", "arsip"])] == ["arsip", "laman"]


def test_an_id_used_twice_names_both_hosts(tmp_path: Path) -> None:
    hosts = {"srv-a": {"sopwrap_assets": [entry()]}, "srv-b": {"sopwrap_assets": [entry()]}}
    with pytest.raises(UsageError, match="host srv-b: asset arsip has an id that srv-a uses already"):
        load_register(make(tmp_path / "office", hosts))


def test_an_inventory_without_assets_has_nothing_to_select(tmp_path: Path) -> None:
    register = load_register(make(tmp_path / "office", {"srv-c": {}}))
    with pytest.raises(NothingMatchedError, match="has no asset"):
        register.select([])


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"sopwrap_assets": "{{ others }}"}, "sopwrap_assets has to be a list of assets"),
        ({"sopwrap_assets": [entry()], "sopwrap_stores": ["internal"]}, "sopwrap_stores has to be a mapping"),
        ({"sopwrap_assets": [entry()], "ansible_host": "10.0.0.300"}, "10.0.0.300, which is not an IP address"),
    ],
)
def test_a_host_with_a_mistake_is_named(tmp_path: Path, variables: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=f"host srv-a: .*{said}"):
        load_register(make(tmp_path / "office", {"srv-a": variables}))


def test_a_file_that_is_not_yaml_is_named_in_one_sentence(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    broken = workspace.inventory / "group_vars" / "all.yml"
    broken.parent.mkdir()
    broken.write_text("a: [1,\nb: 2\n")
    with pytest.raises(UsageError) as caught:
        load_register(workspace)
    assert caught.value.message.startswith(f"{broken}:3: not YAML: ")


def test_an_inventory_that_is_not_one_is_refused(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    (workspace.inventory / "hosts.yml").write_text("all: {hosts: [oops\n")
    with pytest.raises(UsageError, match=r"hosts\.yml:2: not YAML"):
        load_register(workspace)


@pytest.mark.parametrize("config", ["", "[inventory]\nenable_plugins = yaml\n"])
def test_a_complaint_of_ansibles_own_is_one_sentence_too(tmp_path: Path, config: str) -> None:
    workspace = make(tmp_path / "office")
    workspace.config.write_text(config)
    (workspace.inventory / "hosts.yml").write_text("all: {hosts: [a, b]}\n")
    with pytest.raises(UsageError, match=r'^.*/hosts\.yml cannot be read: Invalid "hosts" entry.+\.$') as caught:
        load_register(workspace)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("text", ["all: {hosts: {a: }, hostz: {b: }}", "all: [not, a, group]"])
def test_a_part_that_ansible_would_skip_is_refused(tmp_path: Path, text: str) -> None:
    workspace = make(tmp_path / "office")
    (workspace.inventory / "hosts.yml").write_text(text)
    with pytest.raises(UsageError, match=r"A part of the inventory .* is wrong: Skipping"):
        load_register(workspace)


def test_an_office_without_inventory_is_told(tmp_path: Path) -> None:
    workspace = make(tmp_path / "office")
    (workspace.inventory / "hosts.yml").unlink()
    workspace.inventory.rmdir()
    with pytest.raises(UsageError, match="is not there"):
        load_register(workspace)
