"""What people stated in a paper's form, in words for the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from sopwrap import indonesian
from sopwrap.case import Case
from sopwrap.catalogue import catalogue
from sopwrap.forms import Column, Field
from sopwrap.papers.timing import zone_of

_DURATION = TypeAdapter(timedelta)


@dataclass(frozen=True)
class Stated:
    """One field of a form: its label, the value in words (empty when nobody stated it), and a table's cells."""

    field: Field
    text: str
    lines: Sequence[str] = ()
    cells: Sequence[Sequence[str]] = ()


def stated(case: Case, document: str, at: str | None = None) -> list[Stated]:
    """Every field of a document with what was stated in it; ``at`` (make, check) leaves the others out."""
    values, zone = case.form(document), zone_of(case)
    fields = [
        one
        for one in catalogue()[document].fields
        if at in (None, one.at) and (not one.operations or case.operation in one.operations)
    ]
    return [_stated(case, one, values.get(one.id), zone) for one in fields]


def by_id(case: Case, document: str) -> dict[str, Stated]:
    """Every field of a document by its id."""
    return {one.field.id: one for one in stated(case, document)}


def value(case: Case, document: str, field: str) -> str:
    """One field's value in words; empty when nobody stated it."""
    found = next((one for one in stated(case, document) if one.field.id == field), None)
    return found.text if found else ""


def _stated(case: Case, field: Field, found: Any, zone: str) -> Stated:
    if found is None:
        return Stated(field, "")
    if field.kind == "lines":
        return Stated(field, "; ".join(found), lines=found)
    if field.kind == "rows":
        cells = [[_words(case, one, row.get(one.id), zone) for one in field.columns] for row in found]
        return Stated(field, "", cells=cells)
    return Stated(field, _words(case, field, found, zone))


def _words(case: Case, field: Field | Column, found: Any, zone: str) -> str:
    if found is None:
        return ""
    if field.kind == "yesno":
        return "ya" if found else "tidak"
    if field.kind == "date":
        return indonesian.long_date(date.fromisoformat(found))
    if field.kind == "datetime":
        return indonesian.date_time(datetime.fromisoformat(found), zone)
    if field.kind == "duration":
        return indonesian.span(_DURATION.validate_python(found).total_seconds())
    if field.kind == "number":
        return indonesian.number(found, 0 if isinstance(found, int) else 2)
    if field.kind == "asset":
        asset = case.asset(found)
        return f"{asset.title} ({found})" if asset and asset.title else str(found)
    return "; ".join(found) if isinstance(found, list) else str(found)
