# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names restic leaves out for an `--exclude` pattern, so that our list of hashes leaves out the same ones.

The rules are those of restic's manual, chapter "Excluding Files", and of its package `filter`: a pattern is split at
slashes; each piece matches one name by Go's `filepath.Match`; `**` stands for any number of folders; a pattern that
begins with a slash begins at the root, any other one anywhere; what lies below a match is left out, too.
"""

from __future__ import annotations

import os
import re

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


class Exclusion:
    """The patterns of one asset: `path in exclusion` says whether restic leaves this absolute path out."""

    def __init__(self, patterns: list[str]) -> None:
        wanted = [pattern for pattern in patterns if pattern]
        self._expression = re.compile("|".join(_expression(pattern) for pattern in wanted)) if wanted else None

    def __contains__(self, path: str) -> bool:
        return self._expression is not None and self._expression.fullmatch(path) is not None


def _expression(pattern: str) -> str:
    if pattern.startswith("!"):
        raise _unusable(pattern, "begins with an exclamation mark")
    pieces = os.path.normpath(pattern).split("/")
    rooted = pieces[0] == ""
    pieces = pieces[1:] if rooted else pieces
    while pieces and pieces[-1] in ("**", ""):
        pieces.pop()
    if not pieces:
        raise _unusable(pattern, "leaves everything out")
    folders = ["(?:[^/]+/)*" if piece == "**" else _name(piece, pattern) + "/" for piece in pieces[:-1]]
    start = "/" if rooted else "/(?:[^/]+/)*"
    return f"(?:{start}{''.join(folders)}{_name(pieces[-1], pattern)}(?:/(?s:.*))?)"


def _name(piece: str, pattern: str) -> str:
    """Turn one piece of a pattern into a regular expression."""
    result, rest = "", piece
    while rest:
        character, rest = rest[0], rest[1:]
        if character == "*":
            result += "[^/]*"
        elif character == "?":
            result += "[^/]"
        elif character == "[":
            expression, rest = _class(rest, pattern)
            result += expression
        elif character == "\\":
            literal, rest = _literal("\\" + rest, pattern)
            result += literal
        else:
            result += re.escape(character)
    return result


def _class(rest: str, pattern: str) -> tuple[str, str]:
    """Read a character class whose opening bracket is gone: return its regular expression and what follows it."""
    negated, rest = rest.startswith("^"), rest.removeprefix("^")
    ranges = ""
    while not (ranges and rest.startswith("]")):
        low, rest = _literal(rest, pattern, "-]")
        high = low
        if rest.startswith("-"):
            high, rest = _literal(rest[1:], pattern, "-]")
        if low[-1] > high[-1]:
            raise _unusable(pattern, "has a range that ends before it begins")
        ranges += f"{low}-{high}"
    return f"[{'^' if negated else ''}{ranges}]", rest[1:]


def _literal(rest: str, pattern: str, forbidden: str = "") -> tuple[str, str]:
    """Read one character that stands for itself, behind a backslash or not."""
    escaped = rest.startswith("\\")
    rest = rest[1:] if escaped else rest
    if not rest or (not escaped and rest[0] in forbidden):
        raise _unusable(pattern, "is not complete")
    return re.escape(rest[0]), rest[1:]


def _unusable(pattern: str, reason: str) -> Problem:
    return Problem(f"The exclude pattern {pattern!r} {reason}.", "Correct it in the asset's source.", refused=True)
