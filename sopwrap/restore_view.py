"""One permit and what was done on it, as the minutes of a restore outside of a procedure's steps tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sopwrap import paper_numbers
from sopwrap.errors import UsageError
from sopwrap.fold_lines import issued_permit
from sopwrap.ledger import Ledger
from sopwrap.office import Office
from sopwrap.paper_numbers import lines_about
from sopwrap.partial import Issued
from sopwrap.permit_life import PermitLife, lives
from sopwrap.permits import Emergency
from sopwrap.records import evidence

DOCUMENT = "restore_minutes"


@dataclass(frozen=True)
class RestoreView:
    """What the paper is made from; the same lines of the ledger give the same bytes.

    ``digest`` and ``changed_at`` are of the last line that tells of the permit.
    """

    life: PermitLife
    office: dict[str, Any]
    digest: str
    changed_at: datetime
    zone: str
    demo: bool = False
    titles: dict[str, str] = field(default_factory=dict)
    issued: Issued | None = None

    @property
    def id(self) -> str:
        """A short name for files and the foot of the page."""
        return f"pemulihan-{self.life.issued.number[:8]}"

    @property
    def emergency(self) -> bool:
        """Whether two people stood for it instead of a letter."""
        return isinstance(self.life.permit, Emergency)

    def person(self, person_id: str) -> dict[str, Any]:
        """What office.yml says of a person today; only the id where nobody is left there."""
        known = (one for one in self.office.get("people", []) if one["id"] == person_id)
        return next(known, {"id": person_id})


def restore_view(ledger: Ledger, office: Office, zone: str, number: str, titles: dict[str, str]) -> RestoreView:
    """The permit with this number (or the newest of this case) and its records; raise UsageError when there is none."""
    found = [entry for entry in ledger.of_kind("permit") if number in (entry.data["number"], entry.case)]
    if not found:
        raise UsageError(f"The ledger holds no permit {number}.", "Issue one with `sopwrap permit issue`.")
    issued = found[-1]
    permit = issued_permit(issued)
    lines = ledger.of_kind("evidence", containing=permit.number)
    numbered = lines_about(ledger, permit.number)
    last = max([issued, *lines, *numbered], key=lambda entry: entry.seq)
    (life,) = lives([permit], [evidence(entry.data["record"]) for entry in lines])
    told = paper_numbers.issued(numbered, DOCUMENT)
    return RestoreView(life, office.model_dump(mode="json"), last.digest, last.at, zone, office.demo, titles, told)
