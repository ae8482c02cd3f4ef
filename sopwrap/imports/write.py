"""An SOP as the YAML file an office keeps, every doubt a comment `# ?` above the place it is about."""

from __future__ import annotations

import re
from typing import Any

import yaml
from pydantic import ValidationError

from sopwrap.errors import UsageError
from sopwrap.imports.build import Draft
from sopwrap.models import said
from sopwrap.sop import Sop

HEAD = """# {title}
# Written by `sopwrap sop import` from {source}. Look at every line with `# ?`: the table does not say it.
"""


class _Dumper(yaml.SafeDumper):
    """Small lists and mappings in one line, everything else below one another."""

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        return super().represent_sequence(tag, sequence, _is_small(sequence))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        return super().represent_mapping(tag, mapping, _is_small(mapping))

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key, as this project's files have it."""
        return super().increase_indent(flow, False)


def _is_small(value: Any) -> bool:
    return len(str(value)) < 90


def as_sop(draft: Draft) -> Sop:
    """The draft as an SOP; raise UsageError where the table cannot be one (two rows that lead nowhere, no steps)."""
    try:
        return Sop.model_validate(draft.data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        spot = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{draft.data['source']}: {spot}: {said(first)}.", "Mend the table and try again.") from None


def as_yaml(draft: Draft) -> str:
    """The whole file."""
    sop = as_sop(draft)
    plain = sop.model_dump(mode="json", exclude_defaults=True)
    text = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    head = HEAD.format(title=_one_line(sop.identity.title), source=_one_line(sop.source or "a table"))
    head += "".join(f"# ? {_one_line(note)}\n" for note in draft.head)
    return head + _commented(text, plain, draft)


def _commented(text: str, plain: dict[str, Any], draft: Draft) -> str:
    """Put the notes above the procedures and steps they are about; the order of both is the data's."""
    places = [
        (f"- id: {one['id']}", notes)
        for procedure in plain["procedures"]
        for one, notes in [
            (procedure, draft.procedures.get(procedure["id"], [])),
            *((step, draft.steps.get((procedure["id"], step["id"]), [])) for step in procedure["steps"]),
        ]
    ]
    before, heading, body = text.partition("\nprocedures:\n")
    lines = []
    for line in body.split("\n"):
        if places and re.sub(r"['\"]", "", line.strip()).startswith(places[0][0]):
            indent = " " * (len(line) - len(line.lstrip()))
            lines += [f"{indent}# ? {_one_line(note)}" for note in places.pop(0)[1]]
        lines.append(line)
    return before + heading + "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:160]
