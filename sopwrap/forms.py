"""What people state in the papers: the fields of a document, which of them a step asks for, and whether values fit.

Pure. Fields are data (``fields`` in a document's ``meta.yml``), so a new paper or SOP needs no code here. A value is
kept as plain JSON: text, list of lines, ISO date, UTC moment, number, ISO duration, true or false, list of rows.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import model_validator

from sopwrap.errors import UsageError
from sopwrap.formvalues import Ground, Plain, Wrong, value_of
from sopwrap.models import Model
from sopwrap.sop import Operation, Procedure, Slug, Step

Values = dict[str, dict[str, Any]]
"""Document id → field id → value."""


class _Stated(Model):
    id: Slug
    label: str
    choices: list[str] = []
    required: bool = False
    help: str = ""


class Column(_Stated):
    """One column of a table in a form: ``label`` in the words of the paper, ``help`` for whoever fills it in."""

    kind: Plain

    @model_validator(mode="after")
    def _choice_has_choices(self) -> Column:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"column {self.id}: `choices` belong to the kind `choice`, and it needs them")
        return self


class Field(_Stated):
    """A field of a paper: filled by who makes it (``make``) or by who checks it (``check``); ``rows`` is a table.

    ``operations`` says in which of them the field is there; empty is all.
    """

    kind: Plain | Literal["rows"]
    columns: list[Column] = []
    operations: list[Operation] = []
    at: Literal["make", "check"] = "make"

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Field:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"field {self.id}: `choices` belong to the kind `choice`, and it needs them")
        if (self.kind == "rows") != bool(self.columns):
            raise ValueError(f"field {self.id}: `columns` belong to the kind `rows`, and it needs them")
        return self


def asked(
    procedure: Procedure, step: Step, operation: str, fields: Mapping[str, list[Field]]
) -> dict[str, list[Field]]:
    """The fields a person fills in at a step, by document; ``fields`` are all there are, by document.

    A step that decides checks the papers it lists, and so does an end for a paper that an earlier step made; every
    other step makes them.
    """
    wanted = {}
    for document in step.documents:
        phase = "check" if procedure.judges(step, document) else "make"
        known = [one for one in fields.get(document, []) if one.at == phase]
        if found := [one for one in known if not one.operations or operation in one.operations]:
            wanted[document] = found
    return wanted


def taken(wanted: Mapping[str, list[Field]], given: Mapping[str, Any], ground: Ground) -> Values:
    """The values given, checked and in their plain form; ``given`` is by document, or flat for one document.

    Raise UsageError with one sentence for each mistake; an unknown field is told with the nearest name.
    """
    values: Values = {}
    wrong: list[str] = []
    for document, fields in _by_document(wanted, given).items():
        by_id = {one.id: one for one in wanted[document]}
        for name, value in fields.items():
            if name not in by_id:
                wrong.append(_unknown(name, list(by_id), f"{document} has no field {name} at this step"))
                continue
            try:
                found = _value(by_id[name], value, ground)
            except Wrong as error:
                wrong.append(f"{document}.{name} ({by_id[name].label}): {error}.")
            else:
                if found is not None:
                    values.setdefault(document, {})[name] = found
    if wrong:
        raise UsageError(" ".join(wrong), "See `sopwrap case form`.")
    return values


def missing(wanted: Mapping[str, list[Field]], stated: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The required fields nobody has stated yet, as ``document.field (label)``."""
    return [
        f"{document}.{one.id} ({one.label})"
        for document, fields in wanted.items()
        for one in fields
        if one.required and one.id not in stated.get(document, {})
    ]


def complete(wanted: Mapping[str, list[Field]], stated: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise UsageError naming every required field that nobody has stated yet."""
    if lost := missing(wanted, stated):
        raise UsageError(
            f"The form is not complete: {', '.join(lost)}.",
            "Fill in what `sopwrap case form` prints and give it with --form FILE, or use --set FIELD=VALUE.",
        )


def merged(first: Mapping[str, Mapping[str, Any]], then: Mapping[str, Mapping[str, Any]]) -> Values:
    """Both sets of values; where both state a field, the later one stands."""
    return {name: {**first.get(name, {}), **then.get(name, {})} for name in {**first, **then}}


def _by_document(wanted: Mapping[str, list[Field]], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The given values by document; flat ones belong to the only document there is a form for."""
    if not given:
        return {}
    if not wanted:
        raise UsageError("No form is filled in at this step.", "Leave --form and --set out.")
    if all(isinstance(value, Mapping) for value in given.values()):
        if strange := [name for name in given if name not in wanted]:
            raise UsageError(
                _unknown(strange[0], list(wanted), f"There is no form {strange[0]} at this step"),
                "See `sopwrap case form`.",
            )
        return {name: dict(value) for name, value in given.items()}
    if len(wanted) > 1:
        raise UsageError(
            f"This step has {len(wanted)} forms: {', '.join(wanted)}.", "Say which one: DOCUMENT.FIELD=VALUE."
        )
    return {next(iter(wanted)): dict(given)}


def _value(field: Field, value: Any, ground: Ground) -> Any:
    """One field's value in its plain form; None where nothing was filled in. Raise Wrong."""
    if field.kind != "rows":
        return value_of(field.kind, field.choices, value, ground)
    if value in (None, "", []):
        return None
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise Wrong("has to be a list of rows, each with " + ", ".join(one.id for one in field.columns))
    return [found for number, row in enumerate(value, 1) if (found := _row(field, number, row, ground))]


def _row(field: Field, number: int, row: Mapping[str, Any], ground: Ground) -> dict[str, Any]:
    """One row in its plain form, empty where nothing in it was filled in; raise Wrong with its number."""
    columns = {one.id: one for one in field.columns}
    found = {}
    for name, value in row.items():
        if name not in columns:
            raise Wrong(_unknown(name, list(columns), f"row {number} has no column {name}").rstrip("."))
        try:
            told = value_of(columns[name].kind, columns[name].choices, value, ground)
        except Wrong as error:
            raise Wrong(f"row {number}, {name} ({columns[name].label}): {error}") from None
        if told is not None:
            found[name] = told
    if found and (lost := [one.id for one in field.columns if one.required and one.id not in found]):
        raise Wrong(f"row {number}: {', '.join(lost)} is missing")
    return found


def _unknown(name: str, known: list[str], said: str) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"{said}; did you mean {close[0]}?" if close else f"{said}; there are: {', '.join(known)}."
