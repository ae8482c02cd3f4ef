"""On whose word something is written into the ledger that no key has signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sopwrap.case import Actor
from sopwrap.errors import RefusedError
from sopwrap.office import Office
from sopwrap.permission import person_as_actor
from sopwrap.persons import Person


def require_letter(person: Person, letter: str | None) -> None:
    """Raise RefusedError where somebody who can sign for themselves is spoken for without a letter they signed."""
    if person.key and not letter:
        raise RefusedError(
            f"{person.name} has a key in office.yml, so an operator's word does not stand for theirs.",
            "Give --letter NUMBER of what they have signed on paper.",
        )


@dataclass(frozen=True)
class Statement:
    """The person whose word it is, the operator at the keyboard, and the letter where there is one."""

    person: str
    stated_by: str
    letter: str | None = None
    note: str = ""

    def told(self, office: Office) -> dict[str, Any]:
        """The same as a line of the ledger says it (*who* in docs/reference/ledger.md).

        Raise UsageError where the office knows no such person.
        """
        return {
            "method": "stated",
            "actor": self.actor(office).model_dump(mode="json", exclude_none=True),
            "stated_by": self.stated_by,
            "letter": self.letter,
            "note": self.note,
        }

    def actor(self, office: Office) -> Actor:
        """The person as they are in the office on this day."""
        return person_as_actor(office.person(self.person))
