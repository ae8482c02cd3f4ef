"""What a recovery point lies on: a disk, a server or an object store, as the inventory registers it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sopwrap.models import Model

Form = Literal["disk", "tape", "server", "object_store"]


class Medium(Model):
    """A store's carrier as the inventory registers it; all fields but ``store`` and ``placement`` may be unknown.

    ``off_site``: it is kept in another building than the servers. ``offline``: it is taken away between two uses, so
    that nothing on the network reaches it. ``append_only``: what writes to it can remove nothing. ``immutable_until``:
    the last day on which not even its owner can.
    """

    store: str
    placement: Literal["internal", "external"]
    label: str | None = None
    uuid: str | None = None
    serial: str | None = None
    form: Form = "disk"
    custodian: str | None = None
    place: str | None = None
    off_site: bool = False
    offline: bool = False
    append_only: bool = False
    immutable_until: date | None = None

    @property
    def carrier(self) -> str:
        """By what it is told apart from other media; a store without a label is a carrier of its own."""
        return self.label or self.uuid or self.store


FIELDS = tuple(name for name in Medium.model_fields if name not in ("store", "placement"))
"""What the inventory's ``medium`` may say for the papers; beside it the collection has its own."""
