# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence record: one object per automatic action, the contract between the collection and whoever reads it."""

from __future__ import annotations

import re
import time
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import Any

SCHEMA = "sopwrap.evidence/1"
ACTIONS = (
    "backup",
    "copy",
    "verify",
    "restore",
    "safety",
    "undo",
    "forget",
    "destroy",
    "rekey",
    "check_media",
    "export",
)
OUTCOMES = ("ok", "failed", "refused", "unchanged", "planned")
WARNINGS = ("unencrypted", "unsaved", "same_device", "store_left_out")
"""About how an asset was taken: over a line anybody on the way could read; from a device that has not saved it, or that
another asset's address leads to as well; without a store that lies in it."""

FIELDS = (
    "schema",
    "action",
    "asset",
    "kind",
    "host",
    "point",
    "case",
    "step",
    "started_at",
    "finished_at",
    "outcome",
    "tool",
    "store",
    "placement",
    "medium",
    "store_id",
    "size_bytes",
    "stored_bytes",
    "sha256",
    "fingerprint",
    "items",
    "rows",
    "free_bytes",
    "verify",
    "retention_until",
    "restore",
    "warnings",
    "message",
    "hint",
)
"""Every record has exactly these keys; one that does not apply is null."""

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def record(action: str, host: str, case: dict[str, Any], started_at: str, **known: Any) -> dict[str, Any]:
    """Return a complete record: what is `known`, null for the rest, finished now."""
    empty = dict.fromkeys(FIELDS)
    own = {"schema": SCHEMA, "action": action, "host": host, "case": case.get("case"), "step": case.get("step")}
    made = {**empty, **own, "started_at": started_at, "finished_at": utc_stamp(), **known}
    validate(made)
    return made


def validate(made: dict[str, Any]) -> None:
    """Raise ValueError when an object is not a record by the rules above."""
    wrong = sorted(set(made) ^ set(FIELDS))
    if wrong:
        raise ValueError(f"an evidence record has no key or an unknown key: {', '.join(wrong)}")
    if made["schema"] != SCHEMA or made["action"] not in ACTIONS or made["outcome"] not in OUTCOMES:
        raise ValueError("an evidence record has an unknown schema, action or outcome")
    if set(made["warnings"] or ()) - set(WARNINGS):
        raise ValueError("an evidence record has an unknown warning")
    for key in ("started_at", "finished_at"):
        if not _STAMP.fullmatch(made[key] or ""):
            raise ValueError(f"{key} of an evidence record is not UTC with microseconds: {made[key]}")
    if not made["message"] or not made["host"]:
        raise ValueError("an evidence record needs a message and a host")


def utc_stamp(seconds: float | None = None) -> str:
    """Return a time (default: now) as UTC ISO 8601 with microseconds and `Z`."""
    moment = time.time() if seconds is None else seconds
    whole = int(moment)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{int((moment - whole) * 1e6):06d}Z"


def later(stamp: str, duration: str | None) -> str | None:
    """Add an ISO 8601 duration such as P30D or P1Y6M to a time; None when there is no duration.

    Years and months keep the day of the month where that month has it, else its last day is taken.
    """
    if not duration:
        return None
    match = _DURATION.fullmatch(duration)
    if match is None or duration.endswith(("P", "T")):
        raise ValueError(f"{duration} is not an ISO 8601 duration such as P30D")
    years, months, weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups())
    start = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    year, month = divmod(start.year * 12 + start.month - 1 + years * 12 + months, 12)
    moved = start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
    moved += timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return moved.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
