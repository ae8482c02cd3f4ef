# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Take the parts of an application that is at rest, and let it go on as soon as that changes nothing any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Capture, Content, Part
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import Member, together


@dataclass
class Taking:
    """One application on its way into a store. `stack` holds the captures open, and closing `rest` ends its rest.

    `woke` is when that was (monotonic). The parts are asked for in one thread and the content in another one.
    """

    members: list[Member]
    stack: ExitStack
    rest: ExitStack
    woke: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=lambda: {"parts": {}})
    tools: dict[str, str] = field(default_factory=dict)
    _captures: dict[str, Capture] = field(default_factory=dict)
    _hashed: threading.Event = field(default_factory=threading.Event)
    _opened: threading.Event = field(default_factory=threading.Event)
    _whole: bool = False

    def __post_init__(self) -> None:
        self.stack.callback(self._opened.set)
        self._open(lasting=False)

    def parts(self) -> Iterator[Part]:
        """Give what changes with the next write; when that is hashed, too, open the snapshots and let it write."""
        yield from self._parts(lasting=False)
        self._hashed.wait()
        if not self._whole:
            return  # what was wrong comes with the content
        self._open(lasting=True)
        for member in self._of(lasting=True):
            self._captures[member.name].settle()
        self.rest.close()
        self.woke = time.monotonic()
        self._opened.set()
        yield from self._parts(lasting=True)

    def content(self) -> Content:
        """Take the fingerprints of all parts, in the same order."""
        try:
            found = self._contents(lasting=False)
            self._whole = True
        finally:
            self._hashed.set()
        self._opened.wait()
        return together({**found, **self._contents(lasting=True)})

    def _of(self, lasting: bool) -> list[Member]:
        return [member for member in self.members if member.kind.lasting == lasting]

    def _open(self, lasting: bool) -> None:
        for member in self._of(lasting):
            capture = self.stack.enter_context(member.kind.capture(member.asset))
            self._captures[member.name] = capture
            self.tools.update(capture.tools)
            known = {"kind": member.kind.name, "facts": capture.facts, "extras": capture.extras}
            self.extras["parts"][member.name] = known

    def _parts(self, lasting: bool) -> Iterator[Part]:
        for member in self._of(lasting):
            for part in self._captures[member.name].parts:
                yield replace(part, name=f"{member.name}.{part.name}")

    def _contents(self, lasting: bool) -> dict[str, Content]:
        found = {member.name: self._captures[member.name].content() for member in self._of(lasting)}
        for name, content in found.items():
            known = {"digest": content.digest, "count": content.count, "rows": content.rows, "rules": content.rules}
            self.extras["parts"][name]["content"] = known
        return found
