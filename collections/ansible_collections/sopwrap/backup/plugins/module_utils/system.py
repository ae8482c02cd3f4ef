# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's operating system: its folder /etc as it is, and a list of what is installed and set up on it.

Both together are what a person builds the server again from. A restore puts them into a fresh folder, `etc/` and
`state.json`, for reading and comparing; pieces of a running system are put back as `system_live` says.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import (
    fresh_folder,
    hash_list,
    machine_difference,
    machine_state,
    own_folders,
    selection,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.files import compare, require_owner, require_readable
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import HashList, Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Tree,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.system_live import STATE, TREE, SystemLive, etc_of


class System(SystemLive):
    """The kind `system`; `source` has `etc` (/etc) and `exclude` (restic's patterns)."""

    name = "system"

    def __init__(self) -> None:
        self._chosen: list[str] = []

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Look whether every file may be read: most of /etc may by anybody, but a backup of most of it is none."""
        etc = etc_of(asset)
        if not os.path.isdir(etc):
            raise Problem(f"There is no folder {etc} on this host.", "Correct etc in the asset's source.")
        exclude = own_folders.exclude(asset, [etc])
        require_readable([Root(etc, TREE)], Exclusion(exclude))
        return {"etc": etc, "exclude": exclude}

    def estimate(self, asset: Asset, facts: dict[str, Any]) -> int:
        """The bytes of all files that are not left out; the list beside them is small."""
        return hash_list.size([Root(facts["etc"], TREE)], Exclusion(facts["exclude"]))

    def trees(self, asset: Asset, facts: dict[str, Any]) -> list[Tree]:
        """/etc alone."""
        return [Tree(TREE, [facts["etc"]], facts["exclude"])]

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Give /etc to restic, and the state from memory."""
        facts = self.preflight(asset)
        state = machine_state.collect()
        text = json.dumps(state, sort_keys=True, indent=1, ensure_ascii=False).encode("utf-8", "surrogateescape")
        facts["system"] = state["system"]

        def content() -> Content:
            found = hash_list.from_disk([Root(facts["etc"], TREE)], Exclusion(facts["exclude"]))
            facts["skipped"] = dict(found.skipped)
            return _content(found, state)

        yield Capture([*self.trees(asset, facts), Blob(STATE, text + b"\n")], content, facts)

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Compare the stored part with the fingerprint of the backup."""
        wanted = stored.content()
        if part == STATE:
            state = machine_state.read_state(stream)
            of_state = Content.of([item for item in wanted.items if item["name"].startswith("(")])
            difference = of_state.difference(Content.of(machine_state.items(state)))
            if difference:
                raise Problem(f"The stored list of the system differs: {difference}.", "Use another point.")
            return f"the list of {len(state['packages'])} packages is as it was at the backup"
        found = hash_list.from_archive(stream, _stored_roots(stored))
        compare(Content.of([item for item in wanted.items if not item["name"].startswith("(")]), found.content())
        return f"{len(found.items)} names of {_stored_roots(stored)[0].path} and all their bytes are as they were"

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Put /etc (or the paths of the target's `only`) and the state into an empty folder."""
        require_owner(self.wanted(stored, target).part(lambda name: not name.startswith("(")))
        only = selection.paths(target)
        self._chosen = selection.names(_stored_roots(stored), only)
        with fresh_folder.fresh(target) as folder:
            fresh_folder.place(lambda into: stored.extract(TREE, into, only), _stored_roots(stored), folder)
            descriptor = os.open(os.path.join(folder, STATE), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with stored.open(STATE) as stream, open(descriptor, "wb") as sink:
                sink.write(stream.read())
            if "pieces" in asset:
                self.load(asset, folder)

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse paths the point does not hold, and pieces that cannot take the place of living ones."""
        selection.require(_stored_roots(stored), stored.content(), target)
        if "pieces" in asset:
            self.require_pieces(asset, stored)

    def otherwise(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> str | None:
        """Packages, accounts, units, crontabs and files (those the target asks for) that are not as they were."""
        roots = _stored_roots(stored)
        chosen = selection.names(roots, selection.paths(target))
        exclude = Exclusion([str(pattern) for pattern in stored.manifest["source"].get("exclude") or []])
        tree = stored.content().part(lambda name: not name.startswith("("))
        found = selection.part(hash_list.from_disk(roots, exclude).content(), chosen)
        with stored.open(STATE) as stream:
            clauses = machine_difference.sections(machine_state.read_state(stream), machine_state.collect())
        return "; ".join([*clauses, *machine_difference.files(selection.part(tree, chosen), found)]) or None

    def wanted(self, stored: StoredPoint, target: dict[str, Any]) -> Content:
        """The state, and of /etc what the target asks for."""
        return _part(stored.content(), selection.names(_stored_roots(stored), selection.paths(target)))

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Hash what was restored."""
        folder = fresh_folder.wanted(target)
        found = hash_list.from_disk([Root(os.path.join(folder, TREE), TREE)], Exclusion([]))
        with open(os.path.join(folder, STATE), "rb") as stream:
            return _part(_content(found, machine_state.read_state(stream)), self._chosen)


def _content(found: HashList, state: dict[str, Any]) -> Content:
    tree = found.content()
    return Content.of([*found.items, *machine_state.items(state)], count=tree.count)


def _part(content: Content, chosen: list[str]) -> Content:
    if not chosen:
        return content
    tree = {item["name"] for item in selection.part(content, chosen).items}
    return content.part(lambda name: name.startswith("(") or name in tree)


def _stored_roots(stored: StoredPoint) -> list[Root]:
    return [Root(stored.manifest["source"]["etc"], TREE)]
