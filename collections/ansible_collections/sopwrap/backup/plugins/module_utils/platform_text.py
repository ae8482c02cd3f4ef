# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a platform's data says about its configurations: whole or cut off, whose, what of it is noise or secret."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.json_text import lines_of
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import Rule, Shape, shape

MASK = "<secret hidden>"

_LINES = 65536
"""How many lines are remembered: most lines of one device are lines of the next one, too."""

_BEGINNING = re.compile(r"\^|\\b|")

_EVERYWHERE = (
    Rule(re.compile(r"://[^\s/:@\"']*:([^\s/@\"']+)@")),
    Rule(re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"), re.compile(r"-----END (?:[A-Z]+ )*PRIVATE KEY-----")),
)
"""What is a secret on every platform: the password within an address, a private key."""

_KIND = re.compile(
    r"(?:(?:encrypted|clear|plain|cipher|simple|hex|ascii|text|password6?|md5|sha\d*|hmac-\S+|\d{1,2}) +)+[^\s;]+"
)
"""What may stand before a secret and tell how it is written, with the secret."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')

_LINE_END = re.compile(r"\r+\n")

_FLAGS = re.compile(r"\(\?([aimsux]+)\)")


class Platform:
    """One platform: its data as `shape`, and what follows from it for a text. Expressions look at single lines."""

    def __init__(self, made: Shape) -> None:
        self.shape = made
        self.name = made.name
        self._noise = _Rules(made.noise)
        self._secrets = _Rules([*made.secrets, *_EVERYWHERE])
        self._errors = _any(made.errors, re.MULTILINE)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Platform:
        """Read a platform from its data; raise a `Problem` that names the key that is wrong."""
        return cls(shape(data))

    def but(self, noise: list[str]) -> Platform:
        """The same platform with more that changes by itself."""
        more = [Rule(re.compile(line)) for line in noise]
        return Platform(replace(self.shape, noise=[*self.shape.noise, *more]))

    def recognises(self, answer: str) -> bool:
        """Whether a configuration begins somewhere in an answer."""
        begin = self.shape.begin
        if begin is None:
            told = answer.strip()
            return bool(told) and not self.complaint(told)
        return any(begin.search(line.rstrip("\r")) for line in answer.split("\n"))

    def complaint(self, text: str) -> str | None:
        """Return the first line with which the platform says that it did not understand, or would not."""
        found = self._errors.search(text) if self._errors else None
        return None if found is None else text[found.start() :].lstrip("\n").partition("\n")[0].rstrip("\r")

    def cut_out(self, answer: str, device: str) -> str:
        """Return the configuration in a device's answer, exactly as it can be given back to the device.

        Raise a `Problem` when there is none: the answer is empty or an error.
        """
        lines = _LINE_END.sub("\n", answer).split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        if not lines:
            raise no_backup(device, "answered with nothing", "Try the platform's command by hand")
        begin = self.shape.begin
        start = next((number for number, line in enumerate(lines) if begin is None or begin.search(line)), None)
        told = self.complaint("\n".join(lines if start is None else lines[start : start + 3]))
        if start is None or (begin is None and told):
            raise no_backup(
                device,
                f"did not answer with a configuration but with {self.masked(told or lines[0])[:120]!r}",
                "Check its platform and the rights of the user",
            )
        return "\n".join(lines[start:]) + "\n"

    def name_in(self, text: str) -> str | None:
        """Return the name a configuration gives its device."""
        return self.found(self.shape.hostname, text) if self.shape.hostname else None

    def facts_in(self, answers: dict[str | None, str]) -> dict[str, str]:
        """Return what the answers (command → text; null → the configuration) tell: model, serial, version, ..."""
        facts: dict[str, str] = {}
        for source in self.shape.facts:
            for key, looked_for in source.known.items():
                value = self.found(looked_for, answers.get(source.command, ""))
                if value and key not in facts:
                    facts[key] = value
        return facts

    def content(self, text: str) -> Content:
        """Return the fingerprint: the lines that mean something, in their order; it counts lines."""
        lines = [line.rstrip() for line in self.meaningful(text)]
        digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
        return Content.of([{"name": "configuration", "count": len(lines), "digest": digest}], count=len(lines))

    def meaningful(self, text: str) -> list[str]:
        """Return the lines that only a person changes; what changes by itself within a line is left out of it."""
        json = self.shape.form == "json"
        lines = lines_of(text, self.shape.identifiers) if json else self._unfolded(text.splitlines())
        return list(self._noise.applied(lines, ""))

    def masked(self, text: str) -> str:
        """Return a text with every secret replaced, for whoever may read it without being allowed to use it."""
        return "\n".join(self._secrets.applied(self._unfolded(text.split("\n")), MASK))

    def _unfolded(self, lines: list[str]) -> list[str]:
        """Put together what the platform has folded: a fold may be in the middle of a secret."""
        folded = self.shape.folded
        if folded is None or not any(map(folded.search, lines)):
            return lines
        found, waiting = [], ""
        for line in lines:
            part = waiting + (line.lstrip() if waiting else line)
            waiting = folded.sub("", part) if folded.search(part) else ""
            if not waiting:
                found.append(part)
        return [*found, waiting] if waiting else found

    def secrets_in(self, line: str) -> list[str]:
        """Return what the rules take for a secret in one line."""
        line = line.rstrip()
        if not self._secrets.concern(line):
            return []
        found = [rule.start.search(line) for rule in self.shape.secrets if rule.until is None]
        return [line[match.start(1) : _end(line, match)] for match in found if match]

    @staticmethod
    def found(looked_for: re.Pattern[str], text: str) -> str | None:
        """Return the group of an expression in the first line that it matches."""
        for line in text.splitlines():
            found = looked_for.search(line.rstrip())
            if found:
                return str(found.group(1)).strip()
        return None


class _Rules:
    """Rules that are applied line by line. One look tells for most lines that no rule is about them."""

    def __init__(self, rules: list[Rule]) -> None:
        self._blocks = [rule for rule in rules if rule.until is not None]
        self._single = [rule for rule in rules if rule.until is None]
        # One expression for each way to begin: Python finds such a one ten times as fast as a mixture of them.
        ways: dict[str, list[re.Pattern[str]]] = {}
        for rule in rules:
            ways.setdefault(_BEGINNING.match(rule.start.pattern)[0], []).append(rule.start)
        self._concerned = [expression for expression in map(_any, ways.values()) if expression]
        self.concern = functools.lru_cache(_LINES)(self._concern)
        """Whether some rule may be about a line."""

    def _concern(self, line: str) -> bool:
        for expression in self._concerned:  # noqa: SIM110 - any() takes twice as long, for each line of each device
            if expression.search(line):
                return True
        return False

    def applied(self, lines: list[str], instead: str) -> Iterator[str]:
        """Give each line with `instead` for what a rule is about; without it whole lines and blocks are left out."""
        until: re.Pattern[str] | None = None
        for whole in lines:
            line = whole.rstrip()  # some end each line with a blank
            if until is not None:
                until = None if until.search(line) else until
            elif not self.concern(line):
                yield whole
            else:
                block = next((rule for rule in self._blocks if rule.start.search(line)), None)
                if block is not None and block.until is not None:
                    until = None if block.until.search(line) else block.until
                    yield from [instead] if instead else []
                elif instead or not any(rule.whole and rule.start.search(line) for rule in self._single):
                    line = functools.reduce(lambda left, rule: _without(left, rule, instead), self._single, line)
                    yield line + whole[len(whole.rstrip()) :]


def _any(patterns: list[re.Pattern[str]], flags: int = 0) -> re.Pattern[str] | None:
    """One expression that finds what any of these finds; with re.MULTILINE it looks at all lines of a text."""
    if not patterns:
        return None
    return re.compile("|".join(map(_alone, patterns)), flags)


def _alone(pattern: re.Pattern[str]) -> str:
    """The expression as a part of another one, its flags for itself alone."""
    own = _FLAGS.match(pattern.pattern)
    return f"(?{own[1]}:{pattern.pattern[own.end() :]})" if own else f"(?:{pattern.pattern})"


def _without(line: str, rule: Rule, instead: str) -> str:
    """Replace what the rule's group holds, wherever it occurs in the line."""
    at = 0
    while not rule.whole and at <= len(line):
        found = rule.start.search(line, at)
        if found is None or found.start(1) < 0:
            break
        start, end = _span(line, found, instead) if instead else found.span(1)
        line = line[:start] + instead + line[end:]
        at = start + len(instead) + 1
    return line


def _span(line: str, found: re.Match[str], mask: str) -> tuple[int, int]:
    """Where a secret begins and ends, with what another rule has hidden of it before."""
    start, end = found.start(1), _end(line, found)
    hidden = line.rfind(mask, 0, end + len(mask) - 1)
    if hidden < 0 or hidden + len(mask) <= start:
        return start, end
    return min(start, hidden), max(end, hidden + len(mask))


def _end(line: str, found: re.Match[str]) -> int:
    """Where a secret ends: at its closing quotation mark; behind the next word where this one tells its kind only."""
    start, end = found.span(1)
    quoted = _QUOTED.match(line, start - 1) if start else None
    if quoted:
        return max(end, quoted.end() - 1)
    more = _KIND.match(line, start)
    return more.end() if more and line[end : end + 1] == " " else end


def no_backup(device: str, what: str, hint: str) -> Problem:
    """The sentence about a text that is refused."""
    return Problem(f"{device} {what}, which is no backup.", f"{hint}, then back up again.")
