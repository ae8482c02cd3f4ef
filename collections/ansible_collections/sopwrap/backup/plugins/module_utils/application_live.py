# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An application in the place of the living one: all of its parts change places, or none does."""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import quiesce
from ansible_collections.sopwrap.backup.plugins.module_utils.application_parts import adapters, members
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import Member, facts_of, manifest_of
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target


class ApplicationLive(Replaceable):
    """Notes, places and targets are those of the parts, by their names."""

    def __init__(self) -> None:
        self._known = adapters()

    def members(self, asset: Asset) -> list[Member]:
        """The parts as the register names them; a file that says maintenance belongs to none of them."""
        found, mark = members(asset, self._known), quiesce.file_of(asset)
        for member in found:
            if mark is not None and "exclude" in member.asset["source"]:
                member.asset["source"] = {
                    **member.asset["source"],
                    "exclude": [*member.asset["source"]["exclude"], mark],
                }
        return found

    def place(self, asset: Asset) -> dict[str, str]:
        """The places of all parts, each word with the name of its part before it."""
        return {
            f"{member.name}.{key}": value
            for member in self.members(asset)
            for key, value in member.kind.place(member.asset).items()
        }

    def alive(self, asset: Asset) -> bool:
        """Whether anything of it is there."""
        return bool(self.living(asset))

    def living(self, asset: Asset) -> list[Member]:
        """The parts that are there at present."""
        return [member for member in self.members(asset) if member.kind.alive(member.asset)]

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target of any part is that part's living place."""
        return any(
            member.kind.is_live(member.asset, one)
            for member in self.members(asset)
            if isinstance(one := self.targets(asset, target).get(member.name), dict)
        )

    def targets(self, asset: Asset, target: Target) -> dict[str, Any]:
        """Where each part goes: as the target says by their names, or, for one folder, below it and named after it."""
        folder = target.get("path")
        if not isinstance(folder, str):
            return target
        folder = folder.rstrip("/")
        mark = "".join(letter for letter in folder.rpartition("/")[2].lower() if letter.isalnum())[-12:] or "pulih"
        found = {}
        for member in self.members(asset):
            found[member.name] = dict(member.kind.beside(member.asset, mark))
            if "path" in found[member.name]:
                found[member.name]["path"] = f"{folder}/{member.name}"
        return found

    def beside(self, asset: Asset, mark: str) -> Target:
        """What each part calls beside."""
        return {member.name: member.kind.beside(member.asset, mark) for member in self.members(asset)}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """The sum of what the parts need, and the most that is free for any; refuse where one alone has too little."""
        require_same_parts(manifest, self.members(asset))
        rooms = {
            member.name: member.kind.room(member.asset, manifest_of(manifest, member.name))
            for member in self.members(asset)
        }
        for name, room in rooms.items():
            if room.free is not None and room.free < room.needed:
                raise Problem(
                    f"The part {name} needs {room.needed} bytes beside the living data, and {room.free} are free.",
                    "Make room there.",
                    refused=True,
                )
        frees = [room.free for room in rooms.values() if room.free is not None]
        return Room(sum(room.needed for room in rooms.values()), max(frees) if len(frees) == len(rooms) else None)

    def require_idle(self, asset: Asset) -> None:
        """Refuse while anybody uses any part."""
        for member in self.members(asset):
            member.kind.require_idle(member.asset)

    def require_rest(self, asset: Asset) -> None:
        """Refuse while anybody may be writing to any part."""
        for member in self.members(asset):
            member.kind.require_rest(member.asset)

    def pause(self, asset: Asset) -> None:
        """Put the application into its maintenance mode, where it has one."""
        quiesce.begin(asset)

    def resume(self, asset: Asset) -> list[str]:
        """End its maintenance mode."""
        return quiesce.end(asset)

    def note(self, pair: Pair) -> dict[str, Any]:
        """The notes of all parts."""
        return {member.name: member.kind.note(_pair(pair, member)) for member in self.members(pair.asset)}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange one part after the other. When one fails, whoever asked for this asks for the way back of all.

        Trees of files live last: a file that says maintenance may lie in one, and would be gone too early.
        """
        order = sorted(self.members(pair.asset), key=lambda member: member.kind.lasting == back)
        for member in order:
            member.kind.swap(_pair(pair, member), back)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove what was restored of every part."""
        for member in self.members(asset):
            member.kind.discard(member.asset, target[member.name])

    def remove(self, pair: Pair) -> None:
        """Remove what every part keeps beside."""
        for member in self.members(pair.asset):
            member.kind.remove(_pair(pair, member))


def require_same_parts(manifest: dict[str, Any], found: list[Member]) -> None:
    """Refuse a point of other parts than the asset has now: an application that comes back by halves is none."""
    stored = {name: known["kind"] for name, known in facts_of(manifest).items()}
    now = {member.name: member.kind.name for member in found}
    if stored != now:
        words = [", ".join(f"{name} ({kind})" for name, kind in sorted(one.items())) for one in (stored, now)]
        raise Problem(
            f"The point holds {words[0]}, and the asset now names {words[1]}.",
            "Use another point, or name the parts as they were.",
            refused=True,
        )


def _pair(pair: Pair, member: Member) -> Pair:
    return Pair(member.asset, pair.mark, pair.notes.get(member.name, {}))
