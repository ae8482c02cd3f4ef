"""Histories of a few lines, told as the ledger tells them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sopwrap.history import History
from sopwrap.records import stamp
from tests.unit.sopwrap.small_office import record

NOW = datetime(2026, 5, 8, 1, 0, tzinfo=UTC)
ZONE = "Asia/Jakarta"


def told(history: History, action: str, days_ago: float, asset: str | None = "arsip", **more: Any) -> None:
    """One evidence line; a backup's point is named by its day unless ``point`` says otherwise."""
    at, case = NOW - timedelta(days=days_ago), more.pop("case", None)
    named = {"point": f"{asset}.{at:%Y%m%d}", "started_at": at, "finished_at": at + timedelta(seconds=5)}
    made = record(action, asset, **{"store": "internal", "placement": "internal", **named, **more})
    history.take("evidence", case, stamp(at), {"record": made.as_dict()})


def past(sizes: list[int], **more: Any) -> History:
    """An asset with a backup of each size, one a day, the last one today."""
    history = History(ZONE)
    for number, size in enumerate(sizes):
        told(history, "backup", len(sizes) - 1 - number, size_bytes=size, **more)
    return history
