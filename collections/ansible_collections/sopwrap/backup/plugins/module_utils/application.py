# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `application`: databases and files that belong together, taken at one moment and brought back together.

While it is at rest, its trees of files are stored and hashed and the snapshots of its databases are opened; then it
goes on, and the databases are read from these snapshots. Restored are all parts or none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import fresh_folder, quiesce
from ansible_collections.sopwrap.backup.plugins.module_utils.application_live import (
    ApplicationLive,
    require_same_parts,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.application_parts import SOURCES, adapters
from ansible_collections.sopwrap.backup.plugins.module_utils.application_taking import Taking
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, file_of
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Tree,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import (
    Member,
    Portion,
    facts_of,
    manifest_of,
    together,
)

_WORD = {"type": "str"}
_WORDS = {"type": "list", "elements": "str"}
SOURCE = {
    "parts": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            **{kind: {"type": "dict", "options": spec} for kind, spec in SOURCES.items()},
        },
        "mutually_exclusive": [list(SOURCES)],
        "required_one_of": [list(SOURCES)],
    },
    "quiesce": {
        "type": "dict",
        "options": {"file": {"type": "path"}, "text": _WORD, "begin": _WORDS, "end": _WORDS, "os_user": _WORD},
        "required_one_of": [["file", "begin"]],
        "required_together": [["begin", "end"]],
    },
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Application(ApplicationLive):
    """Every part is carried out by the adapter of its own kind."""

    name = "application"

    def __init__(self) -> None:
        super().__init__()
        self._rested: dict[str, float] = {}

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Look whether it can be put to rest, and at every part (before a restore, at those that are there)."""
        quiesce.require(asset)
        facts = {member.name: member.kind.preflight(member.asset) for member in self._wanted(asset)}
        sizes = [one["size_bytes"] for one in facts.values() if one.get("size_bytes")]
        return {"parts": facts, **({"size_bytes": sum(sizes)} if sizes else {})}

    def estimate(self, asset: Asset, facts: dict[str, Any]) -> int | None:
        """What all parts hold, where every one of them can be told."""
        wanted = self._wanted(asset)
        sizes = [member.kind.estimate(member.asset, facts["parts"][member.name]) for member in wanted]
        known = [one for one in sizes if one is not None]
        return sum(known) if len(known) == len(sizes) else None

    def trees(self, asset: Asset, facts: dict[str, Any]) -> list[Tree]:
        """Those of all parts."""
        found = ((one, one.kind.trees(one.asset, facts["parts"][one.name])) for one in self._wanted(asset))
        return [replace(tree, name=f"{member.name}.{tree.name}") for member, trees in found for tree in trees]

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Put the application to rest and take its parts; it goes on as soon as that changes nothing any more.

        What a restore is about to replace is at rest already.
        """
        with ExitStack() as stack:
            rest, began = stack.enter_context(ExitStack()), time.monotonic()
            if not _for_safety(asset):
                rest.enter_context(quiesce.resting(asset, self))
            taking = Taking(self._wanted(asset), stack, rest)
            yield Capture(taking.parts(), taking.content, taking.facts, taking.extras, taking.tools)
            self._rested[asset["id"]] = taking.facts["rest_seconds"] = round(taking.woke - began, 1)

    def keep(self, points: dict[str, str], case: dict[str, Any]) -> dict[str, str]:
        """Tell how long each application was at rest."""
        return {asset: f"It was kept from writing for {self._rested[asset]} s." for asset in points}

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let the kind of the part look at it."""
        name, _dot, own = part.partition(".")
        for member in self.members(asset):
            if member.name == name:
                said = member.kind.check(member.asset, Portion(stored, name), own, stream)
                return f"{name}: {said}" if said else None
        raise Problem(f"The point {stored.id} holds a part {name}, which the asset does not name.", "Name it again.")

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse unless every part can be restored, each to a place of its own."""
        found, targets = self.members(asset), self.targets(asset, target)
        require_same_parts(stored.manifest, found)
        wrong = sorted(set(targets) ^ {member.name for member in found})
        if wrong or not all(isinstance(one, dict) for one in targets.values()):
            raise Problem(
                f"The target has to name a place for each part of {asset['id']} and nothing else"
                f" ({', '.join(wrong) or 'each place is a mapping'}).",
                "Give one folder as {path: FOLDER}, or a target for each part by its name.",
                refused=True,
            )
        folder = _folder(target)
        for member in found:
            if folder is None or "path" not in targets[member.name]:
                member.kind.admit(member.asset, Portion(stored, member.name), targets[member.name])

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Restore every part; when one fails, what the others have made is removed."""
        self.admit(asset, stored, target)
        targets = self.targets(asset, target)
        with ExitStack() as undo:
            folder = _folder(target)
            if folder is not None and not os.path.isdir(folder):
                os.mkdir(folder, 0o700)
                undo.callback(os.rmdir, folder)
            for member in self.members(asset):
                member.kind.restore(member.asset, Portion(stored, member.name), targets[member.name])
                undo.callback(member.kind.discard, member.asset, targets[member.name])
            undo.pop_all()

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """Each part as its own kind is restored, one after the other, from the files that bear its name."""
        found = []
        for name, known in facts_of(manifest).items():
            own = manifest_of(manifest, name)
            files = [file_of(part) for part in own["parts"]]
            for step in adapters()[known["kind"]].by_hand(own):
                commands = [_renamed(command, files, f"{name}.") for command in step.commands]
                found.append(Step(f"Bagian {name}: {step.words}", tuple(commands)))
        return found

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of every part."""
        targets = self.targets(asset, target)
        return together(
            {member.name: member.kind.content(member.asset, targets[member.name]) for member in self.members(asset)}
        )

    def _wanted(self, asset: Asset) -> list[Member]:
        """All parts; of what a restore is about to replace, those that are there."""
        return self.living(asset) if _for_safety(asset) else self.members(asset)


def _renamed(command: str, files: list[str], prefix: str) -> str:
    """A command of a part, with its files called as they are among those of the whole."""
    for name in files:
        command = command.replace(name, f"{prefix}{name}")
    return command


def _for_safety(asset: Asset) -> bool:
    return asset.get("purpose") == "safety"


def _folder(target: dict[str, Any]) -> str | None:
    """The one folder a target names, if it does; refuse one that is not fresh."""
    folder = target.get("path")
    if not isinstance(folder, str):
        return None
    path = fresh_folder.wanted({"path": folder})
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path) or os.listdir(path)):
        raise Problem(
            f"The target {path} is not an empty folder.", "Name a folder that does not exist yet.", refused=True
        )
    return path
