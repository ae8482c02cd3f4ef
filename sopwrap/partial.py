"""Smaller things a case holds: a hold, a hand-over, an attachment, something looked up, a paper's official number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sopwrap.case import Actor


@dataclass(frozen=True)
class Handover:
    """One lane of a step of several has done its part and passed it on; ``form`` is what was stated with it."""

    at: datetime
    actor: Actor | None
    method: Literal["signed", "stated"]
    stated_by: str | None = None
    letter: str | None = None
    note: str = ""
    form: dict[str, dict[str, Any]] = field(default_factory=dict)
    exception: str = ""
    digest: str | None = None


@dataclass(frozen=True)
class LookedUp:
    """What was looked up for a person or the machine to go by (docs/reference/ledger.md lists the ``facts``).

    ``ok`` is false where something speaks against going on; ``text`` says it in English, papers word the facts.
    """

    at: datetime
    step: str
    lookup: str
    ok: bool
    text: str
    facts: dict[str, Any]
    line: int


@dataclass(frozen=True)
class Issued:
    """An official number a person entered for a document; until then the paper says "Nomor: ……"."""

    document: str
    number: str
    dated: str | None = None


@dataclass(frozen=True)
class Hold:
    """A failed machine step that waits for a person: what failed, and what was decided (None = still open)."""

    at: datetime
    message: str
    assets: tuple[str, ...]
    choice: Literal["retry", "continue", "stop"] | None = None
    reason: str = ""
    by: Actor | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Attachment:
    """A file a person laid beside the case (a scanned letter); the ledger keeps its SHA-256, not the file."""

    at: datetime
    name: str
    sha256: str
    size: int
    note: str
    stated_by: str


@dataclass(frozen=True)
class IssuedPermit:
    """A permit as it was issued: its whole text (sopwrap.permits), and who had it issued."""

    at: datetime
    number: str
    text: str
    stated_by: str


@dataclass(frozen=True)
class EmergencyNote:
    """A restore that two people permitted in an emergency; every report of the year after it says so."""

    number: str
    at: datetime
    asset: str
    first: str
    second: str
    reason: str
