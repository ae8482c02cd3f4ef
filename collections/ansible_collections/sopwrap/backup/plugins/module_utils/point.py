# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recovery point: how it is named, what its manifest says, and how its parts are read back."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import time
from calendar import timegm
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.ahead import Ahead
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Trace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Capture,
    Content,
    Part,
    Problem,
    Stream,
    Tree,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry
from ansible_collections.sopwrap.backup.plugins.module_utils.process import CHUNK
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Stored
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store

_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass
class Draft:
    """A point that is being made. It becomes one when its manifest is stored."""

    trace: Trace
    id: str = ""
    created_at: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    snapshots: list[str] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    added: int = 0
    content: Content = field(default_factory=lambda: Content("", 0))
    capture: Capture = field(default_factory=lambda: Capture([], lambda: Content("", 0)))
    facts: dict[str, Any] = field(default_factory=dict)
    after: str = ""
    odd_clock: str = ""
    left_out: dict[str, str] = field(default_factory=dict)
    ahead: Ahead | None = None

    def __post_init__(self) -> None:
        """Name the point. `after` is the stamp of the newest there is: under a clock set back, it is counted on from
        there, so that the newest point stays the one that was made last.
        """
        now = time.time()
        stamp = time.strftime(_STAMP, time.gmtime(now))
        if stamp < self.after:
            self.odd_clock = f"The clock of {self.host} is behind its newest point ({self.after}): set it right."
            stamp = time.strftime(_STAMP, time.gmtime(timegm(time.strptime(self.after, _STAMP)) + 1))
        self.id = f"{self.trace.asset['id']}.{stamp}.{secrets.token_hex(3)}"
        self.created_at = utc_stamp(now)

    @property
    def host(self) -> str:
        """The inventory name of the host whose asset it is."""
        return str(self.trace.asset.get("host") or self.trace.job.host)

    @property
    def fingerprint(self) -> str:
        """The digest of the content, once it is known."""
        return self.content.digest

    @property
    def size(self) -> int:
        """The bytes of all parts."""
        return sum(part["size_bytes"] for part in self.parts)

    @property
    def warnings(self) -> list[str]:
        """What has to be known of how it was taken, whatever its kind (`evidence.WARNINGS`)."""
        return ["store_left_out"] if self.left_out else []

    def remarks(self) -> list[str]:
        """Sentences about how it was taken; `left_out` has where a store lies in what was backed up, and which."""
        return [*own_folders.sentences(self.left_out, "was"), *filter(None, [self.odd_clock])]

    def known(self) -> dict[str, Any]:
        """What the records of this point's backup and copies say of it; a SHA-256 only where it is one stream."""
        return {
            "size_bytes": self.size,
            "sha256": self.parts[0]["sha256"] if len(self.parts) == 1 else None,
            "fingerprint": self.content.digest,
            "items": self.content.count,
            "rows": self.content.rows,
        }

    def tags(self, role: str) -> list[str]:
        """The tags a snapshot of this point carries beside `sopwrap`."""
        purpose = self.trace.asset.get("purpose")
        known = [f"point:{self.id}", f"asset:{self.trace.asset['id']}", f"host:{self.host}", f"role:{role}"]
        return known + ([f"purpose:{purpose}"] if purpose else [])

    def path(self, part: Part) -> str:
        """Where a stream or blob lies within its snapshot."""
        return f"/{self.trace.asset['id']}/{part.name}"

    def add(self, part: Part, stored: Stored) -> None:
        """Note a part that has been stored."""
        known: dict[str, Any] = {"name": part.name, "form": type(part).__name__.lower()}
        if isinstance(part, Tree):
            known.update(path="/", paths=part.paths, exclude=part.exclude)
        else:
            known.update(path=self.path(part))
        self.parts.append({**known, "size_bytes": stored.size, "sha256": stored.sha256})
        if isinstance(part, (Stream, Tree)):
            self.snapshots.append(stored.snapshot)
            self.added += stored.added

    def manifest(self, tools: dict[str, str]) -> dict[str, Any]:
        """Everything a store must know of the point to verify and restore it without us."""
        asset, case = self.trace.asset, self.trace.job.case
        return {
            "schema": "sopwrap.manifest/1",
            "point": self.id,
            "asset": asset["id"],
            "title": asset.get("title"),
            "kind": asset["kind"],
            "purpose": asset.get("purpose"),
            "host": self.host,
            "created_at": self.created_at,
            "tools": {**self.capture.tools, **tools},
            "parts": self.parts,
            "content": asdict(self.content),
            "source": {**self.facts, **self.capture.facts},
            "extras": self.capture.extras,
            "case": case.get("case"),
            "step": case.get("step"),
        }


class Recovered:
    """A point in a store, for a kind to read (the protocol `StoredPoint`)."""

    def __init__(self, store: Store, entry: Entry) -> None:
        self.store = store
        self.entry = entry
        self.id = entry.id
        self.manifest = store.manifest(entry)

    def content(self) -> Content:
        """The fingerprint that was taken at the time of the backup."""
        return Content(**self.manifest["content"])

    def part(self, name: str) -> dict[str, Any]:
        """What the manifest says of a part."""
        for part in self.manifest["parts"]:
            if part["name"] == name:
                return dict(part)
        raise Problem(f"The point {self.id} has no part {name}.", "It was made by another version; use another point.")

    @contextmanager
    def open(self, part: str) -> Iterator[BinaryIO]:
        """Read one part back; at the end of the block the rest is read and the SHA-256 compared."""
        known = self.part(part)
        archive = known["form"] == "tree"
        with self.store.gathered.dump(self._snapshot(part), known["path"], archive=archive) as raw:
            stream = _Watched(raw)
            reader = io.BufferedReader(stream, CHUNK)  # without it a reader of lines would ask for every single byte
            yield reader
            while reader.read(CHUNK):
                continue
        if known["sha256"] is not None and stream.digest.hexdigest() != known["sha256"]:
            raise Problem(
                f"The part {part} of {self.id} in {self.store.name} is not what was stored (SHA-256 differs).",
                "Use another point, and check the medium.",
            )

    def extract(self, part: str, into: str, only: Sequence[str] = ()) -> None:
        """Put a tree's files (or only these paths) below the folder `into`, each with its whole former path."""
        os.makedirs(into, exist_ok=True)
        self.store.restic.restore(self._snapshot(part), into, only)

    def _snapshot(self, part: str) -> str:
        snapshot = self.entry.part(part)
        if snapshot is None:
            raise Problem(
                f"The part {part} of {self.id} is missing in the store {self.store.name}.",
                "Use another point or store.",
            )
        return str(snapshot["id"])


class _Watched(io.RawIOBase):
    """Hashes what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = int(self._source.readinto(buffer))  # type: ignore[attr-defined]
        self.digest.update(memoryview(buffer)[:count])
        return count
