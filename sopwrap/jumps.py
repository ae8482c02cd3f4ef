"""Sizes that jump: a backup that is half of the last accepted one, or ten times it, is looked at by a person first.

A dump can end well and hold nothing: the tables were emptied, the disk was mounted elsewhere, the wrong database was
named. Pure: what is weighed is the history of the asset, and what is compared with is the newest point whose size
nobody has to look at. The engine writes what is odd into the ledger beside the evidence; it holds the step like a
failure, and ``case decide … continue`` with a reason accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sopwrap.case import Case
from sopwrap.history import Backup, History
from sopwrap.records import Evidence
from sopwrap.size_rule import SizeRule
from sopwrap.words import size


@dataclass(frozen=True)
class Odd:
    """One point whose size a person has to look at; ``message`` is a clause that goes on from the asset's name."""

    asset: str
    point: str
    before: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The data of the ledger's line."""
        return {"asset": self.asset, "point": self.point, "before": self.before, "message": self.message}


Weigher = Callable[[Case, Sequence[Evidence]], list[Odd]]
"""``weigh(case, records)``: the backups among these whose size a person has to look at."""


def odd_sizes(
    records: Iterable[Evidence], history: History, case: str | None, rules: Mapping[str, SizeRule], usual: SizeRule
) -> list[Odd]:
    """Every backup among the records that has jumped; ``rules`` are those of single assets, ``usual`` holds else.

    Points of ``case`` are left out of the comparison: a retry is held against what was before it.
    """
    found = []
    for record in records:
        if record.action != "backup" or not record.succeeded or record.asset is None or record.point is None:
            continue
        before = history.accepted(record.asset, but=case)
        if before is not None and (why := jumped(record, before, rules.get(record.asset, usual))):
            found.append(Odd(record.asset, record.point, before.id, f"{why}, compared with {before.id}"))
    return found


def jumped(now: Evidence, before: Backup, rule: SizeRule) -> str:
    """What has jumped, in a clause; empty when nothing has."""
    for word, new, old in (("rows", now.rows, before.rows), ("items", now.items, before.items)):
        if new == 0 and old:
            return f"it has no {word} any more where there were {old:,}"
    had = before.rows if before.rows is not None and before.rows >= rule.least_rows else None
    if now.rows is not None and had is not None and now.rows <= had * rule.shrink:
        return f"it has only {now.rows:,} of {had:,} rows left"
    if now.size_bytes is None or before.size_bytes is None or max(now.size_bytes, before.size_bytes) < rule.least:
        return ""
    if now.size_bytes <= before.size_bytes * rule.shrink:
        return f"its size has shrunk from {size(before.size_bytes)} to {size(now.size_bytes)}"
    if now.size_bytes >= before.size_bytes * rule.grow:
        return f"its size has grown from {size(before.size_bytes)} to {size(now.size_bytes)}"
    return ""
