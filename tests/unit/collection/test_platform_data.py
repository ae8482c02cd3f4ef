"""The data files of platforms: every shipped one is good, and what is wrong with one is said in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import (
    KEYS,
    known_by_name,
    read_folders,
    shape,
)

from tests.contract.house import ROOT
from tests.office.platforms import FOLDER, files, shipped

GOOD = {"name": "x", "commands": ["show"], "begin": "^a", "end": "^z"}
WANTED = {
    *("ios", "iosxe", "nxos", "asa", "iosxr", "eos", "junos", "routeros", "fortios", "fortigate", "comware", "aoscx"),
    *("aosw", "procurve", "vrp", "ruijie", "vyos", "opnsense", "pfsense", "cumulus", "onyx", "mlnxos", "ironware"),
    *("tplink", "netgear", "frr", "openvswitch", "nftables", "linux", "bird", "file", "netconf"),
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_every_shipped_platform_can_be_read_and_is_called_like_its_file(path: Any) -> None:
    made = shape(shipped()[path.stem])
    assert made.name == path.stem
    assert shipped()[path.stem].get("title")


def test_the_platforms_an_office_has_are_there() -> None:
    assert set(shipped()) >= WANTED
    names = [name for data in files() for name in [data["name"], *data.get("aliases", [])]]
    assert len(names) == len(set(names)), "two platforms have one name"


def test_every_key_is_explained() -> None:
    page = (ROOT / "docs" / "adding-a-platform.md").read_text(encoding="utf-8")
    assert not [key for key in KEYS if f"`{key}`" not in page]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"end": None}, "lacks end or pairs"),
        ({"commands": []}, "lacks commands"),
        ({"begin": "("}, "an expression in begin that cannot be read"),
        ({"secrets": ["no group"]}, "an expression in secrets with 0 groups instead of one"),
        ({"hostname": "^name"}, "0 groups instead of one"),
        ({"comands": ["x"]}, r"unknown key comands \(do you mean commands\?\)"),
        ({"session": "ssh"}, "has ssh in session, which is one of exec, shell"),
        ({"noise": "^!"}, "no list in noise"),
        ({"noise": [{"from": "^a"}]}, "a block in noise that is not given by from and to"),
        ({"changed": {"command": "show"}}, "something in changed that is not given by command and line"),
        ({"changed": {"command": "show", "line": "^0"}}, "an expression in changed with 0 groups instead of one"),
        ({"replace": {"undone": []}}, "unknown key undone in replace"),
    ],
)
def test_a_platform_with_a_mistake_is_refused_in_one_sentence(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Problem, match=words) as caught:
        shape({**GOOD, **change})
    assert caught.value.refused
    assert "The platform x" in caught.value.message


def test_a_platform_may_be_like_another_and_add_to_it() -> None:
    base = {**GOOD, "name": "dasar", "aliases": ["lama"], "noise": ["^1"], "errors": ["^e"]}
    made = known_by_name([base, {"name": "cabang", "like": "dasar", "noise": ["^2"], "end": "^y", "errors": []}])
    assert made["cabang"]["noise"] == ["^1", "^2"]
    assert made["cabang"]["end"] == "^y"
    assert made["cabang"]["errors"] == [], "an empty list takes over nothing"
    assert made["lama"]["name"] == "dasar"
    assert "aliases" not in made["cabang"]


def test_of_two_platforms_with_one_name_the_last_counts() -> None:
    assert known_by_name([GOOD, {**GOOD, "end": "^own"}])["x"]["end"] == "^own"


@pytest.mark.parametrize("base", ["tidak-ada", "x"])
def test_a_platform_like_none_there_is_is_refused(base: str) -> None:
    with pytest.raises(Problem, match="no other platform"):
        known_by_name([{**GOOD, "like": base}])


def test_an_offices_folder_adds_platforms_and_replaces_those_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "frr.yml").write_text("name: frr\ncommands: [show]\nopen_end: true\n", encoding="utf-8")
    (tmp_path / "toko.yml").write_text("name: toko\nlike: ios\nbegin: '^! toko'\n", encoding="utf-8")
    found = known_by_name(read_folders([str(FOLDER), str(tmp_path), str(tmp_path / "tidak-ada")]))
    assert found["frr"]["commands"] == ["show"]
    assert shape(found["toko"]).end == shape(found["ios"]).end
    assert set(shipped()) < set(found)


@pytest.mark.parametrize(("text", "words"), [("name: [", "cannot be read"), ("- a\n", "has no name"), ("", "no name")])
def test_a_file_that_describes_no_platform_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "rusak.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=words) as caught:
        read_folders([str(tmp_path)])
    assert "rusak.yml" in caught.value.message
    assert "\n" not in caught.value.message
