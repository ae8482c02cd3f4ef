from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sopwrap.cli import cli


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
