# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to a device as a person at its console would: wait for the prompt, say a line, turn the pages, take the answer.

It works on any pair of asyncio-like streams of text, so that SSH and Telnet are the same to it.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import Question, Shape

FLOOD = 16_000_000
"""Characters of one answer after which a device is believed to go on for ever; large configurations have a tenth."""

_HEAD = 4000
_TAIL = 400
_SETTLE = 0.3
_GREETING = 0.03
_STALL = 1.0
_PATIENCE = 5
_IDLE = 5
_PROMPT = re.compile(r"^.{0,3}[^\s#>$%].{0,80}?[>#$%\]] ?$")
PASSWORD = re.compile(
    r"(?i)(?:pass ?word|pass ?code|passwd|sandi|passwort|kennwort|wachtwoord|mot de passe|contrase\u00f1a|clave|senha|"
    r"parola|has\u0142o|\u015fifre|m\u1eadt kh\u1ea9u|\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801|\u53e3\u4ee4|"
    r"\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638)[^\n:\uff1a]{0,40}[:\uff1a] ?$"
)
"""How devices ask for a password, in the languages that they are sold in."""

_DECORATION = " \t<>[]#$%(){}*~"
_COUNTER = re.compile(r"[.:]\d+$")
"""Some prompts count the commands."""
_STATE = re.compile(r"(?<=\w)(?:\) ?)?[*^]?[(\[{][^()\[\]{}]*$")
"""Some tell in brackets behind the name which of a pair the device is, or in which mode: that may change."""

_TEXT_END = re.compile(r"[\w;\"}>]$")
"""Directly before the prompt, in its line: a text whose last line has no end, or was cut off in the middle."""

_LINE_END = re.compile(r"\r+\n")
_LEFT = re.compile(r"\x1b\[(?:\d*D|[01]?G)")
_SCROLLED = re.compile(r"\x1b\[\d*L")
"""Some make room for a new line instead of ending the one before."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78cDEHM]|\][^\x07]*\x07)")


class Dropped(Exception):
    """The device ended the session before the answer was complete."""


def clean(text: str) -> str:
    """Return what a person would have seen of it: without the signs that steer a terminal or turn a page."""
    if "\x1b" in text:
        text = _ANSI.sub("", _SCROLLED.sub("\n", _LEFT.sub("\r", text)))
    text = text.replace("\x00", "").replace("\x07", "").replace("\r\n", "\n")
    if "\r" not in text and "\b" not in text:
        return text
    text = _LINE_END.sub("\n", text)
    return "\n".join(_overwritten(line) for line in text.split("\n"))


def _overwritten(line: str) -> str:
    line = line.rstrip("\r").rsplit("\r", 1)[-1]
    while "\b" in line:
        at = line.index("\b")
        line = line[: max(at - 1, 0)] + line[at + 1 :]
    return line


class _Heard:
    """What came in of one answer: all of it, and its beginning and end for those who look for something there."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.head = ""
        self.tail = ""
        self.size = 0
        self.turned = False
        self.idle = 0

    def add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.size += len(piece)
        self.idle = 0 if "\n" in piece else self.idle
        self.tail = (self.tail + piece)[-_TAIL:]
        if len(self.head) < _HEAD:
            self.head += piece[:_HEAD]

    @property
    def last_line(self) -> str:
        """The line the cursor is in, as a person sees it."""
        return clean(self.tail).rpartition("\n")[2]


class Shell:
    """A dialogue with one device. `secrets` are the passwords a question of the platform may ask for, by name.

    `renamed` are names that the prompt may have instead after a line that gives the device another configuration.
    """

    def __init__(
        self,
        reader: Any,
        writer: Any,
        shape: Shape,
        secrets: dict[str, str | None],
        renamed: tuple[str, ...] = (),
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._shape = shape
        self._secrets = secrets
        self._renamed = renamed
        self._stem = ""
        self._last_prompt = ""

    async def begin(self) -> None:
        """Wait for the first prompt, become a privileged user where that is wanted, switch paging off."""
        await self._answer("")
        if self._shape.enable and self._secrets.get("enable"):
            await self.say(self._shape.enable, Question(PASSWORD, "", "enable"))
            if self._last_prompt.rstrip().endswith(">"):
                raise Problem("It does not take the enable password.", "Correct enable in the asset's source.")
        for command in self._shape.setup or [""]:  # a greeting may look like a prompt; what follows a line is one
            await self.say(command)
        self._stem = _STATE.sub("", _COUNTER.sub("", self._last_prompt.strip(_DECORATION)))

    async def say(self, line: str, *more: Question) -> str:
        """Say one line and return the answer: without the line's echo, without the prompt that follows."""
        self._writer.write(line + self._shape.enter)
        return await self._answer(line, more)

    async def _answer(self, line: str, more: tuple[Question, ...] = ()) -> str:
        questions = [*more, *self._shape.answers]
        heard, quiet = _Heard(), 0
        while not self._complete(heard, line, quiet):
            piece = await self._read(_pause(line) if self._at_prompt(heard) else _STALL)
            quiet = quiet + 1 if piece is None else 0
            if piece is None:
                self._nudge(heard)
            else:
                heard.add(piece)
                self._respond(heard, piece, questions)
            if heard.size > FLOOD:
                raise Problem(f"It did not stop after {FLOOD // 1_000_000} million characters.", "Check the device.")
        return self._body("".join(heard.pieces), line)

    async def _read(self, seconds: float | None) -> str | None:
        """Read on; None when nothing came for so long."""
        try:
            piece = await asyncio.wait_for(self._reader.read(65536), seconds)
        except asyncio.TimeoutError:
            return None
        if not piece:
            raise Dropped
        return str(piece)

    def _complete(self, heard: _Heard, line: str, quiet: int) -> bool:
        """At once where the very prompt follows the echo; where it looks a little otherwise, after a pause.

        A configuration may hold a line that is the very prompt. So one whose end is not known is waited for as well,
        and longer where that end is still missing.
        """
        if not self._at_prompt(heard):
            return False
        if line in self._shape.commands and not self._ended(heard):
            return quiet >= (_PATIENCE if self._shape.end and self._begun(heard) else 1)
        return quiet > 0 or (_echoed(heard, line) and (not self._stem or heard.last_line == self._last_prompt))

    def _begun(self, heard: _Heard) -> bool:
        begin = self._shape.begin
        return begin is not None and any(map(begin.search, clean(heard.head).split("\n")))

    def _ended(self, heard: _Heard) -> bool:
        end, lines = self._shape.end, clean(heard.tail).rstrip().split("\n")[:-1]
        return end is not None and any(map(end.search, [line.rstrip() for line in lines if line.strip()][-1:]))

    def _at_prompt(self, heard: _Heard) -> bool:
        last = heard.last_line
        if not last.strip() or self._shape.pager.search(last):
            return False
        known = any(name in last for name in (self._stem, *self._renamed))
        return known and (self._shape.prompt or _PROMPT).search(last) is not None

    def _respond(self, heard: _Heard, piece: str, questions: list[Question]) -> None:
        """Turn a page, or answer a question the device asks in between."""
        last = heard.last_line
        page = self._shape.pager.search(last) is not None
        heard.turned = heard.turned and page and "\n" not in piece
        if not clean(piece).strip() or heard.turned:
            return
        question = next((question for question in questions if question.ask.search(last)), None)
        if question:
            told = self._secrets.get(question.secret) if question.secret else question.say
            self._writer.write((told or "") + self._shape.enter)
        elif page:
            self._writer.write(" ")
            heard.turned = True

    def _nudge(self, heard: _Heard) -> None:
        """Turn a page whose pager has wiped its words away before it was answered (Onyx does)."""
        words = re.sub("[\r\b]", "\n", _ANSI.sub("", heard.tail))
        if not self._at_prompt(heard) and self._shape.pager.search(words):
            heard.idle += 1
            if heard.idle > _IDLE:
                raise Problem(
                    "It asks for the next page again and again, and gives none.",
                    "Switch paging off by its platform's setup, or correct its pager.",
                )
            self._writer.write(" ")

    def _body(self, raw: str, line: str) -> str:
        """Take the echo of the line, the prompt and the pager's words away."""
        pager, text = self._shape.pager, clean(raw)
        lines = text.split("\n")
        if pager.search(text):
            lines = [part for part in lines if not (pager.search(part) and pager.fullmatch(part.strip()))]
        prompt = lines.pop()
        before = prompt.removesuffix(self._last_prompt) if self._stem else ""
        if before != prompt and _TEXT_END.search(before):
            lines.append(before)
        self._last_prompt = self._last_prompt if self._stem else prompt
        if line and lines and line.split("\n")[0].strip() in lines[0]:
            lines = lines[1:]
        return "\n".join(lines)


def _echoed(heard: _Heard, line: str) -> bool:
    said = line.split("\n")[0][:60]
    return bool(said) and (said in heard.head or ("\x1b" in heard.head and said in clean(heard.head)))


def _pause(line: str) -> float:
    """How long to wait at a prompt that may be none: the echo of what was said has not come."""
    return _SETTLE if line else _GREETING
