from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sopwrap.cli import cli


def say(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), *words])
    assert result.exit_code == ends, result.output
    return result.output


def ask(folder: Path, *words: str) -> Any:
    return json.loads(say(folder, *words))


def test_sops_are_listed_and_shown_inside_and_outside_of_an_office(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = ask(folder, "sop", "list", "--json")
    assert "iain-ptk-2022/backup" in [one["procedure"] for one in listed]
    monkeypatch.chdir(folder.parent)
    result = CliRunner().invoke(cli, ["sop", "show", "iain-ptk-2022"])
    assert result.exit_code == 0
    assert "Kasub" in result.output
    assert "‹      4" in result.output
    assert "tidak tersedia" in result.output
    assert ask(folder, "sop", "show", "iain-ptk-2022/backup", "--query", "lanes.petugas") == "Petugas Backup Data"
