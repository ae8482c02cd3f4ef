"""The case as data: what every paper was made from, for machines and for the PDF's attachment."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from sopwrap.case import Case
from sopwrap.records import Evidence, stamp

SCHEMA = "sopwrap.case/1"


def as_json(case: Case) -> bytes:
    """The whole case as UTF-8 JSON with sorted keys; the office's public keys stay in, it holds no secret."""
    data = {"schema": SCHEMA, **_plain(case)}
    return (json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: Any) -> Any:
    """Any part of a case as plain JSON types; times in UTC with microseconds, durations in ISO 8601."""
    if isinstance(value, Evidence):
        return value.as_dict()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | timedelta):
        return str(value)
    return value
