# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a platform's data file says about its configurations: whole or cut off, whose, what of it is noise or secret.

A platform is data, one YAML file (`roles/network_config/files/frr.yml` explains every key); nothing here names one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem


@dataclass(frozen=True)
class Platform:
    """One platform. All expressions are searched for in single lines without their line end.

    `commands` are tried in their order until one answers with a whole configuration, which goes from the line `begin`
    to the line `end`. `hostname` has one group, the device's name. Lines of `noise` change by themselves. `secrets`
    have one group each, the secret. `errors` are lines with which the platform says that it did not understand.
    """

    name: str
    commands: list[str]
    begin: re.Pattern[str]
    end: re.Pattern[str]
    hostname: re.Pattern[str] | None = None
    noise: list[re.Pattern[str]] = field(default_factory=list)
    secrets: list[re.Pattern[str]] = field(default_factory=list)
    errors: list[re.Pattern[str]] = field(default_factory=list)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Platform:
        """Read a platform from its data; raise a `Problem` that names the key that is wrong."""
        name = str(data.get("name"))
        single = {key: _expression(name, key, data.get(key)) for key in ("begin", "end", "hostname")}
        several = {
            key: [found for text in data.get(key) or [] if (found := _expression(name, key, text))]
            for key in ("noise", "secrets", "errors")
        }
        begin, end = single["begin"], single["end"]
        if not data.get("commands") or begin is None or end is None:
            raise Problem(
                f"The platform {name} lacks commands, begin or end.",
                "Without them nobody can tell a whole configuration from a part; add them to its file.",
                refused=True,
            )
        return cls(name, list(data["commands"]), begin, end, single["hostname"], **several)

    def recognises(self, answer: str) -> bool:
        """Whether a configuration begins somewhere in an answer."""
        return any(self.begin.search(line.rstrip("\r")) for line in answer.split("\n"))

    def whole(self, answer: str, device: str, hostname: str | None = None) -> str:
        """Return the configuration in a device's answer, exactly as it can be given back to the device.

        Raise a `Problem` when the answer is empty, an error, cut off, or another device's (`hostname` is the expected
        name, if it is known).
        """
        lines = answer.replace("\r\n", "\n").split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        if not lines:
            raise _no_backup(device, "answered with nothing", "Try the platform's command by hand")
        start = next((number for number, line in enumerate(lines) if self.begin.search(line)), None)
        if start is None:
            told = next((line for line in lines if any(error.search(line) for error in self.errors)), lines[0])
            raise _no_backup(
                device,
                f"did not answer with a configuration but with {self.masked(told)[:120]!r}",
                "Check its platform",
            )
        if not self.end.search(lines[-1]):
            raise _no_backup(device, f"sent a configuration that is cut off after {len(lines)} lines", "Run again")
        text = "\n".join(lines[start:]) + "\n"
        found = self.name_in(text)
        if hostname and found != hostname:
            raise _no_backup(
                device,
                f"answered with the configuration of {found or 'a device without a name'} instead of {hostname}",
                "Correct its address or its hostname in the inventory",
            )
        return text

    def name_in(self, text: str) -> str | None:
        """Return the name a configuration gives its device."""
        for line in text.splitlines():
            found = self.hostname.search(line) if self.hostname else None
            if found:
                return found.group(1)
        return None

    def content(self, text: str) -> Content:
        """Return the fingerprint: the lines that mean something, in their order; it counts lines."""
        lines = [line.rstrip() for line in text.splitlines() if not any(noise.search(line) for noise in self.noise)]
        digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
        return Content.of([{"name": "configuration", "count": len(lines), "digest": digest}], count=len(lines))

    def masked(self, text: str) -> str:
        """Return a text with every secret replaced, for whoever may read it without being allowed to use it."""
        return "\n".join(self._masked_line(line) for line in text.split("\n"))

    def _masked_line(self, line: str) -> str:
        for secret in self.secrets:
            found = secret.search(line)
            if found:
                line = line[: found.start(1)] + "<secret>" + line[found.end(1) :]
        return line


def _expression(platform: str, key: str, text: Any) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        found = re.compile(str(text))
    except re.error as error:
        raise Problem(
            f"The platform {platform} has an expression in {key} that cannot be read: {error}.",
            "Correct it in the platform's file.",
            refused=True,
        ) from error
    if key in ("hostname", "secrets") and found.groups != 1:
        raise Problem(
            f"The platform {platform} has an expression in {key} with {found.groups} groups instead of one.",
            "Correct it in the platform's file.",
            refused=True,
        )
    return found


def _no_backup(device: str, what: str, hint: str) -> Problem:
    return Problem(f"{device} {what}, which is no backup.", f"{hint}, then back up again.")
