"""An SOP by itself, for the paper that says what is to be done and not what was done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from sopwrap.chain import canonical
from sopwrap.sop import Sop

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SopView:
    """What a paper is made of where there is no case; the same SOP gives the same bytes, whatever the day."""

    sop: Sop
    office: dict[str, Any] = field(default_factory=dict)
    demo: bool = False

    @property
    def id(self) -> str:
        """The SOP's id."""
        return self.sop.id

    @property
    def digest(self) -> str:
        """SHA-256 over the SOP's content (not over its file: a comment changes nothing)."""
        return hashlib.sha256(canonical(self.sop.model_dump(mode="json")).encode()).hexdigest()

    @property
    def changed_at(self) -> datetime:
        """The start of the newest day the SOP is dated, in UTC; the epoch where it bears no date."""
        days = [day for day in self.sop.identity.dates.model_dump().values() if day]
        return datetime.combine(max(days), time(), UTC) if days else UNDATED
