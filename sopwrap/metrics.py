"""The overview as a Prometheus text file, for the textfile collector of node_exporter.

Moments are exported as timestamps and not as ages: a file that nobody renews still tells the truth, since
``time() - …`` goes on counting. docs/how-to/monitoring.md lists the names; docs/examples/prometheus has alert rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from sopwrap.copies import PARTS
from sopwrap.filing import put
from sopwrap.overview import growth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sopwrap.overview import AssetView, Overview, StoreView


class _Book:
    """Gauges by name, made when they are first set; a value that is not known leaves no line."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._gauges: dict[str, Gauge] = {}

    def put(self, name: str, says: str, labels: Mapping[str, str], value: float | datetime | timedelta | None) -> None:
        """Set one value; spans become seconds, moments seconds since 1970."""
        gauge = self._gauges.get(name)
        if gauge is None:
            gauge = self._gauges[name] = Gauge(f"sopwrap_{name}", says, list(labels), registry=self.registry)
        if value is None:
            return
        number = value if isinstance(value, int | float) else _seconds(value)
        (gauge.labels(**labels) if labels else gauge).set(number)


def _seconds(value: datetime | timedelta) -> float:
    return value.total_seconds() if hasattr(value, "total_seconds") else value.timestamp()


def registry_of(told: Overview) -> CollectorRegistry:
    """Every figure of the overview as gauges."""
    book = _Book()
    book.put("generated_timestamp_seconds", "When these figures were made.", {}, told.at)
    for asset in told.assets:
        _asset(book, asset)
    for store in told.stores:
        _store(book, store)
    for key in told.keys:
        book.put(
            "key_drill_due_timestamp_seconds",
            "When a key's shares are to be tried.",
            {"key": key.file},
            key.drill_due_at,
        )
    for state in ("open", "waiting", "held"):
        count = sum(one.next.state == state for one in told.cases)
        book.put("cases", "Cases that have not ended, by state.", {"state": state}, count)
    for case in told.cases:
        where = {"case": case.next.case, "step": case.next.step or ""}
        book.put("case_since_timestamp_seconds", "Since when an open case stands at its step.", where, case.since)
        book.put("case_late_steps", "Steps of an open case over the SOP's standard time.", where, case.late)
    return book.registry


def _asset(book: _Book, view: AssetView) -> None:
    asset, newest, past = view.asset, view.newest, view.past
    known = {"asset": asset.id, "host": asset.host, "kind": asset.kind, "owner": asset.owner}
    book.put("asset_info", "Every asset of the register, once.", known, 1)
    for name, says, value in (
        ("last_backup_timestamp_seconds", "When the newest point was begun.", newest.taken_at if newest else None),
        ("last_proof_timestamp_seconds", "When a point was last read back well.", view.standing.proven_at),
        ("backup_duration_seconds", "How long the newest backup took.", newest.seconds if newest else None),
        ("restore_duration_seconds", "How long the last restore took.", past.restore_seconds),
        ("size_bytes", "What the newest point protects.", newest.size_bytes if newest else None),
        ("stored_bytes", "What the store grew by for the newest point.", newest.stored_bytes if newest else None),
        ("growth_bytes_per_day", "Trend of the size.", growth(past.points)),
        ("rpo_seconds", "What may be lost at most, by the register.", view.standing.rpo),
        ("rto_seconds", "How long it may be away at most, by the register.", view.rto),
        ("failing", "1 while the last attempt failed.", int(view.failing)),
        ("size_odd", "1 while a person has to look at the size.", int(bool(newest and newest.odd))),
    ):
        book.put(f"asset_{name}", says, {"asset": asset.id}, value)
    for what in PARTS:
        where = {"asset": asset.id, "what": what}
        book.put("asset_rule_missing", "1 where 3-2-1-1-0 is not met.", where, int(what in view.copies.missing))


def _store(book: _Book, view: StoreView) -> None:
    where = {"store": view.past.name, "host": view.past.host, "medium": view.past.medium or ""}
    for name, says, value in (
        ("free_bytes", "Room left when it was last written.", view.free),
        ("measured_timestamp_seconds", "When the room was measured.", view.at),
        ("lost_bytes_per_day", "What it loses a day, by a straight line.", view.lost_a_day),
        ("full_timestamp_seconds", "When it is full if it goes on so.", view.full_at),
    ):
        book.put(f"store_{name}", says, where, value)


def text(told: Overview) -> str:
    """The figures in Prometheus' text format."""
    return generate_latest(registry_of(told)).decode()


def write(told: Overview, path: Path) -> None:
    """Write the figures into a file, whole or not at all (the collector may read it at any moment)."""
    put(path, text(told).encode(), "Name a file in a folder of yours.")
