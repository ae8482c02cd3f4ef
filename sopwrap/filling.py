"""The forms of a case: which fields its present step asks for, what is stated already, and what a person fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sopwrap import forms
from sopwrap.case import Case
from sopwrap.catalogue import catalogue
from sopwrap.forms import Field, Values
from sopwrap.formvalues import Ground
from sopwrap.sop import Procedure, Step


def wanted(procedure: Procedure, step: Step, operation: str) -> dict[str, list[Field]]:
    """The fields a person fills in at a step, by document."""
    return forms.asked(procedure, step, operation, {paper.id: paper.fields for paper in catalogue().values()})


def ground(case: Case) -> Ground:
    """What values are checked against in a case."""
    return Ground([one.id for one in case.assets], ZoneInfo(case.office.get("timezone") or case.sop.timezone))


def filled_in(case: Case, step: Step, given: Mapping[str, Any]) -> dict[str, Values]:
    """What an act's line says of its form: ``{"form": …}``, or nothing where nothing is stated.

    Raise UsageError for a value that does not fit, and for a required field that nobody has stated yet.
    """
    fields = wanted(case.procedure, step, case.operation)
    values = forms.taken(fields, given, ground(case))
    forms.complete(fields, forms.merged(stated(case, fields), values))
    return {"form": values} if values else {}


def stated(case: Case, documents: Mapping[str, Any]) -> Values:
    """What has been stated in these documents until now."""
    return {name: found for name in documents if (found := case.form(name))}
