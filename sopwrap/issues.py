"""What a case keeps of its papers that left to be signed: which PDF was issued, and which came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Issuance:
    """A paper as it was given out to be signed: the PDF's SHA-256 (hex) and size, and ``state``, the case's digest
    it was made from."""

    at: datetime
    document: str
    sha256: str
    size: int
    state: str
    stated_by: str


@dataclass(frozen=True)
class SignedPaper:
    """A signed PDF that begins with an issued one (``issued`` is its SHA-256); ``seals`` as in sopwrap.pades."""

    at: datetime
    document: str
    issued: str
    sha256: str
    size: int
    seals: tuple[dict[str, Any], ...]
    stated_by: str
