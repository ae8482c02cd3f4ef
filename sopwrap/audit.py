"""Checks a whole ledger: both chains, every signature, every case, and digests that stand on papers.

A chain alone shows that lines were changed, not that the last ones were cut off: only a digest from outside (on a
printed paper) does that. A signature alone shows that a key signed, not whose: only office.yml does that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sopwrap.case import Entry
from sopwrap.chain import Verdict
from sopwrap.errors import SopError
from sopwrap.fold import fold
from sopwrap.ledger import Ledger
from sopwrap.office import Office
from sopwrap.signatures import public_key, verify_entry

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
    for digest in digests:
        if not any(one.startswith(digest.lower()) for one in known):
            faults.append(f"No line of the ledger has the digest {digest}: what the paper tells of is not in it.")
    return Audit(verdict, signed, tuple(faults), tuple(remarks))


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
    now = {one.id: one.key for one in office.people}
    then = {one["id"]: one.get("key") for one in opened.data["office"].get("people", [])}
    if _same(now.get(person), entry.data["key"]):
        return
    if _same(then.get(person), entry.data["key"]):
        remarks.append(f"{where}: signed with a key of {person} that office.yml no longer has.")
    else:
        faults.append(
            f"{where}: signed with a key that is not {person}'s, neither in office.yml nor when the case began."
        )


def _same(registered: str | None, used: str) -> bool:
    try:
        return registered is not None and public_key(registered) == used
    except SopError:
        return False
