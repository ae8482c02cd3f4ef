"""The rule 3-2-1-1-0, held against the newest point of an asset. Pure; the one place that judges it.

Three copies (the live data is one) on two kinds of media, one off-site, one that nothing on the network can change
(offline, append-only or immutable), and no error when they were last read back. Sources: CISA, "Data Backup Options",
for 3-2-1; the further 1 and 0 as backup vendors and national agencies use them today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sopwrap.case import Asset
from sopwrap.history import AssetPast
from sopwrap.medium import Medium

PARTS = ("copies", "media", "away", "offline", "errors")
"""The parts of the rule in its own order, as ``missing`` names them."""

COPIES, KINDS = 3, 2
SERVER = "server"
"""The kind of medium the live data lies on, and every store on the server itself."""


@dataclass(frozen=True)
class Copies:
    """The verdict for one asset: the stores its newest point lies in, and what of the rule is ``missing``."""

    stores: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return {"met": self.met, "missing": list(self.missing), "stores": list(self.stores)}


def copies(asset: Asset, media: Mapping[str, Medium], past: AssetPast, today: date) -> Copies:
    """Hold an asset's newest point against the rule; ``media`` are the register's stores by id.

    What the register does not say of a medium (off-site, offline) does not count.
    """
    stores = tuple(past.points[-1].stores) if past.points else ()
    known = [media[store] for store in stores if store in media]
    wanting = {
        "copies": len(stores) + 1 < COPIES,
        "media": len({SERVER} | {_kind(one) for one in known}) < KINDS,
        "away": not any(one.off_site for one in known),
        "offline": not any(_out_of_reach(one, today) for one in known),
        "errors": past.proven is None or bool(past.broken),
    }
    return Copies(stores, tuple(name for name in PARTS if wanting[name]))


def _kind(medium: Medium) -> str:
    return SERVER if medium.placement == "internal" else medium.form


def _out_of_reach(medium: Medium, today: date) -> bool:
    immutable = medium.immutable_until is not None and medium.immutable_until >= today
    return medium.offline or medium.append_only or immutable
