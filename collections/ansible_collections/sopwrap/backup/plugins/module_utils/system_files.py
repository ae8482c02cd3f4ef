# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of chosen pieces: what they are called, what of them is otherwise, and what changes places with what."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import exchange, hash_list, in_memory, selection
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, StoredPoint, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.system_accounts import FILES
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish, unit_paths

Told = dict[tuple[str, str], tuple[str, str]]
"""A thing by word and name: a line anybody may read, and a digest of what stands in no line."""

MOST = 200
"""Lines that are shown."""

_TREE = "etc"


def require_exchangeable(path: str, etc: str) -> None:
    """Refuse a path that lies on another file system than /etc, or is reached by a link."""
    folder = os.path.dirname(path)
    exchange.require_exchangeable(path)
    if os.path.realpath(folder) != folder or os.stat(folder).st_dev != os.stat(os.path.dirname(etc)).st_dev:
        raise Problem(
            f"{printable(folder)} is a link, or another file system than {os.path.dirname(etc)}.",
            "Put that file back by hand, from a restore into a fresh folder.",
            refused=True,
        )


def require_units(wish: Wish, content: Content) -> None:
    """Refuse a unit of which the point has nothing in /etc (then its package has it)."""
    names = [str(item["name"]) for item in content.items]
    for unit in wish.names.get("unit", ()):
        if not unit_paths(unit, names):
            raise Problem(
                f"The point holds nothing of the unit {printable(unit)} in /etc.",
                "What a package brings comes back with the package.",
                refused=True,
            )


def told(wish: Wish, etc: str, content: Content, exclude: list[str]) -> tuple[Told, Told]:
    """The chosen files as they are here and as the point has them."""
    names = _names(wish, etc, {str(item["name"]) for item in content.items} | set(_listed(etc)))
    here = [Root(path, name) for name, path in names.items() if os.path.lexists(path)]
    found = hash_list.from_disk(here, Exclusion(exclude)).content() if here else Content.of([])
    return _lines(found), _lines(selection.part(content, list(names)) if names else Content.of([]))


def pairs(wish: Wish, etc: str, beside: str) -> dict[str, dict[str, str | None]]:
    """Each chosen path with its name beside, and with what both stand for at present."""
    names = _names(wish, etc, {*_listed(etc), *_listed(beside)})
    found = {}
    for name, path in names.items():
        other = beside + name[len(_TREE) :]
        found[path] = {"name": other, "live": exchange.identity(path), "beside": exchange.identity(other)}
    return found


def is_of_systemd(path: str, etc: str) -> bool:
    """Whether systemd reads this path."""
    return path.startswith(f"{etc}/systemd/")


def difference(now: Told, then: Told) -> dict[str, Any]:
    """What goes and what comes, in the form of a record's `difference`; `hidden` counts lines that look alike."""
    lines, hidden, removed, added = [], 0, 0, 0
    for key in sorted({*now, *then}):
        if now.get(key) == then.get(key):
            continue
        removed, added = removed + (key in now), added + (key in then)
        if key in now and key in then and now[key][0] == then[key][0]:
            hidden += 2
            continue
        lines += [f"-{printable(now[key][0])}"] if key in now else []
        lines += [f"+{printable(then[key][0])}"] if key in then else []
    shown = [line[:300] for line in lines[:MOST]]
    return {"removed": removed, "added": added, "hidden": hidden, "lines": shown, "cut": len(lines) > MOST}


@contextmanager
def accounts_of(stored: StoredPoint, part: str, etc: str, wanted: bool) -> Iterator[str]:
    """Give a folder in memory with the point's files of accounts, as if it were /etc; empty where none is wanted."""
    known = {str(item["name"]) for item in stored.content().items} if wanted else set()
    only = [f"{etc}/{name}" for name in FILES if f"{_TREE}/{name}" in known]
    with in_memory.folder() as folder:
        if only:
            stored.extract(part, folder, only)
        yield folder + etc


def _names(wish: Wish, etc: str, known: set[str]) -> dict[str, str]:
    """Name in the list of hashes → path, of everything chosen; what lies in a chosen folder goes with that."""
    chosen = {f"{_TREE}{path[len(etc) :]}": path for path in wish.paths}
    for unit in wish.names.get("unit", ()):
        for name in unit_paths(unit, known):
            if not any(name == one or name.startswith(f"{one}/") for one in chosen):
                chosen[name] = f"{etc}{name[len(_TREE) :]}"
    return chosen


def _listed(etc: str) -> list[str]:
    """What could be of a unit in the folders of systemd below this one, as the list of hashes would call it."""
    found = [path for depth in ("*", "*/*") for path in glob.glob(f"{glob.escape(etc)}/systemd/system/{depth}")]
    return [f"{_TREE}{path[len(etc) :]}" for path in found]


def _lines(content: Content) -> Told:
    found = {}
    for item in content.items:
        kind, mode, owner, *rest = str(item["digest"]).split(" ")
        what = f" {item['count']} B {rest[0][:8]}" if kind == "f" else " ".join(["", *rest]) if kind == "l" else ""
        found["file", str(item["name"])] = (f"{item['name']} {mode} {owner}{what}", str(item["digest"]))
    return found
