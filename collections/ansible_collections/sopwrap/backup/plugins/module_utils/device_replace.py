# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace the whole configuration of a device by the platform's own means, with a timer on the device that undoes it.

The steps are the platform's data. Nothing is kept before a new session, which the new configuration has let in, has
fetched that configuration and found no difference. Whatever breaks before, the device goes back: at our word where it
hears us, by its own timer where it does not.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace as replace_fields
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device, explained, library
from ansible_collections.sopwrap.backup.plugins.module_utils.device_files import bring, take_away
from ansible_collections.sopwrap.backup.plugins.module_utils.device_line import Roads
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import Ask, asking, configuration
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import Dropped
from ansible_collections.sopwrap.backup.plugins.module_utils.device_values import Values
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem

_BETWEEN = 1.0
"""Seconds between two attempts to reach a device that was lost."""

_STAYS = 3
"""How often a device that restarts must show the same before that is believed to be all it comes up with."""

_ENDED = "ended the session"


def replace(device: Device, text: str) -> None:
    """Make `text` the whole configuration of the device; raise a `Problem` that says what became of it otherwise."""
    require_way(device)
    asyncio.run(Replacing(device, text).carry_out())


def require_way(device: Device) -> None:
    """Refuse a device that cannot replace its configuration, or cannot undo that by itself where nobody stands by."""
    name, plan = device.platform.name, device.platform.shape.replace
    if not plan:
        raise Problem(
            f"The platform {name} has no way to replace a whole configuration.",
            "Restore into a file, and load it at the device by hand.",
            refused=True,
        )
    if plan.get("timer") is False and device.undo_after:
        raise Problem(
            f"The platform {name} has no timer that undoes a restore: should {device.name} be lost with it, only"
            " somebody at its console brings the former configuration back.",
            "Have somebody beside the device during the restore, and say so by undo_after: 0 in its source.",
            refused=True,
        )
    if plan.get("timer") is not False and device.undo_after <= 0:
        raise Problem(
            f"The time after which {device.name} undoes a restore is {device.undo_after:g} seconds.",
            "Give undo_after in its source a time that is long enough to look at the device again.",
            refused=True,
        )


class Replacing:
    """One replacement: `text` is wanted, `before` is what the device had."""

    def __init__(self, device: Device, text: str) -> None:
        self.device, self.text, self.before = device, text, ""
        self.cut = self.began = False
        self.key: bytes | None = None
        self.library = library()
        self.plan = device.platform.shape.replace
        self.mark = f"{time.time_ns() // 1_000_000:x}"
        self.lost = (Dropped, OSError, asyncio.TimeoutError, self.library.Error)

    async def carry_out(self) -> None:
        """Apply, look, then keep or go back."""
        self.before = await self._fetched()
        if self._same(self.before, self.text):
            return
        again = await self._fetched()
        if not self._same(again, self.before):
            difference = self.device.platform.content(self.before).difference(self.device.platform.content(again))
            raise Problem(
                f"{self.device.place} shows another configuration at each reading ({difference}), so that nobody could"
                " tell whether it has the restored one.",
                "Restore when nobody is changing it; name in noise of its platform what changes by itself.",
            )
        self.device = replace_fields(self.device, renamed=self._names())
        told = await self._applied(self.text)
        found = await self._looked_at(told)
        if told is None and found is not None and self._same(found, self.text):
            told = await self._kept()
            found = await self._until(lambda _text: True)
            if told is None and found is not None and self._same(found, self.text):
                await self._cleared()
                return
            told = told or "went back by its timer before it was told to keep the restored configuration"
        if await self._gone_back(found):
            raise Problem(
                f"{self.device.place} {told or self._why(found)}; it has its former configuration again.",
                "Compare the point with the device's version and the way to it, then ask for a new permit.",
            )

    def _names(self) -> tuple[str, ...]:
        """What the device is called by either configuration: a line that exchanges them may change its prompt."""
        found = map(self.device.platform.name_in, (self.text, self.before))
        return tuple(name for name in found if name)

    async def _looked_at(self, told: str | None) -> str | None:
        """Return what the device has now; one that restarts may show for a while what it had before."""
        if told is None and self.plan.get("restart"):
            found = await self._until(self._come_up(), float(self.plan["restart"]))
            if found is not None:
                return found
        return await self._until(lambda _text: True)

    def _come_up(self) -> Callable[[str], bool]:
        """Whether a device that restarts has come up: with the wanted text, or with another one that stays."""
        seen: list[Content] = []

        def good(text: str) -> bool:
            content = self.device.platform.content(text)
            seen.append(content)
            stays = seen[-_STAYS:] == [content] * _STAYS and not self._same(text, self.before)
            return stays or self._same(text, self.text)

        return good

    def _why(self, found: str | None) -> str:
        if found is None:
            return "could not be reached with the restored configuration"
        if self._same(found, self.before):
            if self.cut and not self.began:
                return "was lost before the restored configuration was applied"
            timer = self.cut and self.plan.get("timer") is not False
            lost = "was lost with the restored configuration, and its timer took that back"
            return lost if timer else "did not take the restored configuration"
        difference = self.device.platform.content(self.text).difference(self.device.platform.content(found))
        return f"has something else than the point after it was applied ({difference})"

    async def _applied(self, text: str) -> str | None:
        """Bring the texts and apply `text`; return what the device refused. A lost line says nothing yet."""
        try:
            return await asyncio.wait_for(self._apply(text), self.device.timeout)
        except self.lost as error:
            if isinstance(error, self.library.SFTPError) and not isinstance(error, self.library.SFTPConnectionLost):
                return f"did not take the file with the restored configuration ({error.reason})"
            self.cut = True
            return None

    async def _apply(self, wanted: str) -> str | None:
        async with Roads(self.library).open(self.device) as connection:
            if wanted is self.text and _key(connection) != self.key:
                raise Problem(
                    f"{self.device.place} shows another key than when its former configuration was fetched; nothing was"
                    " applied.",
                    "Look which device answers at this address.",
                )
            head = self._filled((self.plan.get("lines") or {}).get("before") or "")
            for key, text in (("path", wanted), ("safety", self.before)):
                if self.plan.get(key):
                    data = f"{head}\n{text}" if head else text
                    raw = data.encode("utf-8", "surrogateescape")
                    await bring(self.library, connection, raw, self.plan[key], str(self.plan.get("upload")))
            async with asking(connection, self.device, self.plan.get("session")) as put:
                for step in ("prepare", "apply"):
                    self.began = step == "apply"
                    refused = await self._steps(put, self.plan.get(step) or [], wanted)
                    if refused:
                        return refused
        return None

    async def _steps(self, put: Ask, lines: list[str], text: str = "", again: bool = False) -> str | None:
        """Say the lines until one is refused; `again` those that may have been heard, and are refused for that."""
        for line in lines:
            answer = await put(self._filled(line, text))
            complaint = None if again else self.device.platform.complaint(answer)
            if complaint:
                return f"refused a step of the restore with {self.device.platform.masked(complaint.strip())[:120]!r}"
        return None

    def _filled(self, line: str, text: str = "") -> str:
        return line.format_map(Values(self.plan, self.device.undo_after, text, self.mark))

    async def _said(self, lines: list[str], again: bool = False) -> str | None:
        """Say the lines in a session of their own; return what was wrong."""
        try:
            return await asyncio.wait_for(self._say(lines, again), self.device.timeout)
        except (Problem, *self.lost):
            return _ENDED

    async def _say(self, lines: list[str], again: bool) -> str | None:
        roads, session = Roads(self.library), self.plan.get("session")
        async with roads.open(self.device) as connection, asking(connection, self.device, session) as put:
            return await self._steps(put, lines, again=again)

    async def _kept(self) -> str | None:
        """Tell the device to keep what it has; return what was wrong. What it may not have heard is said again."""
        told: str | None = None
        for attempt in range(3):
            told = await self._said(self.plan.get("confirm") or [], again=attempt > 0 and told == _ENDED)
            if told is None and not await self._pending():
                return None
            await asyncio.sleep(_BETWEEN)
        return told if told and told != _ENDED else "did not hear that it should keep the restored configuration"

    async def _cleared(self) -> None:
        """Take the texts away again: they hold passwords. A device that keeps them has its configuration all the same.

        SCP cannot remove a file.
        """
        paths = [self.plan[key] for key in ("path", "safety") if self.plan.get(key)]
        if paths and self.plan.get("upload") == "sftp":
            with suppress(Problem, *self.lost):
                await asyncio.wait_for(self._clear(paths), self.device.timeout)

    async def _clear(self, paths: list[str]) -> None:
        async with Roads(self.library).open(self.device) as connection:
            await take_away(connection, paths)

    async def _pending(self) -> bool:
        """Whether the device says that its timer still runs; one that does not tell has heard us."""
        asked = self.plan.get("pending")
        if not asked:
            return False
        try:
            answer = await asyncio.wait_for(self._ask(self._filled(asked["command"])), self.device.timeout)
        except (Problem, *self.lost):
            return False
        return any(re.search(asked["line"], line) for line in answer.split("\n"))

    async def _ask(self, line: str) -> str:
        async with Roads(self.library).open(self.device) as connection, asking(connection, self.device) as put:
            return await put(line)

    async def _fetched(self) -> str:
        try:
            return await asyncio.wait_for(self._fetch(), self.device.timeout)
        except self.lost as error:
            raise explained(self.library, self.device, error) from error

    async def _fetch(self) -> str:
        async with Roads(self.library).open(self.device) as connection, asking(connection, self.device) as put:
            self.key = self.key or _key(connection)
            return await configuration(self.device, put)

    async def _until(self, good: Callable[[str], bool], seconds: float | None = None) -> str | None:
        """Fetch until the text is good; return it, or None after the time in which the device must be back."""
        longest = max(self.device.undo_after, float(self.plan.get("restart") or 0)) + 2 * self.device.timeout
        end = time.monotonic() + (longest if seconds is None else seconds)
        while time.monotonic() < end:
            try:
                found = await self._fetched()
                if good(found):
                    return found
            except Problem:  # a device that restarts, or whose line is cut, does not answer for a while
                self.cut = True
            await asyncio.sleep(_BETWEEN)
        return None

    async def _gone_back(self, found: str | None) -> bool:
        """Have the former configuration back, at our word or by the timer; False when the new one stays all the same.

        Raise a `Problem` when the device has neither in the end.
        """
        if found is not None and not self._same(found, self.before):
            if self.plan.get("undo"):
                await self._said(self.plan["undo"])
            else:
                await self._applied(self.before)
        if await self._until(lambda text: self._same(text, self.before)) is not None:
            return True
        last = await self._until(lambda _text: True)
        if last is not None and self._same(last, self.text):
            return False
        raise Problem(
            f"{self.device.place} has neither the restored configuration nor its former one, or cannot be reached.",
            "Go to the device; the safety copy in the store holds the former configuration.",
        )

    def _same(self, one: str, other: str) -> bool:
        return self.device.platform.content(one) == self.device.platform.content(other)


def _key(connection: Any) -> bytes | None:
    """The key the device has shown; Telnet has none."""
    shown = getattr(connection, "get_server_host_key", lambda: None)()
    return bytes(shown.public_data) if shown else None
