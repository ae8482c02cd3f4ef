# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some of a point instead of all: a target's `only`, paths as they were stored, or its `pieces`, words of a kind."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, printable


def paths(target: dict[str, Any]) -> list[str]:
    """Return the paths a target asks for; none means everything."""
    given = target.get("only") or []
    if not isinstance(given, list) or not all(isinstance(path, str) and os.path.isabs(path) for path in given):
        raise Problem(
            "The target's only is no list of absolute paths.", "Write it as only: [/srv/situs/berkas].", refused=True
        )
    return [os.path.normpath(path) for path in given]


def pieces(given: Any) -> list[str]:
    """Return the pieces of a target: a list of words, or, as a permit's place has them, one line of them."""
    if isinstance(given, str):
        return shlex.split(given)
    if not isinstance(given, list) or not all(isinstance(piece, str) and piece for piece in given):
        raise Problem("The target's pieces are no list of words.", "Write it as pieces: [/etc/hosts].", refused=True)
    return list(given)


def as_line(given: Sequence[str]) -> str:
    """Write pieces as a permit names them."""
    return shlex.join(sorted(set(given)))


def touched(roots: Sequence[Root], only: Sequence[str]) -> list[Root]:
    """Return the trees of which anything is asked for."""
    return [root for root in roots if not only or any(_is_below(path, root.path) for path in only)]


def names(roots: Sequence[Root], only: Sequence[str]) -> list[str]:
    """Return what the paths are called in the list of hashes; none for everything."""
    return [
        root.label(os.path.relpath(path, root.path) if path != root.path else "")
        for path in only
        for root in roots
        if _is_below(path, root.path)
    ]


def part(content: Content, chosen: Sequence[str]) -> Content:
    """Return the part of a fingerprint that has these names, and what is below them."""
    if not chosen:
        return content
    return content.part(lambda name: any(one == "." or _is_below(name, one) for one in chosen))


def require(roots: Sequence[Root], content: Content, target: dict[str, Any]) -> None:
    """Refuse a path of which the point holds nothing."""
    for path in paths(target):
        chosen = names(roots, [path])
        if not chosen or not part(content, chosen).items:
            raise Problem(
                f"The point holds nothing at {printable(path)}.",
                f"It holds {', '.join(root.path for root in roots)}; name paths as they were at the backup.",
                refused=True,
            )


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")
