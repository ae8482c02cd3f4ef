# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load a stored configuration onto a spare device, compare what it has then, and give it its own one back.

It is a replacement that is never kept: what undoes one that went wrong undoes this one in any case, so that a spare
whose line is cut, or whose drill is killed, goes back by its own timer.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_line import Roads
from ansible_collections.sopwrap.backup.plugins.module_utils.device_replace import Replacing, require_way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_source import Spare
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, Tried
from ansible_collections.sopwrap.backup.plugins.module_utils.trial import require_same

_TRIES = 3


def rehearsed(spare: Spare, text: str) -> Tried:
    """Say what loading the text onto the spare has proven, or why it was left alone.

    Raise a `Problem` when it does not take the text, has something else afterwards, or does not go back.
    """
    if spare.own.platform.name_in(text) == spare.own.hostname:
        raise Problem(
            f"The spare device is called {spare.own.hostname}, as the stored configuration calls its device.",
            "Give the spare a name of its own, and say it in the asset's source.",
            refused=True,
        )
    return asyncio.run(_Rehearsal(spare, text).try_out())


def require_spare(spare: Spare) -> None:
    """Refuse a spare whose platform cannot replace a configuration; one without a timer is only a spare."""
    timer = spare.own.platform.shape.replace.get("timer") is not False
    require_way(spare.own if timer else replace(spare.own, undo_after=0.0))


class _Rehearsal(Replacing):
    """One rehearsal; `device` is the spare as it has to be reached at the moment."""

    def __init__(self, spare: Spare, text: str) -> None:
        super().__init__(spare.own, text)
        self.spare = spare

    async def try_out(self) -> Tried:
        """Load, look, go back; a spare that does not answer, or not by its name, is left alone."""
        try:
            own, loaded = await self._recognised()
        except Problem as problem:
            return Tried(f"not loaded onto the spare device, since {problem.message.rstrip('.')}", proven=False)
        self.device = own
        told = await self._applied(self.text)
        self.device = loaded if told is None else replace(own, hostname=None)
        found = await self._looked_at(told)
        await self._returned(own, found)
        if told or found is None or self._same(found, self.before):
            raise Problem(
                f"The spare device {own.place} {told or self._why(found)}; it has its own configuration again.",
                "Compare the point with the spare's model and version, and look at loaded_address in the source.",
            )
        require_same(own.platform, self.text, found, f"onto the spare device {own.name}")
        return Tried(f"loaded onto the spare device {own.name}, it is the same there; the spare has its own again")

    async def _recognised(self) -> tuple[Device, Device]:
        """Make sure by its name that it is the spare; from now on only the key it has shown is trusted, wherever.

        Without that, an address that the stored configuration shares with its own device could lead there.
        """
        self.before = await self._fetched()
        try:
            async with Roads(self.library).open(self.device) as connection:
                key = connection.get_server_host_key()
        except self.lost as error:
            raise Problem(f"{self.device.place} ended the session: {error}.") from error
        both, names = (self.spare.own, self.spare.loaded), self._names()
        own, loaded = (replace(one, way=replace(one.way, host_key=key), renamed=names) for one in both)
        return own, loaded

    async def _returned(self, own: Device, found: str | None) -> None:
        """Give the spare its own configuration back, at our word or by its timer; without one we say it again."""
        loaded, restart = self.device, self.plan.get("restart") or None
        for _attempt in range(_TRIES if restart else 1):
            self.device = loaded
            if found is not None and not self._same(found, self.before):
                await (self._said(self.plan["undo"]) if self.plan.get("undo") else self._applied(self.before))
            self.device = own
            if await self._until(lambda text: self._same(text, self.before), restart) is not None:
                return
        raise Problem(
            f"The spare device {own.place} does not have its own configuration again, or cannot be reached.",
            "Go to the spare and put its configuration back; nothing else was touched.",
        )
