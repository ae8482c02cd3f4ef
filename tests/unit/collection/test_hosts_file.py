"""A register in YAML is read as Ansible reads it, and nothing that anybody else holds is handed out uncopied."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import yaml as ansibles
from ansible_collections.sopwrap.backup.plugins.inventory import hosts_file

REGISTER = """
all:
  vars: {kota: Kaltara}
  hosts:
    rtr-[01:03]: {sopwrap_assets: &both [{id: "{{ inventory_hostname }}-config"}]}
    rtr-09: {sopwrap_assets: *both, sandi: !unsafe '{{ bukan }}'}
  children: {inti: {hosts: {rtr-02: {}}}}
"""


def found_by(module: Any, path: Path) -> Any:
    """Everything that a module's plugin finds in a file."""
    data, plugin = InventoryData(), module.InventoryModule()
    plugin.set_options = lambda: None
    plugin.parse(data, DataLoader(), str(path))
    hosts = {host.name: (host.vars, sorted(map(str, host.groups))) for host in data.hosts.values()}
    return hosts, data.groups["all"].vars


def test_it_finds_what_ansibles_own_finds_with_all_that_is_known_of_a_value(tmp_path: Path) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text(REGISTER, encoding="utf-8")
    own, theirs = (found_by(module, path) for module in (hosts_file, ansibles))
    assert own == theirs and len(own[0]) == 4
    for one, other in zip(own[0].values(), theirs[0].values(), strict=True):
        assert [type(value) for value in one[0].values()] == [type(value) for value in other[0].values()]


@pytest.mark.parametrize("text", ["", "- daftar", "plugin: amazon", "all: ["])
def test_what_ansible_refuses_it_refuses_and_python_looks_for_garbage_again(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnsibleParserError):
        found_by(hosts_file, path)
    assert gc.isenabled()


def test_only_what_is_kept_for_nobody_else_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "vars.yml"
    path.write_text("daftar: [1]", encoding="utf-8")
    loader: Any = hosts_file._Loader(DataLoader())
    kept = loader.load_from_file(str(path))
    kept["daftar"].append(2)
    assert loader.load_from_file(str(path)) == {"daftar": [1]}
    assert loader.path_dwim("/a") == "/a"


def test_its_options_are_those_of_ansibles_own() -> None:
    own, theirs = (
        yaml.safe_load(module.DOCUMENTATION)["options"]["yaml_extensions"] for module in (hosts_file, ansibles)
    )
    assert [own[key] for key in ("default", "env", "type")] == [theirs[key] for key in ("default", "env", "type")]
    assert {one["section"] for one in own["ini"]} == {one["section"] for one in theirs["ini"]}
