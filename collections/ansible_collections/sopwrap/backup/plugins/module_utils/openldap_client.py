# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenLDAP's own programs, which read and write a directory's files while its server runs or not, and their LDIF."""

from __future__ import annotations

import base64
import glob
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import (
    Child,
    Explain,
    ended_by,
    last_line,
    pump,
    reading,
    run,
)

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("no backend for", "its configuration has no such suffix", "Correct suffix in the asset's source."),
    ("config directory", "the configuration in {config} cannot be read", "Correct config in the asset's source."),
    ("ermission denied", "{text}", "Set become for the play."),
)

Entry = list
"""The lines of one entry of an LDIF, the one with its name first, none of them folded (bytes)."""


class Programs:
    """slapcat and slapadd for one suffix of one configuration folder (`slapd.d`)."""

    def __init__(self, suffix: str, config: str) -> None:
        self.suffix, self.config = suffix, config

    def dump(self, path: str) -> None:
        """Write all entries of the suffix, as of one moment, into a file."""
        with reading(self._slapcat("-b", self.suffix), self.explain("be read")) as stream, open(path, "xb") as sink:
            shutil.copyfileobj(stream, sink, 1024 * 1024)

    def dump_config(self) -> bytes:
        """The configuration: schemas, databases, rights."""
        return run(self._slapcat("-n", "0"), self.explain("have its configuration read"))

    def load_config(self, text: bytes) -> None:
        """Make the configuration folder, which has to be empty."""
        run(["slapadd", "-n", "0", "-F", self.config], self.explain("have its configuration made"), text)

    def load(self, stream: BinaryIO) -> None:
        """Make the entries of the suffix in its empty database."""
        argv = ["slapadd", "-q", "-F", self.config, "-b", self.suffix]
        with Child(argv, self.explain("be restored"), stdin=subprocess.PIPE) as child:
            pump(stream, child.stdin, lambda piece: None)
            child.finish()

    def explain(self, doing: str) -> Explain:
        """Make sentences of what the programs complain about."""

        def explain(status: int, complaints: str) -> Problem:
            name, text = f"The directory {self.suffix}", last_line(complaints)
            if status < 0:
                return Problem(f"{name} could not {doing}: the program was {ended_by(status)}.", "Run again.")
            for word, reason, hint in _SENTENCES:
                if word in complaints:
                    known = reason.format(text=text, config=self.config)
                    return Problem(f"{name} could not {doing}: {known}.", hint)
            return Problem(f"{name} could not {doing}: {text}.", "Look into the log of slapd.")

        return explain

    def _slapcat(self, *words: str) -> list[str]:
        return ["slapcat", "-o", "ldif-wrap=no", "-F", self.config, *words]


def entries(lines: Iterator[bytes]) -> Iterator[Entry]:
    """Give the entries of an LDIF whose lines are not folded."""
    entry: Entry = []
    for line in lines:
        if line.strip():
            entry.append(line.rstrip(b"\r\n"))
        elif entry:
            yield entry
            entry = []
    if entry:
        yield entry


def value(entry: Entry, attribute: str) -> str | None:
    """The first value of an attribute of an entry, or None."""
    for line in entry:
        name, _colon, rest = line.partition(b":")
        if name.decode("ascii", "replace").lower() == attribute.lower():
            plain = base64.b64decode(rest[1:].strip()) if rest.startswith(b":") else rest.strip()
            return str(plain.decode("utf-8", "surrogateescape"))
    return None


def database_of(config: str, suffix: str) -> Entry:
    """The entry of a configuration folder that holds the database of a suffix, read as a file.

    slapcat reads no configuration whose database has lost its folder.
    """
    for path in sorted(glob.glob(os.path.join(glob.escape(config), "cn=config", "olcDatabase=*.ldif"))):
        with open(path, "rb") as stream:
            entry = stream.read().replace(b"\n ", b"").splitlines()
        if _same(value(entry, "olcSuffix"), suffix):
            return entry
    raise Problem(
        f"The configuration in {config} has no database for {suffix}.",
        "Correct suffix or config in the asset's source.",
    )


def moved(config: bytes, suffix: str, folder: str) -> bytes:
    """The same configuration with the database of a suffix in another folder."""
    found = []
    for entry in entries(iter(config.splitlines())):
        if _same(value(entry, "olcSuffix"), suffix):
            entry = [line for line in entry if not line.lower().startswith(b"olcdbdirectory:")]
            entry.append(b"olcDbDirectory: " + folder.encode())
        found.append(b"\n".join(entry) + b"\n")
    return b"\n".join(found)


def fingerprint(path: str, config: bytes, suffix: str) -> Content:
    """The fingerprint of a directory: for each entry its name and all of its lines in any order, and its configuration.

    Everything counts, what the server keeps for itself (times, who changed it) too; but not where the database lies.
    """
    with open(path, "rb") as stream:
        items = [_item("", entry) for entry in entries(iter(stream))]
    count = len(items)
    items += [_item("config ", entry) for entry in entries(iter(moved(config, suffix, "").splitlines()))]
    return Content.of(items, count=count)


def _item(prefix: str, entry: Entry) -> dict[str, Any]:
    digest = hashlib.sha256(b"\n".join(sorted(entry))).hexdigest()
    return {"name": prefix + (value(entry, "dn") or "root"), "count": len(entry), "digest": digest}


def _same(one: str | None, other: str) -> bool:
    return one is not None and one.replace(" ", "").lower() == other.replace(" ", "").lower()
