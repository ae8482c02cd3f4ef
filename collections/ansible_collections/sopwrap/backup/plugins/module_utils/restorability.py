# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say of a configuration whether it could go back to its device: what makes that impossible, and what would be missing.

Everything about a platform comes from its data. What is here holds for all: how a text that was cut off, masked or
disturbed on its way looks.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import Since
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform, no_backup

Defect = tuple
"""What is wrong in a clause that follows the device's name, and what to do (both str)."""

_MARK = re.compile(
    r"<(?:secret|password|key)[ _-]?(?:hidden|removed|redacted|masked)>|<configuration removed>|"
    r"(?:^|[\s\"'=:])<(?:removed|redacted|hidden|masked|suppressed)>|"
    r"\[(?:redacted|removed|masked)\]|__(?:redacted|removed|masked|hidden)__|ACCESS-DENIED|FortinetPasswordMask",
    re.IGNORECASE,
)
"""What programs and devices write in the place of a secret; none of these can be a setting of a device."""

_VALUE = re.compile(
    r"[\"']?(?:[*•#?]{3,}|x{4,}|<[^<>]*>|[(*_-]*(?:hidden|removed|redacted|masked)[)*_-]*)[\"']?;?", re.IGNORECASE
)
"""A value of a secret that is none."""

_WORDS = ("xxxx", "hidden", "removed", "redacted", "masked", "passwordmask", "access-denied")
_DOTS = "*•#?"
_DOTTED = re.compile(f"[{_DOTS}]{{3}}")
_BRACKETS = re.compile(r"<[^<>\n]*>")
"""What every mark has something of, in small letters: most lines have nothing of it, and need no closer look."""

_RESIDUE = re.compile(
    r"^[ \t]*(?:-{2,} ?more ?(?:\([^)]*\) ?)?-{2,}|<-+ ?more ?-+>)|\x1b\[|[\x00\x07\x08]|"
    r"^(?:Connection (?:to \S+ )?(?:closed|reset|timed out)|.*: Broken pipe$|Session (?:timed out|terminated)|"
    r"Terminated$|Killed$|packet_write_wait: )",
    re.IGNORECASE | re.MULTILINE,
)
"""What the way to the device leaves in a text: the words of a pager, of a terminal, of a connection that ended."""

_TRACES = (*"\x1b\0\a\b", "more", "connection ", "broken pipe", "session ", "terminated", "killed", "packet_")
"""What every residue has something of, in small letters: looking for words costs a tenth of looking for expressions."""


def whole(platform: Platform, answer: str, device: str, hostname: str | None = None) -> str:
    """Return the configuration in an answer when it could go back; raise a `Problem` that says why it is no backup.

    `hostname` is the name the device is expected to have, if that is known.
    """
    text = platform.cut_out(answer, device)
    for what, hint in defects(platform, text, hostname):
        raise no_backup(device, what, hint)
    return text


def defects(platform: Platform, text: str, hostname: str | None = None) -> list[Defect]:
    """Return every reason why the text cannot go back, in words that follow the device's name."""
    found = [
        _masked(platform, text),
        _disturbed(platform, text),
        _cut_off(platform, text),
        _foreign(platform, text, hostname),
    ]
    return [defect for defect in found if defect is not None]


def _masked(platform: Platform, text: str) -> Defect | None:
    masks = platform.shape.masks
    if not masks and not _suspicious(text):
        return None
    for number, line in enumerate(text.split("\n"), 1):
        marked = any(mask.search(line) for mask in masks)
        if not marked and _suspicious(line) and not any(mark.search(line) for mark in platform.shape.absent):
            marked = _MARK.search(line) is not None or any(map(_VALUE.fullmatch, platform.secrets_in(line)))
        if marked:
            what = f"sent a configuration whose secrets are masked (line {number})"
            return what, "Log in as a user who may see secrets"
    return None


def _suspicious(text: str) -> bool:
    small = text.lower()
    if any(word in small for word in _WORDS) or _BRACKETS.search(text):
        return True
    return any(dot in text for dot in _DOTS) and _DOTTED.search(text) is not None


def _disturbed(platform: Platform, text: str) -> Defect | None:
    small = text.lower()
    found = _RESIDUE.search(text) if any(trace in small for trace in _TRACES) else None
    if found:
        number = text.count("\n", 0, found.start()) + 1
        return f"sent something that is no configuration in line {number}", "Run again"
    told = platform.complaint(text)
    if told is not None:
        return f"said within the configuration {platform.masked(told.strip())[:120]!r}", "Check the rights of the user"
    return None


def _cut_off(platform: Platform, text: str) -> Defect | None:
    lines = text.rstrip("\n").split("\n")
    shape = platform.shape
    cut = f"sent a configuration that is cut off after {len(lines)} lines", "Run again"
    if not text.endswith("\n") or lines[-1].rstrip().endswith("\\"):
        return cut
    if shape.begin and not shape.begin.search(lines[0]):
        return "sent a configuration whose beginning is missing", "Run again"
    if shape.end and not shape.end.search(lines[-1].rstrip()):
        return cut
    if shape.pairs:
        opens, closes = (sum(bool(pair.search(line)) for line in lines) for pair in shape.pairs)
        if opens != closes or not (opens or shape.open_end):
            return cut
    if shape.form == "xml":
        try:
            ElementTree.fromstring(text.encode("utf-8", "surrogateescape"))
        except ElementTree.ParseError:
            return cut
    return None


def _foreign(platform: Platform, text: str, hostname: str | None) -> Defect | None:
    found = platform.name_in(text)
    if not hostname or found == hostname:
        return None
    return (
        f"answered with the configuration of {found or 'a device without a name'} instead of {hostname}",
        "Correct its address or its hostname in the inventory",
    )


def missing(
    platform: Platform, text: str, version: str | None = None, known: str | None = None, has: str | None = None
) -> list[str]:
    """Return, in sentences, what a restore of this text alone would not bring back, or what the device would not take.

    `version` is the one of the software that wrote the text, `known` is what the device said of changes that had not
    been saved when it was asked, `has` is the version the device has at present, where that is known.
    """
    found = []
    for mark in platform.shape.absent:
        numbers = [number for number, line in enumerate(text.split("\n"), 1) if mark.search(line)]
        if numbers:
            found.append(f"A certificate, key or password is not in it (line {numbers[0]}); keep it elsewhere.")
            break
    found += _unknown(platform, text, has or version)
    if version and has and _number(version) > _number(has):
        found.append(f"It is of version {version}; the device has {has}, which is older and may not know all of it.")
    if known:
        found.append("The running configuration had not been saved on the device.")
    return found


def _unknown(platform: Platform, text: str, version: str | None) -> list[str]:
    """What this version does not know, each rule's first line."""
    found = []
    for since in platform.shape.versions if version else []:
        for number, line in enumerate(text.split("\n"), 1):
            if since.line.search(line) and not _knows(since, str(version)):
                found.append(f"Version {version} does not know the command in line {number}.")
                break
    return found


def _knows(since: Since, version: str) -> bool:
    number = _number(version)
    return not ((since.first and number < _number(since.first)) or (since.gone and number >= _number(since.gone)))


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)[:4]]
