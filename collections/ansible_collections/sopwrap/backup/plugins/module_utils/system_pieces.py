# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which pieces of a machine are to be put back: what a target's `pieces` say, and what of it a point holds.

A piece is an absolute path of /etc, or a word and a name: `package:nginx`, `user:siakad`, `group:siakad`,
`unit:siakad.service`, `crontab:siakad`. The name `*` stands for all of the point (not for units).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable

WORDS = ("package", "group", "user", "crontab", "unit")
ALL = "*"
_UNITS = "systemd/system"
_WANTED = (".wants", ".requires")


@dataclass(frozen=True)
class Wish:
    """What was asked for: paths, and names by the word that says what they name."""

    paths: tuple[str, ...]
    names: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, pieces: Sequence[str], etc: str) -> Wish:
        """Read pieces; refuse what is none, and /etc as a whole, which no running machine can do without."""
        paths = tuple(sorted({_path(piece, etc) for piece in pieces if piece.startswith("/")}))
        names: dict[str, tuple[str, ...]] = {}
        for piece in pieces:
            word, colon, name = piece.partition(":")
            if not piece.startswith("/"):
                if not (colon and name) or word not in WORDS or (word == "unit" and (name == ALL or "/" in name)):
                    raise _refused(f"{printable(piece)!r} is no piece of a machine")
                names[word] = tuple(sorted({*names.get(word, ()), name}))
        for path in paths:
            if any(path.startswith(f"{other}/") for other in paths):
                raise _refused(f"The piece {printable(path)} lies in another piece")
        return cls(paths, names)

    def words(self) -> list[str]:
        """The pieces in the one way in which papers and permits name them: nobody approves /etc/motd/../shadow."""
        return sorted([*self.paths, *(f"{word}:{name}" for word, names in self.names.items() for name in names)])

    def among(self, word: str, known: Iterable[str]) -> list[str]:
        """The names behind a word, given those the point holds (`NAME:ARCH` too); refuse one that it does not hold."""
        there, found = sorted(known), []
        for name in self.names.get(word, ()):
            named = there if name == ALL else [one for one in there if one == name or one.startswith(f"{name}:")]
            if not named:
                raise _refused(f"The point holds no {word} {printable(name)}")
            found += named
        return sorted(set(found))


def unit_paths(unit: str, names: Iterable[str]) -> list[str]:
    """The names below /etc (as in a list of hashes, `etc/...`) that make a unit: its file, drop-ins and links to it."""
    found = set()
    for name in names:
        pieces = name.split("/")
        if "/".join(pieces[1:3]) != _UNITS:
            continue
        own = len(pieces) == 4 and pieces[3] in (unit, f"{unit}.d")
        if own or (len(pieces) == 5 and pieces[3].endswith(_WANTED) and pieces[4] == unit):
            found.add(name)
    return sorted(found)


def _path(piece: str, etc: str) -> str:
    path = os.path.normpath(piece)
    if not path.startswith(f"{etc}/"):
        raise _refused(f"The piece {printable(path)} does not lie in {etc}")
    return path


def _refused(message: str) -> Problem:
    return Problem(
        f"{message}.",
        f"Pieces are absolute paths, or one of {', '.join(f'{word}:NAME' for word in WORDS)}.",
        refused=True,
    )
