# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as lines that people can compare: keys in order, and rows in the place of the names that refer to them.

Databases name their rows at random, and give them other names when they are restored. So a row stands where it is
referred to; rows nobody refers to stand in their tables.
"""

from __future__ import annotations

import json
import re
from typing import Any


def lines_of(text: str, identifiers: re.Pattern[str] | None = None) -> list[str]:
    """Return the lines of a text, each that is a JSON object as several. `identifiers` is what rows' names look like.

    A line that is no JSON after all stays as it is.
    """
    lines: list[str] = []
    for line in text.splitlines():
        try:
            document = json.loads(line) if line.startswith("{") else None
        except ValueError:
            document = None
        if document is None:
            lines.append(line)
        else:
            lines += _shown(_Rows(document, identifiers).resolved() if identifiers else document)
    return lines


class _Rows:
    """The rows of one document by their names."""

    def __init__(self, document: Any, identifiers: re.Pattern[str]) -> None:
        self._document = document
        self._rows: dict[str, Any] = {}
        self._gather(document, identifiers)
        self._referred: set[str] = set()

    def resolved(self) -> Any:
        """Return the document without the names of its rows."""
        for row in self._rows.values():
            self._note(row)
        return self._plain(self._document, ())

    def _gather(self, value: Any, identifiers: re.Pattern[str]) -> None:
        if isinstance(value, dict):
            self._rows.update({key: row for key, row in value.items() if identifiers.search(key)})
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self._gather(inner, identifiers)

    def _note(self, value: Any) -> None:
        """Note which rows something refers to."""
        if isinstance(value, str) and value in self._rows:
            self._referred.add(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self._note(inner)

    def _plain(self, value: Any, within: tuple[str, ...]) -> Any:
        if isinstance(value, str) and value in self._rows:
            return "..." if value in within else self._plain(self._rows[value], (*within, value))
        if isinstance(value, list):
            plain = [self._plain(inner, within) for inner in value]
            return plain if plain == value else sorted(plain, key=_ordered)
        if isinstance(value, dict) and self._rows.keys() & value.keys():
            free = [self._plain(value[key], (key,)) for key in value if key not in self._referred]
            return sorted(free, key=_ordered)
        if isinstance(value, dict):
            return {key: self._plain(inner, within) for key, inner in value.items()}
        return value


def _ordered(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _shown(value: Any, before: str = "", key: str = "") -> list[str]:
    """One line for what holds no object, else a line for each thing in it."""
    if isinstance(value, dict) and value:
        inner = [_shown(value[name], f"{before}  ", f"{json.dumps(name)}: ") for name in sorted(value)]
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        inner = [_shown(item, f"{before}  ") for item in value]
    else:
        return [f"{before}{key}{json.dumps(value, ensure_ascii=False)}"]
    opens, closes = "{}" if isinstance(value, dict) else "[]"
    return [f"{before}{key}{opens}", *(line for part in inner for line in part), f"{before}{closes}"]
