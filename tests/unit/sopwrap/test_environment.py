from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible import constants

from sopwrap.environment import ansible_environment
from sopwrap.workspace import Resources, Workspace


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ANSIBLE_HOST_KEY_CHECKING",
        "ANSIBLE_INVENTORY_ENABLED",
        "ANSIBLE_COLLECTIONS_PATH",
        "ANSIBLE_ROLES_PATH",
        "LC_ALL",
        "LC_CTYPE",
        "LANG",
    ):
        monkeypatch.delenv(name, raising=False)


def environment(folder: Path) -> dict[str, str]:
    ours = Resources(folder / "playbooks", folder / "ours-roles", folder / "ours", folder)
    (folder / "ours").mkdir(exist_ok=True)
    return ansible_environment(Workspace(folder), ours)


@pytest.mark.usefixtures("bare")
def test_our_programs_come_first_and_the_locale_is_utf8(tmp_path: Path) -> None:
    made = environment(tmp_path)
    assert made["PATH"].startswith(f"{Path(sys.executable).parent}:")
    assert made["LC_ALL"] == "C.UTF-8"


@pytest.mark.usefixtures("bare")
def test_a_utf8_locale_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    assert "LC_ALL" not in environment(tmp_path)


@pytest.mark.usefixtures("bare")
def test_the_offices_collections_come_before_ours_and_the_usual_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "collections").mkdir()
    paths = environment(tmp_path)["ANSIBLE_COLLECTIONS_PATH"].split(":")
    assert paths[:2] == [str(tmp_path / "collections"), str(tmp_path / "ours")]
    assert "~/.ansible/collections" in paths


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("text", "checked"), [("", "True"), ("[defaults]\nhost_key_checking = false\n", "False"), ("{", "True")]
)
def test_host_keys_are_checked_unless_the_office_says_no(tmp_path: Path, text: str, checked: str) -> None:
    (tmp_path / "ansible.cfg").write_text(text)
    made = environment(tmp_path)
    assert made["ANSIBLE_HOST_KEY_CHECKING"] == checked
    assert made["ANSIBLE_CONFIG"] == str(tmp_path / "ansible.cfg")


@pytest.mark.usefixtures("bare")
def test_an_operators_own_word_on_host_keys_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_HOST_KEY_CHECKING", "no")
    assert environment(tmp_path)["ANSIBLE_HOST_KEY_CHECKING"] == "False"


@pytest.mark.usefixtures("bare")
def test_files_of_a_register_are_read_once_unless_somebody_names_other_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ANSIBLE_INVENTORY_ENABLED" not in environment(tmp_path), "what /etc/ansible says may count"
    (tmp_path / "ansible.cfg").write_text("[defaults]\n")
    order = environment(tmp_path)["ANSIBLE_INVENTORY_ENABLED"].split(",")
    own = "sopwrap.backup.hosts_file"
    assert order.index(own) < order.index("auto")
    assert {*order} - {own} == {*constants.config.get_config_value("INVENTORY_ENABLED")} - {"yaml"}
    monkeypatch.setenv("ANSIBLE_INVENTORY_ENABLED", "auto")
    assert "ANSIBLE_INVENTORY_ENABLED" not in environment(tmp_path)
    monkeypatch.delenv("ANSIBLE_INVENTORY_ENABLED")
    (tmp_path / "ansible.cfg").write_text("[inventory]\nenable_plugins = auto\n")
    assert "ANSIBLE_INVENTORY_ENABLED" not in environment(tmp_path)


@pytest.mark.usefixtures("bare")
def test_modules_on_this_machine_do_not_read_themselves_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    said = "import sys; print(sys.stdout.write_through)"
    started = {**os.environ, **environment(tmp_path)}
    done = subprocess.run([sys.executable], env=started, input=said, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
