"""What `point` and `status` share: the ledger's evidence, and evidence of no case written to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sopwrap.ledger import Ledger
    from sopwrap.points import Point
    from sopwrap.records import Evidence


def known_points(ledger: Ledger) -> list[Point]:
    """Every recovery point the ledger's evidence tells of, the newest first."""
    from sopwrap.points import points
    from sopwrap.records import evidence

    return points(
        evidence(entry.data["record"], f"line {entry.seq} of the ledger") for entry in ledger.of_kind("evidence")
    )


def keep_evidence(ledger: Ledger, records: Sequence[Evidence]) -> None:
    """Append records of work that belongs to no case."""
    from sopwrap.ledger import Draft

    drafts = [Draft("evidence", {"record": one.as_dict(), "origin": "run", "file_sha256": None}) for one in records]
    ledger.append(None, drafts)
