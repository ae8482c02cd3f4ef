"""A request: the letter and its form open a case and are its first step, in one go or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

from sopwrap.acts import Word, signing
from sopwrap.case import Case, Entry
from sopwrap.engine import Opening, first_line, open_case
from sopwrap.errors import UsageError
from sopwrap.fold import fold
from sopwrap.ledger import Ledger
from sopwrap.permission import Vouch


def provisional(opening: Opening) -> Case:
    """The case as a request would open it now; raise UsageError where none opens such a case."""
    if opening.procedure.trigger.kind != "request":
        name = f"{opening.sop.id}/{opening.procedure.id}"
        raise UsageError(f"{name} is not opened by a request.", f"Use `sopwrap run {name}`.")
    return foreseen(opening)


def foreseen(opening: Opening) -> Case:
    """The case as it would be opened now: for what has to be known or checked before anything is written."""
    now = datetime.now(UTC)
    return fold([Entry(0, "0000-0000", now, "case.opened", None, first_line(opening), "", "", "")])


def request(ledger: Ledger, opening: Opening, vouch: Vouch, word: Word) -> Case:
    """Open the case and end its first step by who asks for it; where that fails, raise the error and open nothing."""
    signing(opening.office, provisional(opening), vouch, None, word)
    case = open_case(ledger, opening)
    ledger.append(case.id, signing(opening.office, case, vouch, None, word), head=case.digest)
    return fold(ledger.entries(case.id))
