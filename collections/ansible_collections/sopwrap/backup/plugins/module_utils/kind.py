# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of thing says about itself so that the common life cycle can back it up, prove it and bring it back.

A kind (PostgreSQL, files, a device's configuration, ...) is one class that implements `Kind`. Everything that is the
same for all kinds (stores, recovery points, manifests, copies, evidence, cleaning up) is in `point.py` and calls it.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, as_they_are

Asset = dict
"""One entry of `sopwrap_assets` as the inventory holds it: `asset["id"]`, `asset["source"]`, ..."""


class Problem(Exception):
    """Something an operator has to know, in his words.

    `message` is one sentence (what, where), `hint` says what to do next. `refused` means that nothing was tried
    because a rule forbids it (a target that is not fresh, the wrong medium); otherwise the attempt failed.
    Neither text may hold a secret.
    """

    def __init__(self, message: str, hint: str | None = None, refused: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.refused = refused


@dataclass(frozen=True)
class Part:
    """A piece of a recovery point; its name is unique within the point and is a plain file name."""

    name: str


@dataclass(frozen=True)
class Stream(Part):
    """A part that is read once from beginning to end, of any size, and never lands on a disk.

    `open()` gives a context manager around a binary file to read. Leaving it without an exception must raise a
    `Problem` when the producer did not finish well; leaving it with one must end the producer.
    `process.reading(argv, ...)` is exactly that for a program's standard output.
    """

    open: Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True)
class Tree(Part):
    """A part made of files and folders that exist on the host: absolute paths, and restic's exclude patterns."""

    paths: list[str]
    exclude: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Blob(Part):
    """A small part that is already in memory. The blobs of all assets of one call are stored together."""

    data: bytes


@dataclass(frozen=True)
class Content:
    """The fingerprint of what an asset holds: what a restore is compared with.

    `items` are dictionaries with the keys `name`, `count` (rows, bytes, lines; or null) and `digest`. Their order does
    not matter. `digest` is a SHA-256 over all items, `count` is how many things a person would count (tables, files),
    `rows` how many rows all tables have together (null where there are no tables). `rules` numbers the rules by which a
    kind takes it: another number wherever the same content would get another digest.
    A kind with very many items may leave `items` empty in what it stores, see `brief`.
    """

    digest: str
    count: int
    items: list[dict[str, Any]] = field(default_factory=list)
    rows: int | None = None
    rules: int = 1

    @classmethod
    def of(
        cls, items: list[dict[str, Any]], count: int | None = None, rows: int | None = None, rules: int = 1
    ) -> Content:
        """Build a fingerprint from items; `count` is the number of items unless it is given."""
        lines = sorted(json.dumps(item, sort_keys=True, ensure_ascii=True, separators=(",", ":")) for item in items)
        digest = hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()
        ordered = sorted(items, key=lambda item: str(item["name"]))
        things = len(items) if count is None else count
        return cls(digest=digest, count=things, items=ordered, rows=rows, rules=rules)

    def part(self, names: Callable[[str], bool]) -> Content:
        """The fingerprint of those items alone whose name is one of these; `rows` are not counted anew."""
        chosen = [item for item in self.items if names(str(item["name"]))]
        return Content.of(chosen, rules=self.rules)

    def brief(self) -> Content:
        """The same fingerprint without its items, for a manifest that would grow too large with them."""
        return Content(digest=self.digest, count=self.count, rows=self.rows, rules=self.rules)

    def difference(self, other: Content) -> str | None:
        """Say in one clause what `other` has otherwise than this one, or None when both are equal.

        Raise a `Problem` when that cannot be told, because they were taken by different rules.
        """
        if self.digest == other.digest:
            return None
        if self.rules != other.rules:
            raise Problem(
                f"The content cannot be compared: its fingerprint was taken by rules {self.rules} at the backup, and "
                f"this version of sopwrap.backup knows rules {other.rules}.",
                "Use the version that made the point, or a newer point.",
            )
        ours = {item["name"]: item for item in self.items}
        theirs = {item["name"]: item for item in other.items}
        if not ours or not theirs:
            return f"the content is {other.digest[:12]} instead of {self.digest[:12]}"
        clauses = [
            _names("missing", [name for name in ours if name not in theirs]),
            _names("unexpected", [name for name in theirs if name not in ours]),
            _names("different", [name for name in ours if name in theirs and ours[name] != theirs[name]]),
        ]
        return "; ".join(clause for clause in clauses if clause) or "the items are counted otherwise"


def printable(name: str) -> str:
    """Write a name for a sentence: control characters, and bytes that are no UTF-8, as escapes."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def _names(word: str, names: list[str]) -> str:
    shown = ", ".join(printable(name) for name in sorted(names)[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"{word}: {shown}{more}" if names else ""


@dataclass(frozen=True)
class Capture:
    """One consistent view of an asset, valid until the context manager that gave it is left.

    `parts` are stored in their order, each when it is asked for. `content` is called once, in a thread of its own,
    while the parts are being stored, and must look at the same state as the parts do; leaving the context ends it.
    `facts` are public and become the manifest's `source`; `extras` are the kind's own (small, no secrets) and become
    the manifest's `extras`; `tools` maps program to version, the one that read the asset first. `warnings` are words
    of `evidence.WARNINGS` about how it was taken, which the papers put into sentences. `settle` waits until nothing
    that others write changes the view any more: whoever kept them from writing calls it before they may go on.
    """

    parts: Iterable[Part]
    content: Callable[[], Content]
    facts: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    settle: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Tried:
    """What came of trying what was restored, in a clause; `proven` is false where it says why nothing was tried."""

    words: str
    proven: bool = True


class StoredPoint(Protocol):
    """A recovery point in a store, as a kind sees it when it verifies or restores."""

    id: str
    manifest: dict[str, Any]

    def content(self) -> Content:
        """The fingerprint that was taken at the time of the backup."""

    def open(self, part: str) -> AbstractContextManager[BinaryIO]:
        """Read one part back: a stream or blob as its bytes, a tree as a tar archive (absolute paths without `/`).

        Leaving the context without an exception reads the rest and raises a `Problem` when the store could not
        deliver all of it or when the bytes are not those that were stored (SHA-256).
        """

    def extract(self, part: str, into: str, only: Sequence[str] = ()) -> None:
        """Put a tree's files below the folder `into` (which must be fresh), each with its whole former path.

        Where `only` names paths (absolute, as they were stored), only these and what is below them.
        """


class Kind(ABC):
    """The adapter of one kind. One object serves all assets of one module call.

    Every method may raise `Problem`; any other exception is a programming error and is reported as such.
    """

    name: str
    """The role's name, which is also the asset's `kind` and the module's name."""

    lasting = True
    """Whether a capture keeps showing its one moment while others write on; trees of files do not."""

    def prepare(self, assets: list[Asset]) -> None:
        """Called once before the first capture of a call, with all assets; for kinds that fetch many at once.

        A failure that concerns one asset is kept and raised by that asset's `capture`.
        """
        return

    @abstractmethod
    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Look whether the asset can be captured and change nothing.

        Return public facts; `size_bytes` (an estimate) if it is cheap to know.
        """

    def estimate(self, asset: Asset, facts: dict[str, Any]) -> int | None:
        """Return how many bytes the asset holds now, as near as is known without reading it all; `facts` of preflight.

        It may take as long as looking at every file, so it is asked for in plans, and where room could be short.
        """
        size = facts.get("size_bytes")
        return None if size is None else int(size)

    def trees(self, asset: Asset, facts: dict[str, Any]) -> list[Tree]:
        """The trees among the parts of a capture; `facts` of preflight."""
        return []

    @abstractmethod
    def capture(self, asset: Asset) -> AbstractContextManager[Capture]:
        """Give a consistent view of the asset; leaving the context releases it."""

    def make_ready(self, assets: list[str]) -> None:
        """Called beside the committing of points: what `keep` can do before they are there. It writes nothing."""
        return

    def keep(self, points: dict[str, str], case: dict[str, Any]) -> dict[str, str]:
        """Called once after the points of a call were committed (asset id → point id), for what is kept beside stores.

        `case` has the keys `case` and `step`. What is returned for an asset is added to the sentence of its record.
        """
        return {}

    @abstractmethod
    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let the kind's own reader look at a stored part: return what was proven in one clause, or None.

        The stream is what `stored.open(part)` gives. It need not be read to its end; the caller reads the rest and
        compares the SHA-256. For trees there is no such number, so the kind compares the archive's files with the
        fingerprint.
        """

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse a target that `restore` would refuse, and change nothing; called in check mode, too."""
        return

    @abstractmethod
    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Bring the point back into a fresh place; `Problem(refused=True)` when the place is not fresh.

        What a failed attempt has made is removed again.
        """

    def caveat(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> str | None:
        """Say before a restore into this target, in sentences, what it will have otherwise than the point has it."""
        return None

    def wanted(self, stored: StoredPoint, target: dict[str, Any]) -> Content:
        """What a restore into this target has to hold: all of the point, unless the target may ask for less."""
        return stored.content()

    def otherwise(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> str | None:
        """Say in check mode what the asset has otherwise at present than this point, where that is worth knowing."""
        return None

    @abstractmethod
    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of what was restored into `target`, by the same rules as at the backup."""

    def trial(self, asset: Asset, target: dict[str, Any]) -> Tried | None:
        """Try what was restored into `target` in the software, or on a spare of the device, it is for.

        None where a kind has nothing to try, which is the default; `Problem` where it does not work.
        """
        return None

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """How a person restores the exported files of such a point without this program (see `by_hand`)."""
        return as_they_are(manifest["parts"])
