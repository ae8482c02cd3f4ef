"""Restores two people permitted without a letter: written down where every report of the following year finds them.

A case tells of those of the year before it was opened (in its first line) and of those while it is open (a line each),
so that its papers need nothing but the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sopwrap.case import Entry
from sopwrap.fold_lines import emergency_note
from sopwrap.ledger import Draft, Ledger
from sopwrap.partial import EmergencyNote
from sopwrap.permits import Emergency, Signed, read
from sopwrap.records import stamp

SHOWN = timedelta(days=365)
"""How long every report tells of an emergency."""


def of_the_year(ledger: Ledger, now: datetime) -> list[dict[str, Any]]:
    """What cases and office papers made at ``now`` tell of, the oldest first."""
    issued = ledger.of_kind("permit", containing="sopwrap.emergency/")
    return [_note(entry) for entry in issued if timedelta() <= now - entry.at <= SHOWN]


def notes(told: Sequence[dict[str, Any]]) -> tuple[EmergencyNote, ...]:
    """The same as objects."""
    return tuple(emergency_note(one) for one in told)


def write(ledger: Ledger, signed: Signed, operator: str) -> None:
    """Keep an emergency permit, of no case, and tell every case that is open."""
    draft = Draft("permit", {"text": signed.text, "number": signed.permit.number, "stated_by": operator})
    (line,) = ledger.append(None, [draft])
    for case in ledger.cases(open_only=True):
        ledger.append(case, [Draft("emergency", _note(line))])


def _note(line: Entry) -> dict[str, Any]:
    permit = read(line.data["text"]).permit
    assert isinstance(permit, Emergency)
    told = {"number": permit.number, "at": stamp(line.at), "asset": permit.asset}
    return {**told, "first": permit.first.name, "second": permit.second.name, "reason": permit.reason}
