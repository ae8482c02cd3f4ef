"""Emergency permits as tests need them: two people of the office's list, each with a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sopwrap.permits import Emergency, permit_signers, sign
from tests.office.permits import Authority

FIRST, SECOND = {"id": "siti", "name": "Siti Contoh"}, {"id": "yusuf", "name": "Yusuf Contoh"}


class Pair(Authority):
    """Two who may stand for an emergency together, beside the one who approves; and a third who may not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.first, self.second = self._key("first"), self._key("second")
        self.public = {"siti": self._public(self.first), "yusuf": self._public(self.second)}
        known = {**self.public, "budi": self._public(self.key), "office": self._public(self.office)}
        self.signers = permit_signers(known, ("siti", "yusuf"))

    def emergency(self, plan: dict[str, Any], *keys: Path, **changed: Any) -> str:
        """The text of an emergency permit for a plan; signed by the two, or with other keys."""
        common = self.fields(plan)
        for key in ("letter", "case", "requester", "approver", "signer", "basis", "exception"):
            del common[key]
        own = {"schema": "sopwrap.emergency/1", "first": FIRST, "second": SECOND, "reason": "Server disusupi."}
        permit = Emergency.model_validate({**common, **own, **changed})
        return sign(permit, *(keys or (self.first, self.second))).text
