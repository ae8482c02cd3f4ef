"""Databases whose rows are named at random compare equal when their rows hold the same."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.json_text import lines_of

NAMES = re.compile(r"^row-\d+$")


def database(bridge: str, *ports: str, tag: int = 30) -> dict[str, Any]:
    rows = {name: {"name": f"p{number}", "tag": tag} for number, name in enumerate(ports)}
    used = ["set", [["uuid", name] for name in sorted(ports)]]
    return {"Port": rows, "Bridge": {bridge: {"ports": used, "note": "row-99"}}}


def lines(value: Any) -> list[str]:
    return lines_of(json.dumps(value), NAMES)


def test_the_names_and_the_order_of_rows_mean_nothing() -> None:
    assert lines(database("row-1", "row-2", "row-3")) == lines(database("row-7", "row-9", "row-8"))


def test_what_a_row_holds_is_shown_where_it_is_referred_to() -> None:
    before, after = lines(database("row-1", "row-2")), lines(database("row-1", "row-2", tag=31))
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert [[one.strip() for one in pair] for pair in changed] == [['"tag": 30', '"tag": 31']]


def test_a_name_that_is_no_row_stays() -> None:
    assert any('"note": "row-99"' in line for line in lines(database("row-1", "row-2")))


def test_rows_that_refer_to_each_other_come_to_an_end() -> None:
    circle = {"T": {"row-1": {"next": "row-2"}, "row-2": {"next": "row-1"}, "row-3": {"next": "row-1"}}}
    assert "..." in "".join(lines(circle))


def test_lines_that_are_no_json_stay_as_they_are() -> None:
    assert lines_of('OVSDB JSON 12 abc\n{broken\n{"b": 1, "a": [1, 2]}') == [
        "OVSDB JSON 12 abc",
        "{broken",
        "{",
        '  "a": [1, 2]',
        '  "b": 1',
        "}",
    ]
