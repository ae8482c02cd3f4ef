"""Pieces in place, without Ansible: what is asked for, what is shown, and that an exchange goes both ways."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair
from ansible_collections.sopwrap.backup.plugins.module_utils.system import System

STATE = b'{"packages": [], "users": [], "groups": [], "crontabs": {}}'


@pytest.fixture
def asset(tmp_path: Path) -> dict[str, Any]:
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "hosts").write_text("lama", encoding="utf-8")
    return System().chosen({"id": "x", "source": {"etc": str(etc)}}, [str(etc / "hosts"), str(etc / "baru")])


def loaded(asset: dict[str, Any]) -> Path:
    """The folder beside, as a restore leaves it."""
    folder = Path(System().beside(asset, "ab")["path"])
    shutil.copytree(asset["source"]["etc"], folder / "etc")
    (folder / "etc/hosts").write_text("benar", encoding="utf-8")
    (folder / "etc/baru").write_text("benar", encoding="utf-8")
    (folder / "state.json").write_bytes(STATE)
    return folder


def test_a_machine_is_replaced_by_pieces_alone_and_the_permit_names_them(asset: dict[str, Any]) -> None:
    etc = asset["source"]["etc"]
    assert System().place(asset) == {"etc": etc, "pieces": f"{etc}/baru {etc}/hosts"}
    with pytest.raises(Problem, match="Nobody has said which pieces"):
        System().chosen(asset, [])


def test_a_folder_of_the_machine_itself_is_no_fresh_place(asset: dict[str, Any]) -> None:
    etc = asset["source"]["etc"]
    live = [System().is_live(asset, {"path": path}) for path in (etc, f"{etc}/uji", "/", f"{etc}-uji")]
    assert live == [True, True, True, False]


def test_an_exchange_goes_there_and_back_and_there_again(asset: dict[str, Any]) -> None:
    etc, kind = Path(asset["source"]["etc"]), System()
    folder = loaded(asset)
    pair = Pair(asset, "ab", kind.note(Pair(asset, "ab")))
    for back, names in ((False, ["baru", "hosts"]), (False, ["baru", "hosts"]), (True, ["hosts"])):
        kind.swap(pair, back)
        assert sorted(path.name for path in etc.iterdir()) == names
        assert (etc / "hosts").read_text(encoding="utf-8") == ("lama" if back else "benar")
    kind.swap(pair)
    bare = {key: value for key, value in asset.items() if key != "pieces"}
    again = Pair(bare, "ab", kind.note(Pair(bare, "ab", pair.notes)))
    kind.swap(again)
    assert (etc / "hosts").read_text(encoding="utf-8") == "lama", "what is taken back is told by the notes alone"
    kind.remove(again)
    assert not folder.exists()
