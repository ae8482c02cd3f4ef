"""The official numbers of papers that belong to no case: minutes of a restore, a destruction, a hand-over.

They are entered as the agenda gave them, with the day of the paper where it was entered; a later one replaces an
earlier one on the paper, not in the ledger. Those of a case are lines of the case (sopwrap.acts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sopwrap.case import Entry
from sopwrap.errors import UsageError
from sopwrap.ledger import Draft, Ledger
from sopwrap.partial import Issued

NUMBERED = "paper.numbered"


def official(number: str, dated: str | None) -> tuple[str, str | None]:
    """A number without spaces around it and an ISO date; raise UsageError for an empty one, or what is no date."""
    if not number.strip():
        raise UsageError("The number is empty.", "Give the number as the agenda has it.")
    try:
        return number.strip(), date.fromisoformat(dated).isoformat() if dated else None
    except ValueError:
        raise UsageError(f"{dated} is not a date.", "Write it like 2026-01-31.") from None


def enter(ledger: Ledger, about: str, number: str, dated: str | None, stated_by: str) -> None:
    """Write down the number of the minutes of what is called ``about`` (its own name in the ledger)."""
    given, day = official(number, dated)
    data = {"about": about, "number": given, "dated": day, "stated_by": stated_by}
    ledger.append(None, [Draft(NUMBERED, data)])


def lines_about(ledger: Ledger, about: str) -> list[Entry]:
    """The lines that gave the minutes of ``about`` a number, the last one counts."""
    return [one for one in ledger.of_kind(NUMBERED, containing=about) if one.data["about"] == about]


def issued(lines: Sequence[Entry], document: str) -> Issued | None:
    """The number these lines give a document; None without any."""
    return Issued(document, lines[-1].data["number"], lines[-1].data["dated"]) if lines else None
