"""The list of what is installed and set up on a server."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import machine_state
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def test_the_list_is_plain_data_and_the_same_twice() -> None:
    first, second = machine_state.collect(), machine_state.collect()
    assert json.loads(json.dumps(first)) == first
    assert machine_state.items(first) == machine_state.items(second)


def test_accounts_have_no_password_field() -> None:
    state = machine_state.collect()
    assert {"name", "uid", "gid", "gecos", "home", "shell"} == set(state["users"][0])
    assert {"name", "gid", "members"} == set(state["groups"][0])
    assert state["users"][0]["uid"] == 0


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="this system has no dpkg")
def test_packages_have_versions() -> None:
    found = {package["name"]: package["version"] for package in machine_state.collect()["packages"]}
    assert found["dpkg"][0].isdigit()


def test_what_changes_by_itself_is_not_compared_and_the_rest_is() -> None:
    state = machine_state.collect()
    plugged = {**state, "mounts": [*state["mounts"], {"source": "/dev/sdz", "target": "/media/hdd"}]}
    grown = {**state, "packages": [*state["packages"], {"name": "baru", "version": "1", "arch": "all"}]}
    assert machine_state.items(plugged) == machine_state.items(state)
    changed = [item["name"] for item in machine_state.items(grown) if item not in machine_state.items(state)]
    assert changed == ["(packages)"]


def test_services_are_read_from_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = tmp_path / "system"
    (units / "multi-user.target.wants").mkdir(parents=True)
    (units / "situs.service").write_text("[Service]\n", encoding="utf-8")
    (units / "mati.service").symlink_to("/dev/null")
    (units / "multi-user.target.wants" / "situs.service").symlink_to("../situs.service")
    monkeypatch.setattr(machine_state, "_UNITS", (str(units), str(tmp_path / "user")))
    found = machine_state._units()
    assert found["files"] == ["mati.service", "situs.service"]
    assert found["enabled"] == ["situs.service"]
    assert found["masked"] == ["mati.service"]


def test_crontabs_of_users_are_kept_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "budi").write_text("0 1 * * * cadangkan\n", encoding="utf-8")
    monkeypatch.setattr(machine_state, "CRONTABS", (str(tmp_path / "tidak-ada"), str(tmp_path)))
    assert machine_state.crontabs() == {"budi": "0 1 * * * cadangkan\n"}


def test_crontabs_that_may_not_be_read_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(machine_state, "CRONTABS", (str(tmp_path),))
    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(Problem, match="may not read the crontabs"):
        machine_state.crontabs()


def test_a_system_without_a_known_package_manager_lists_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_state.shutil, "which", lambda program: None)
    assert machine_state._packages() == []
