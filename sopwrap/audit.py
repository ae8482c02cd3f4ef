"""Checks a whole ledger: both chains, every signature, every case, and digests that stand on papers.

A chain alone shows that lines were changed, not that the last ones were cut off: only a digest from outside (on a
printed paper) does that. A signature alone shows that a key signed, not whose: only office.yml does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap.case import Entry
from sopwrap.chain import Verdict
from sopwrap.errors import SopError
from sopwrap.fold import fold
from sopwrap.handovers import HANDED_OVER, message
from sopwrap.keys import public_key, validities
from sopwrap.ledger import Ledger
from sopwrap.office import Office
from sopwrap.signatures import verify, verify_entry

DIGEST = 64


@dataclass(frozen=True)
class Audit:
    """What a check found. ``faults`` are wrong; ``remarks`` are worth knowing (a key that was since replaced)."""

    verdict: Verdict
    signed: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {
            "ok": not self.faults,
            "lines": self.verdict.lines,
            "cases": self.verdict.cases,
            "signed": self.signed,
            "head": self.verdict.head,
            "first_wrong_line": self.verdict.fault.seq if self.verdict.fault else None,
            "faults": list(self.faults),
            "remarks": list(self.remarks),
        }


def audit(ledger: Ledger, office: Office, digests: Sequence[str] = ()) -> Audit:
    """Check everything; ``digests`` are of papers, whole or their first digits, and have to be in the ledger."""
    verdict = ledger.verify()
    faults: list[str] = []
    if verdict.fault:
        faults.append(f"Line {verdict.fault.seq} of the ledger is wrong: {verdict.fault.what}.")
        return Audit(verdict, 0, tuple(faults), ())
    remarks: list[str] = []
    signed, known = 0, []
    for case in ledger.cases():
        entries = ledger.entries(case)
        known += [entry.digest for entry in entries]
        faults += _unreadable(entries)
        for entry in entries:
            if "signature" in entry.data:
                signed += 1
                _check(entry, entries[0], office, faults, remarks)
    signed += _check_handovers(ledger, office, faults, remarks)
    for digest in digests:
        if not any(one.startswith(digest.lower()) for one in known):
            faults.append(f"No line of the ledger has the digest {digest}: what the paper tells of is not in it.")
    return Audit(verdict, signed, tuple(faults), tuple(remarks))


def _check_handovers(ledger: Ledger, office: Office, faults: list[str], remarks: list[str]) -> int:
    """Check who signed hand-overs of media; return how many signatures there are."""
    count, zone = 0, ZoneInfo(office.timezone or "UTC")
    for entry in ledger.of_kind(HANDED_OVER):
        for party, made in (entry.data.get("signatures") or {}).items():
            count += 1
            where, person = f"Line {entry.seq} (hand-over, {party})", entry.data[party]["id"]
            try:
                verify(message(entry.data), made["signature"], person, made["key"])
            except (SopError, KeyError):
                faults.append(f"{where}: the signature does not fit.")
                continue
            now = (office, entry.at.astimezone(zone).date())
            _whose(f"{where}: signed with a key", (person, made["key"]), None, now, faults, remarks)
    return count


def _unreadable(entries: list[Entry]) -> list[str]:
    """Why a case cannot be told from its lines, which a chain alone does not show."""
    try:
        fold(entries)
    except SopError as error:
        return [error.message]
    return []


def _check(entry: Entry, opened: Entry, office: Office, faults: list[str], remarks: list[str]) -> None:
    """Check one signature, and that its key is the person's."""
    where, person = f"Line {entry.seq} (case {entry.case}, {entry.kind} {entry.step or ''}".rstrip() + ")", ""
    try:
        person = entry.data["actor"]["id"]
        verify_entry(entry)
    except (SopError, KeyError, TypeError):
        faults.append(f"{where}: the signature does not fit.")
        return
    day = office.day_of(fold([opened]).sop, entry.at)
    if (acting := entry.data["actor"].get("acting")) and not acting["since"] <= day.isoformat() <= acting["until"]:
        faults.append(f"{where}: {person} stood in from {acting['since']} until {acting['until']}, and not on {day}.")
    _whose(f"{where}: signed with a key", (person, entry.data["key"]), opened, (office, day), faults, remarks)


def _whose(
    where: str,
    signer: tuple[str, str],
    opened: Entry | None,
    now: tuple[Office, date],
    faults: list[str],
    remarks: list[str],
) -> None:
    """Whether a key was the person's on the day of the line: by office.yml, else by the first line of the case."""
    (office, day), (person, used) = now, signer
    known = [key for one in office.people if one.id == person for key in validities(one) if key.key == used]
    if any(key.covers(day) and not key.revoked for key in known):
        return
    if any(key.covers(day) for key in known):
        remarks.append(f"{where} of {person} that was revoked later: ask {person} whether they signed.")
    elif known:
        faults.append(f"{where} that was {person}'s {known[0].window}, and not on {day}.")
    elif opened is not None and _same(_key_then(opened, person), used):
        remarks.append(f"{where} of {person} that office.yml no longer has.")
    else:
        begun = ", neither in office.yml nor when the case began" if opened is not None else " in office.yml"
        faults.append(f"{where} that is not {person}'s{begun}.")


def _key_then(opened: Entry, person: str) -> str | None:
    people = opened.data["office"].get("people", [])
    return next((one.get("key") for one in people if one["id"] == person), None)


def _same(registered: str | None, used: str) -> bool:
    try:
        return registered is not None and public_key(registered) == used
    except SopError:
        return False
