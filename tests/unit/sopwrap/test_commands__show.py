from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sopwrap.cli import cli
from sopwrap.commands._show import table


def say(folder: Path, *words: str, ends: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--office", str(folder), *words])
    assert result.exit_code == ends, result.output
    return result.output


def ask(folder: Path, *words: str) -> Any:
    return json.loads(say(folder, *words))


def test_a_question_that_is_no_jmespath_is_wrong_use(folder: Path) -> None:
    assert "--query [" in say(folder, "sop", "list", "--query", "[", ends=2)


def test_a_table_aligns_its_columns_and_says_when_it_is_empty() -> None:
    assert table(("A", "B"), [("xx", 1), ("y", "")], "none") == "A   B\nxx  1\ny"
    assert table(("A", "B"), [], "none") == "none"
