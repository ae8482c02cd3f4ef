"""What pydantic models of files written by people share: strictness, and errors with file and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from sopwrap.errors import UsageError

try:  # the reader in C takes a tenth of the time; a PyYAML that was built without it has only the other
    from yaml import CSafeLoader as _Quick
except ImportError:
    from yaml import SafeLoader as _Quick  # type: ignore[assignment]


class Model(BaseModel):
    """A record that is never changed after reading; an unknown key is a typing mistake, so it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Misplaced(ValueError):
    """A complaint of a model about a part of itself: ``where`` is the way to that part, from the model's own place."""

    def __init__(self, said: str, where: tuple[str | int, ...]) -> None:
        super().__init__(said)
        self.where = where


class _DatesAsTexts(_Quick):
    """YAML as everywhere, but a date stays text: a day that is not in the calendar is the model's to refuse."""

    yaml_implicit_resolvers = {
        first: [one for one in each if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, each in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


M = TypeVar("M", bound=Model)


def load(path: Path, model: type[M]) -> M:
    """Given a YAML file, return it as ``model``; raise UsageError with file and line when it does not fit."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = "Run `sopwrap init DIR` to make an office, or go into its folder."
        raise UsageError(f"{path} is not there.", hint) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read: {reason}.", "Mend it and try again.") from error
    return parse(text, model, str(path))


def parse(text: str, model: type[M], where: str) -> M:
    """Given YAML text, return it as ``model``; ``where`` names its origin in the error."""
    try:
        node, data = _read(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"{where}:{line}: not YAML: {error.problem}.", "Mend the line and try again.") from error
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise UsageError(f"{where}:{line}: not YAML: {error.reason}.", "Mend the line and try again.") from error
    _refuse_odd_keys(node, where)
    if not isinstance(data, dict):
        raise UsageError(f"{where}:1: expected a mapping of keys to values.")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _mistake(error, node, where) from error


def _read(text: str) -> tuple[Any, Any]:
    """The one document of a text, as nodes that know their lines and as values."""
    loader = _DatesAsTexts(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _mistake(error: ValidationError, node: Any, where: str) -> UsageError:
    """One of a model's complaints as a sentence; an unknown key before a missing one, which it mostly is, misspelt."""
    found = error.errors(include_input=False, include_url=False)
    first = min(found, key=lambda one: one["type"] != "extra_forbidden")
    cause = first.get("ctx", {}).get("error")
    place = (*first["loc"], *(cause.where if isinstance(cause, Misplaced) else ()))
    spot = ".".join(str(part) for part in place) or "the file"
    what = {"extra_forbidden": "there is no such key", "missing": "is missing"}.get(first["type"], said(first))
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    beside = [one["loc"] for one in found if one["type"] == "missing" and one["loc"][:-1] == first["loc"][:-1]]
    hint = "Mend the line and try again."
    if first["type"] == "extra_forbidden" and beside:
        hint = f"Did you mean {' or '.join(str(one[-1]) for one in beside)}?"
    return UsageError(f"{where}:{line_of(node, place)}: {spot}: {what}{more}.", hint)


_SHAPES: dict[str, str] = {}


def shape(pattern: str, words: str) -> StringConstraints:
    """A text of this pattern; of one that is otherwise it is said that it has to be what the words say."""
    _SHAPES[pattern] = words
    return StringConstraints(pattern=pattern)


def said(complaint: ErrorDetails) -> str:
    """A model's complaint in plain words, where Pydantic speaks of patterns, inputs and validation."""
    words = _SHAPES.get(str(complaint.get("ctx", {}).get("pattern")))
    if words:
        return f"it has to be {words}"
    if complaint["type"] in ("string_too_short", "too_short"):
        return "it is empty"
    own = complaint["msg"].removeprefix("Value error, ")
    return re.sub(r"^[A-Z]\w+ should ", "it has to ", own)


def _refuse_odd_keys(node: Any, where: str) -> None:
    """YAML 1.1 reads the keys no, yes, on and off as true/false; say so instead of losing the key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag != "tag:yaml.org,2002:str" and key.tag != "tag:yaml.org,2002:merge":
                raise UsageError(
                    f"{where}:{key.start_mark.line + 1}: the key `{key.value}` is not text to YAML.",
                    "Put it in quotes or use another word.",
                )
            _refuse_odd_keys(value, where)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_odd_keys(value, where)


def line_of(node: Any, location: tuple[Any, ...]) -> int:
    """The line of the deepest part of ``location`` that the file has; 1-based."""
    line = 1
    for part in location:
        if node is None:
            break
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == str(part)]
            line, node = (pairs[0][0].start_mark.line + 1, pairs[0][1]) if pairs else (line, None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            node = None
    return line
