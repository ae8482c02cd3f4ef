"""The case as data: what every paper was made from, for machines and for the PDF's attachment."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from sopwrap.destruction import DestructionView
from sopwrap.handovers import HandoverView
from sopwrap.office_view import OfficeView, Subject
from sopwrap.records import Evidence, stamp
from sopwrap.restore_view import RestoreView
from sopwrap.sop_view import SopView

SCHEMAS: dict[type, str] = {
    OfficeView: "sopwrap.overview/1",
    SopView: "sopwrap.paper/1",
    RestoreView: "sopwrap.restore/1",
    DestructionView: "sopwrap.destruction/1",
    HandoverView: "sopwrap.handover/1",
}
SCHEMA = "sopwrap.case/1"


class _Last:
    """The data of the last subject, which goes with each of its papers: of a thousand assets it takes half a second."""

    subject: Subject | None = None
    content: bytes


def as_json(subject: Subject) -> bytes:
    """A case or an office as UTF-8 JSON with sorted keys; the public keys stay in, it holds no secret."""
    if _Last.subject is not subject:
        _Last.subject, _Last.content = subject, _as_json(subject)
    return _Last.content


def data_digest(subject: Subject) -> str:
    """The SHA-256 (hex) of the data, as a paper names it that leaves something to it."""
    return hashlib.sha256(as_json(subject)).hexdigest()


def _as_json(subject: Subject) -> bytes:
    data = {"schema": SCHEMAS.get(type(subject), SCHEMA), **plain(subject)}
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def plain(value: Any) -> Any:
    """Any part of a case or an overview as plain JSON types; times in UTC with microseconds, durations in ISO 8601."""
    if isinstance(value, Evidence):
        return value.as_dict()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | timedelta):
        return str(value)
    return value
