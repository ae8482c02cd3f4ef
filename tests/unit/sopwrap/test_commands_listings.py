"""`asset`, `sop` and the helpers of every listing (commands/_show.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.commands._show import table
from tests.unit.sopwrap.offices import entry, make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hosts = {
        "srv-a": {"sopwrap_assets": [entry(stores=["internal", "external"])]},
        "srv-b": {"sopwrap_assets": [entry(id="laman")]},
    }
    return make(tmp_path / "office", hosts).folder


def say(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), *words])
    assert result.exit_code == ends, result.output
    return result.output


def ask(folder: Path, *words: str) -> Any:
    return json.loads(say(folder, *words))


def test_assets_are_listed_for_people_and_for_programs(folder: Path) -> None:
    assert say(folder, "asset", "list").splitlines()[1].split()[:4] == ["arsip", "files", "srv-a", "P1D"]
    assert [one["id"] for one in ask(folder, "asset", "list", "--json")] == ["arsip", "laman"]
    assert ask(folder, "asset", "list", "--limit", "srv-b", "--query", "[].id") == ["laman"]
    assert "canary" not in say(folder, "asset", "list", "--json")


def test_one_asset_is_shown_with_the_media_it_goes_to(folder: Path) -> None:
    text = say(folder, "asset", "show", "arsip")
    assert "label HDD-01" in text
    assert "Bagian Umum" in text
    assert ask(folder, "asset", "show", "arsip", "--json")["media"][1]["custodian"] == "Budi"


def test_an_unknown_asset_or_limit_has_its_exit_code(folder: Path) -> None:
    assert "Did you mean arsip?" in say(folder, "asset", "show", "arsib", ends=2)
    assert "matches `nosuch`" in say(folder, "asset", "list", "--limit", "nosuch", ends=5)


def test_sops_are_listed_and_shown_inside_and_outside_of_an_office(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ask(folder, "sop", "list", "--json")
    assert "iain-ptk-2022/backup" in [one["procedure"] for one in listed]
    monkeypatch.chdir(folder.parent)
    result = CliRunner().invoke(cli, ["sop", "show", "iain-ptk-2022"])
    assert result.exit_code == 0
    assert "Kasub Bag Umum" in result.output
    assert "tersedia: l7, tidak tersedia: l5" in result.output
    assert ask(folder, "sop", "show", "iain-ptk-2022/backup", "--query", "lanes.petugas") == "Petugas Backup Data"


def test_a_question_that_is_no_jmespath_is_wrong_use(folder: Path) -> None:
    assert "--query [" in say(folder, "sop", "list", "--query", "[", ends=2)


def test_a_table_aligns_its_columns_and_says_when_it_is_empty() -> None:
    assert table(("A", "B"), [("xx", 1), ("y", "")], "none") == "A   B\nxx  1\ny"
    assert table(("A", "B"), [], "none") == "none"
