"""What is odd in an SOP's file: read it, ask every rule, tell each finding with file, line and rule."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from sopwrap.errors import UsageError
from sopwrap.lint_rules import RULES
from sopwrap.lint_types import Known
from sopwrap.models import line_of, parse
from sopwrap.sop import Sop

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One oddity: ``error`` keeps the SOP from being carried out, ``warning`` is worth a look."""

    file: str
    line: int
    rule: str
    level: Level
    text: str

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON types."""
        return asdict(self)


def lint_file(path: Path, known: Known) -> list[Finding]:
    """The findings of one file, by line; a file that is no SOP is one finding of the rule ``schema``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read: {reason}.", "Name an SOP's YAML file.") from None
    return lint_text(text, str(path), known)


def lint_text(text: str, name: str, known: Known) -> list[Finding]:
    """The same for a file's text; ``name`` is how the findings call it."""
    try:
        sop = parse(text, Sop, name)
    except UsageError as error:
        return [_schema(error, name)]
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    found = [
        Finding(name, line_of(node, note.where), rule, note.level, note.text)
        for rule, check in RULES.items()
        for note in check(sop, known)
    ]
    return sorted(set(found), key=lambda one: (one.line, one.level, one.rule, one.text))


def _schema(error: UsageError, name: str) -> Finding:
    """What kept the file from being read, as a finding; its sentence begins with file and line."""
    place = re.match(re.escape(name) + r":(\d+): (.*)", error.message, re.DOTALL)
    line, text = (int(place[1]), place[2]) if place else (1, error.message)
    return Finding(name, line, "schema", "error", text)
