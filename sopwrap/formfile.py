"""A form as a person sees it: the file to fill in, and what comes back from it or from the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sopwrap.catalogue import catalogue
from sopwrap.errors import UsageError
from sopwrap.forms import Column, Field, Values


def read(path: Path | None, pairs: Sequence[str]) -> dict[str, Any]:
    """The values of a form file and of ``FIELD=VALUE`` or ``DOCUMENT.FIELD=VALUE`` words, which win; {} for neither.

    A field named twice among the words is a list of lines. Raise UsageError with file and line, or with the word.
    """
    given = _read_file(path) if path else {}
    seen: set[str] = set()
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or not name.strip():
            raise UsageError(f"--set {pair} has no value.", "Write it as FIELD=VALUE or DOCUMENT.FIELD=VALUE.")
        document, dot, field = name.strip().partition(".")
        place = given.setdefault(document, {}) if dot else given
        if not isinstance(place, dict):
            raise UsageError(f"--set {pair}: {document} is a field, not a document.", "See `sopwrap case form`.")
        key = field or document
        before = place.get(key) if name in seen else None
        place[key] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
        seen.add(name)
    return given


def _read_file(path: Path) -> dict[str, Any]:
    """A form's YAML; every value stays the text it is, so that a staff number keeps its zeros and `no` its letters."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (BaseLoader makes texts only)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read: {reason}.", "Give the form `sopwrap case form` prints.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        said = getattr(error, "problem", None) or "it holds a character that cannot be read"
        raise UsageError(f"{path}:{line}: not YAML: {said}.", "Mend the line and try again.") from error
    if data in (None, ""):
        return {}
    if not isinstance(data, dict):
        raise UsageError(f"{path}:1: expected fields and their values.", "Fill in what `sopwrap case form` prints.")
    _refuse_twice(node, path)
    return data


def _refuse_twice(node: Any, path: Path) -> None:
    """A field that stands in the file twice has no one value."""
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if key.value in names:
                raise UsageError(f"{path}:{key.start_mark.line + 1}: {key.value} is there twice.", "Keep one of them.")
            names.add(key.value)
            _refuse_twice(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twice(value, path)


def blank(fields: Mapping[str, list[Field]], already: Values, head: str) -> str:
    """A form to fill in: YAML with labels, help and choices as comments; what is stated already is filled in."""
    lines = [f"# {head}", "# Fill in after the colons; leave empty what does not apply.", ""]
    for document, each in fields.items():
        lines += [f"# {catalogue()[document].title.replace(' {term}', '')}", f"{document}:"]
        for one in each:
            lines += [f"  # {line}" for line in _explained(one)]
            lines += _entry(one, already.get(document, {}).get(one.id))
        lines.append("")
    return "\n".join(lines)


def as_data(fields: Mapping[str, list[Field]], already: Values) -> dict[str, Any]:
    """The same for programs: document → fields as declared, each with the ``value`` stated already or null."""
    return {
        document: [one.model_dump(mode="json") | {"value": already.get(document, {}).get(one.id)} for one in each]
        for document, each in fields.items()
    }


def _explained(field: Field) -> list[str]:
    told = [f"{field.label}{' (required)' if field.required else ''}: {_allowed(field)}"]
    return told + ([field.help] if field.help else [])


def _allowed(field: Field | Column) -> str:
    """What may be written, in words."""
    if field.kind == "choice":
        return " | ".join(field.choices)
    words = {
        "text": "text",
        "lines": "one line or several",
        "date": "a date, 2026-01-31",
        "datetime": "a date and time of the office's clock, 2026-01-31 22:00",
        "number": "a number",
        "duration": "a duration, PT2H or P1D",
        "yesno": "ya | tidak",
        "asset": "the id of an asset",
        "point": "the id of a recovery point",
        "place": "a fresh place: the absolute path of a new file or folder, or the name of a new database",
    }
    if field.kind == "rows":
        return "rows of " + "; ".join(f"{one.id} ({one.label}: {_allowed(one)})" for one in field.columns)
    return words[field.kind]


def _entry(field: Field, value: Any) -> list[str]:
    """The line(s) of one field; a value as JSON, which YAML reads as it is."""
    if value is not None:
        told = ("ya" if value else "tidak") if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)
        return [f"  {field.id}: {told}"]
    if field.kind == "rows":
        first, *rest = [one.id for one in field.columns]
        return [f"  {field.id}:", f"    - {first}:", *(f"      {one}:" for one in rest)]
    return [f"  {field.id}:"]
