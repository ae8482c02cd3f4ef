"""Papers that leave the office to be signed, and come back: which PDF was issued, and who signed that very one.

A paper is issued by writing its SHA-256 into the ledger. A signature only adds to a PDF, so a signed one begins with
the issued one, byte for byte; anything else is another paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sopwrap import pades
from sopwrap.case import Case
from sopwrap.catalogue import catalogue
from sopwrap.errors import RefusedError
from sopwrap.fold import fold
from sopwrap.issues import Issuance, SignedPaper
from sopwrap.ledger import Draft, Ledger
from sopwrap.papers.context import draft_mark
from sopwrap.records import stamp

Render = Callable[[Case, str], bytes]
"""``render(case, document)``: the paper as PDF."""

PAPER_LINES = ("paper.issued", "paper.signed")
"""Lines that say nothing new about the case itself, so that a paper issued before them is still up to date."""

DRAFT = "KONSEP"


@dataclass(frozen=True)
class Desk:
    """Where papers are issued and taken back: the ledger, how a paper is made, and who is at the keyboard."""

    ledger: Ledger
    render: Render
    operator: str


def issue(desk: Desk, case_id: str, document: str) -> tuple[bytes, Issuance]:
    """Make a paper as PDF and record it as issued; one that is issued and up to date is given again as it is.

    Raise RefusedError for a paper that is still a draft: nobody signs those.
    """
    entries = desk.ledger.entries(case_id)
    case = fold(entries)
    last = latest(case, document)
    if last is not None and not _moved_on(case, last, [(one.digest, one.kind) for one in entries]):
        return again(desk, case_id, last), last
    paper = catalogue().get(document)
    if paper and draft_mark(case, paper) == DRAFT:
        raise RefusedError(
            f"{document} of case {case.id} is still a draft ({DRAFT}).",
            "It is signed when its step is done." if paper.final == "made" else "It is signed when the case is done.",
        )
    pdf = desk.render(case, document)
    data = {"document": document, "sha256": digest(pdf), "size": len(pdf), "stated_by": desk.operator}
    desk.ledger.append(case_id, [Draft("paper.issued", data)], head=case.digest)
    return pdf, fold(desk.ledger.entries(case_id)).issued[-1]


def latest(case: Case, document: str) -> Issuance | None:
    """The newest issue of a document; None where it was never issued."""
    return next((one for one in reversed(case.issued) if one.document == document), None)


def _moved_on(case: Case, issued: Issuance, lines: Sequence[tuple[str, str]]) -> bool:
    """True where the case has changed since and nobody has signed the issued paper yet."""
    if any(one.issued == issued.sha256 for one in case.signed):
        return False
    after = [digest for digest, _ in lines].index(issued.state) + 1
    return any(kind not in PAPER_LINES for _, kind in lines[after:])


def again(desk: Desk, case_id: str, issued: Issuance) -> bytes:
    """An issued paper made once more from the ledger as it was then; raise RefusedError where it comes out changed."""
    entries = desk.ledger.entries(case_id)
    until = next(index for index, one in enumerate(entries, 1) if one.digest == issued.state)
    pdf = desk.render(fold(entries[:until]), issued.document)
    if digest(pdf) != issued.sha256:
        raise RefusedError(
            f"The paper {issued.document} that was issued cannot be made again as it was.",
            "Give the file that was issued with --file.",
        )
    return pdf


def issued_as(desk: Desk, pdf: bytes, case_id: str | None = None) -> tuple[Case, Issuance]:
    """The case and the issue a PDF begins with; raise RefusedError when it begins with none."""
    for entry in desk.ledger.of_kind("paper.issued"):
        size = entry.data["size"]
        if len(pdf) >= size and digest(pdf[:size]) == entry.data["sha256"] and case_id in (None, entry.case):
            case = fold(desk.ledger.entries(entry.case or ""))
            return case, next(one for one in case.issued if one.sha256 == entry.data["sha256"])
    where = f"case {case_id}" if case_id else "this office"
    raise RefusedError(
        f"It is no paper {where} has issued, or its issued part was changed.",
        "Sign the file `sopwrap report issue` wrote, without saving it anew.",
    )


def take(desk: Desk, pdf: bytes, roots: Sequence[bytes] = (), case_id: str | None = None) -> tuple[Case, SignedPaper]:
    """Check a signed PDF and record it; return the case and the record.

    Raise RefusedError in a sentence: not an issued paper, unsigned, changed, a signature missing that was there before.
    """
    case, issued = issued_as(desk, pdf, case_id)
    found = pades.seals(pdf, roots)
    seals = [{**vars(one), "at": stamp(one.at) if one.at else None} for one in found]
    before = [one for one in case.signed if one.issued == issued.sha256]
    if before and before[-1].sha256 == digest(pdf):
        raise RefusedError(f"It is in case {case.id} already, since {before[-1].at:%Y-%m-%d %H:%M} UTC.")
    if before and (lost := _missing(before[-1], seals)):
        raise RefusedError(
            f"The signature of {lost} is missing, which the ledger knows of.", "Give the file with every signature."
        )
    data = {
        "document": issued.document,
        "issued": issued.sha256,
        "sha256": digest(pdf),
        "size": len(pdf),
        "seals": seals,
        "stated_by": desk.operator,
    }
    desk.ledger.append(case.id, [Draft("paper.signed", data)], head=case.digest)
    case = fold(desk.ledger.entries(case.id))
    return case, case.signed[-1]


def _missing(known: SignedPaper, seals: Sequence[dict[str, Any]]) -> str:
    """Whose signature an earlier version had and this one has not; empty when none is missing."""
    there = [(one["field"], one["certificate"], one["at"]) for one in seals]
    lost = [one for one in known.seals if (one["field"], one["certificate"], one["at"]) not in there]
    return str(lost[0]["signer"]) if lost else ""


def digest(pdf: bytes) -> str:
    """The SHA-256 of a file's bytes, hex."""
    return hashlib.sha256(pdf).hexdigest()
