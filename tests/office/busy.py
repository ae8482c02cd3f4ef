"""A device that somebody works on: while it shows its configuration, another one is committed half way through."""

from __future__ import annotations

import re

from tests.office.stateful import Box

_SHOWS = re.compile(r"show (?:running-config|configuration(?: \| display omit| all \| cat)?)")
_LAST = {
    "ios": ("show running-config | include Last configuration change", "! Last configuration change at {} by siti\n"),
    "junos": ("show system commit", "0   {} by siti via cli\n1   kemarin by siti via cli\n"),
}


class Busy(Box):
    """`commits` are the texts that are committed, one during each reading."""

    commits: list[str]
    readings = 0

    def _answer(self, line: str) -> str:
        command, told = _LAST[self.platform]
        last = told.format(f"pukul 10.00.{len(self.commits):02}")
        if line == command:
            return last
        if not _SHOWS.fullmatch(line):
            return super()._answer(line)
        self.readings += 1
        head, before = last if self.platform == "ios" else "", self.running
        if self.commits:
            self.running = self.commits.pop(0)
        both = [text.splitlines(keepends=True) for text in (before, self.running)]
        half = len(both[0]) // 2
        return head + "".join([*both[0][:half], *both[1][half:]])
