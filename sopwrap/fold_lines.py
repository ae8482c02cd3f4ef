"""What single lines of a case say, as the objects a case holds; how they belong together is told in sopwrap.fold."""

from __future__ import annotations

from typing import Any

from sopwrap.case import Actor, Entry
from sopwrap.issues import Issuance, SignedPaper
from sopwrap.partial import Attachment, EmergencyNote, IssuedPermit
from sopwrap.records import moment


def actor(data: dict[str, Any]) -> Actor | None:
    """Who did what the line tells of; None for the machine."""
    return Actor.model_validate(data["actor"]) if data.get("actor") else None


def attachment(entry: Entry) -> Attachment:
    """A paper laid beside the case (``attached``)."""
    data = entry.data
    return Attachment(entry.at, data["name"], data["sha256"], data["size"], data["note"], data["stated_by"])


def issuance(entry: Entry) -> Issuance:
    """A paper that left the office to be signed (``paper.issued``)."""
    data = entry.data
    return Issuance(entry.at, data["document"], data["sha256"], data["size"], entry.previous_in_case, data["stated_by"])


def signed_paper(entry: Entry) -> SignedPaper:
    """A paper that came back signed (``paper.signed``)."""
    data = entry.data
    told = (data["document"], data["issued"], data["sha256"], data["size"], tuple(data["seals"]))
    return SignedPaper(entry.at, *told, data["stated_by"])


def issued_permit(entry: Entry) -> IssuedPermit:
    """A permit as it was issued (``permit``)."""
    data = entry.data
    return IssuedPermit(entry.at, data["number"], data["text"], data["stated_by"])


def emergency_note(data: dict[str, Any]) -> EmergencyNote:
    """An emergency as ``emergency`` and the first line of a case tell of it."""
    told = {key: data[key] for key in ("number", "asset", "first", "second", "reason")}
    return EmergencyNote(at=moment(data["at"]), **told)
