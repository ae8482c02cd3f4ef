"""What became of a permit, from the lines of the ledger: issued, refused, used, and its restore taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sopwrap.partial import IssuedPermit
from sopwrap.permits import Emergency, Permit, read
from sopwrap.records import Evidence

State = Literal["issued", "refused", "failed", "used", "undone"]


@dataclass(frozen=True)
class PermitLife:
    """One permit and every record that names it, in their order."""

    issued: IssuedPermit
    records: tuple[Evidence, ...] = ()

    @cached_property
    def permit(self) -> Permit | Emergency:
        """What it says."""
        return read(self.issued.text).permit

    @property
    def refused(self) -> tuple[Evidence, ...]:
        """The attempts the host, or the controller before it, refused."""
        return tuple(one for one in self.records if one.action == "restore" and one.outcome == "refused")

    @property
    def restored(self) -> Evidence | None:
        """The restore it was used up by, whether that succeeded or was taken back by the machine."""
        done = [one for one in self.records if one.action == "restore" and one.outcome in ("ok", "failed")]
        return done[-1] if done else None

    @property
    def undone(self) -> Evidence | None:
        """The end of its restore by `restore undo`."""
        return next((one for one in self.records if one.action == "undo" and one.succeeded), None)

    @property
    def state(self) -> State:
        """What became of it so far; ``refused`` while it was tried and never used."""
        if self.undone:
            return "undone"
        if self.restored:
            return "used" if self.restored.succeeded else "failed"
        return "refused" if self.refused else "issued"


def lives(issued: Sequence[IssuedPermit], records: Sequence[Evidence]) -> list[PermitLife]:
    """Given permits and records in the order of the ledger, return each permit with what names it."""
    return [
        PermitLife(one, tuple(each for each in records if each.restore and each.restore.permit == one.number))
        for one in issued
    ]
