# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the data files of network platforms: which keys there are, and what is wrong with a file in one sentence.

`docs/adding-a-platform.md` explains every key. Nothing here names a platform.
"""

from __future__ import annotations

import difflib
import glob
import os
import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

Data = dict

SESSIONS = ("exec", "shell", "netconf", "files")
FORMS = ("text", "xml", "json", "binary")
PAGER = (
    r"(?:--+ ?[Mm]ore ?(?:\([^)\n]*\))? ?--+|<-+ ?[Mm]ore ?-+>|l(?<=^l)ines \d+-\d+(?: \S*)?|-(?<=^-)- ?MORE ?--[^\n]*|"
    r"Press any key to continue[^\n]*|press any key to continue[^\n]*|Type <CR>[^\n]*)\s*$"
)
"""How most pagers ask to go on. Each way begins with a plain letter: Python finds such ones five times as fast."""

_TEXTS = ("name", "title", "like", "session", "form", "enable", "enter")
_SINGLE = ("prompt", "pager", "begin", "end", "hostname", "identifiers", "folded")
_MARKS = ("errors", "masks", "absent")
_RULES = ("noise", "secrets")
_LISTS = ("aliases", "setup", "commands", "paths", *_MARKS, *_RULES)
_OTHERS = ("open_end", "pairs", "answers", "facts", "versions", "unsaved", "changed", "replace", "trial")
KEYS = (*_TEXTS, *_SINGLE, *_LISTS, *_OTHERS)
TRIAL_KEYS = ("programs", "script", "noise")
REPLACE_KEYS = (
    "session",
    "upload",
    "path",
    "safety",
    "lines",
    "prepare",
    "apply",
    "confirm",
    "pending",
    "undo",
    "timer",
    "restart",
)


@dataclass(frozen=True)
class Rule:
    """Which text a rule is about: lines that match `start`, or with `until` all lines from one to the other.

    Where `start` has a group, a line's rule is about the group's text alone.
    """

    start: re.Pattern[str]
    until: re.Pattern[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether the rule is about whole lines."""
        return self.start.groups == 0 or self.until is not None


@dataclass(frozen=True)
class Question:
    """What a device may ask in between (`ask`), and what it is told; `secret` names a password of the source."""

    ask: re.Pattern[str]
    say: str
    secret: str | None = None


@dataclass(frozen=True)
class Facts:
    """A command whose answer tells facts; each expression's group is one. Without a command the text itself tells."""

    command: str | None
    known: dict[str, re.Pattern[str]]


@dataclass(frozen=True)
class Since:
    """Lines that only versions from `first` on know, or only those before `gone`."""

    line: re.Pattern[str]
    first: str | None
    gone: str | None


@dataclass(frozen=True)
class Changed:
    """A command whose answer tells the last change, in the group; where it is `shown`, so does the text itself."""

    command: str
    line: re.Pattern[str]
    shown: bool = False


@dataclass(frozen=True)
class Shape:
    """A platform's data, read and checked; the fields are the keys of its file."""

    name: str
    session: str = "exec"
    form: str = "text"
    enable: str | None = None
    enter: str = "\n"
    prompt: re.Pattern[str] | None = None
    pager: re.Pattern[str] = re.compile(PAGER, re.MULTILINE)
    begin: re.Pattern[str] | None = None
    end: re.Pattern[str] | None = None
    hostname: re.Pattern[str] | None = None
    identifiers: re.Pattern[str] | None = None
    folded: re.Pattern[str] | None = None
    open_end: bool = False
    pairs: tuple[re.Pattern[str], re.Pattern[str]] | None = None
    setup: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    errors: list[re.Pattern[str]] = field(default_factory=list)
    masks: list[re.Pattern[str]] = field(default_factory=list)
    absent: list[re.Pattern[str]] = field(default_factory=list)
    noise: list[Rule] = field(default_factory=list)
    secrets: list[Rule] = field(default_factory=list)
    answers: list[Question] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    versions: list[Since] = field(default_factory=list)
    unsaved: tuple[str, re.Pattern[str]] | None = None
    changed: Changed | None = None
    replace: dict[str, Any] = field(default_factory=dict)
    trial: dict[str, Any] = field(default_factory=dict)


def read_folders(folders: list[str]) -> list[Data]:
    """Read every platform file of these folders, in their order; a folder that is not there holds none."""
    import yaml  # where Ansible is, it is; the other verbs need no platform

    found = []
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.yml"))):
            try:
                with open(path, encoding="utf-8") as stream:
                    data = yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
            except (OSError, ValueError, yaml.YAMLError) as error:
                reason = str(error).replace("\n", " ")
                raise Problem(f"The platform file {path} cannot be read: {reason}.", "Correct it.", True) from error
            if not isinstance(data, dict) or not data.get("name"):
                raise Problem(f"The platform file {path} has no name.", "Give it the key name.", refused=True)
            found.append(data)
    return found


def known_by_name(platforms: list[Data]) -> dict[str, Data]:
    """Index platforms by names and aliases, each with what it takes over from the one it is `like`; the last counts."""
    plain = {str(data.get("name")): data for data in platforms}
    found = {name: _merged(name, plain, ()) for name in plain}
    for name, data in list(found.items()):
        for alias in data.get("aliases") or []:
            found.setdefault(alias, {**data, "name": name})
    return found


def _merged(name: str, plain: dict[str, Data], seen: tuple[str, ...]) -> Data:
    data, base = plain[name], plain[name].get("like")
    if base is None:
        return data
    if base not in plain or base in (*seen, name):
        raise problem(name, f"is like {base}, which is no other platform there is")
    above = {
        key: value for key, value in _merged(base, plain, (*seen, name)).items() if key not in ("aliases", "title")
    }
    both = {key: [*above[key], *data[key]] for key in (*_MARKS, *_RULES) if above.get(key) and data.get(key)}
    return {**above, **data, **both}


def shape(data: Data) -> Shape:
    """Read a platform (after `known_by_name`); raise a `Problem` that names the key that is wrong."""
    name = str(data.get("name"))
    _check_keys(name, data)
    fields: dict[str, Any] = {"name": name, "open_end": bool(data.get("open_end"))}
    for key in ("session", "form", "enable", "enter"):
        if data.get(key) is not None:
            fields[key] = str(data[key])
    for key in _SINGLE:
        if data.get(key) is not None:
            fields[key] = expression(name, key, data[key], groups=1 if key == "hostname" else None)
    for key in ("setup", "commands", "paths"):
        fields[key] = [str(item) for item in data.get(key) or []]
    for key in _MARKS:
        fields[key] = [expression(name, key, text) for text in data.get(key) or []]
    for key in _RULES:
        fields[key] = [_rule(name, key, item) for item in data.get(key) or []]
    fields.update(_others(name, data))
    made = Shape(**fields)
    _check_proof(made)
    return made


def _check_keys(name: str, data: Data) -> None:
    for key in [key for key in data if key not in KEYS]:
        near = difflib.get_close_matches(str(key), KEYS, 1)
        raise problem(name, f"has an unknown key {key}{f' (do you mean {near[0]}?)' if near else ''}")
    for key in _LISTS:
        if not isinstance(data.get(key) or [], list):
            raise problem(name, f"has no list in {key}")
    for key, allowed in (("session", SESSIONS), ("form", FORMS)):
        if data.get(key) is not None and data[key] not in allowed:
            raise problem(name, f"has {data[key]} in {key}, which is one of {', '.join(allowed)}")
    for part, known in (("replace", REPLACE_KEYS), ("trial", TRIAL_KEYS)):
        for key in set(data.get(part) or {}) - set(known):
            raise problem(name, f"has an unknown key {key} in {part}")
    for line in (data.get("trial") or {}).get("noise") or []:
        expression(name, "trial", line)
    _check_pending(name, (data.get("replace") or {}).get("pending"))


def _check_pending(name: str, pending: Any) -> None:
    if pending is not None:
        if not isinstance(pending, dict) or set(pending) != {"command", "line"}:
            raise problem(name, "has something in pending that is not given by command and line")
        expression(name, "pending", pending["line"])


def _check_proof(made: Shape) -> None:
    """Without a proof of its end nobody can tell a whole configuration from a part."""
    if made.session != "files" and not made.commands:
        raise problem(made.name, "lacks commands")
    if made.form == "text" and not (made.end or made.pairs or made.open_end):
        raise problem(made.name, "lacks end or pairs (or open_end, where the platform marks no end)")


def _others(name: str, data: Data) -> dict[str, Any]:
    found: dict[str, Any] = {key: data.get(key) or {} for key in ("replace", "trial")}
    if data.get("pairs"):
        opens, closes = (expression(name, "pairs", data["pairs"].get(key)) for key in ("open", "close"))
        found["pairs"] = (opens, closes)
    if data.get("unsaved"):
        found["unsaved"] = (str(data["unsaved"]["command"]), expression(name, "unsaved", data["unsaved"]["line"]))
    if data.get("changed"):
        found["changed"] = _changed(name, data["changed"])
    found["answers"] = [
        Question(expression(name, "answers", item.get("ask")), str(item.get("say") or ""), item.get("secret"))
        for item in data.get("answers") or []
    ]
    found["facts"] = [
        Facts(
            item.get("command"),
            {key: expression(name, "facts", text, groups=1) for key, text in item.items() if key != "command"},
        )
        for item in data.get("facts") or []
    ]
    found["versions"] = [
        Since(expression(name, "versions", item.get("line")), _text(item.get("first")), _text(item.get("gone")))
        for item in data.get("versions") or []
    ]
    return found


def _changed(name: str, given: Any) -> Changed:
    if not isinstance(given, dict) or not {"command", "line"} <= set(given) <= {"command", "line", "shown"}:
        raise problem(name, "has something in changed that is not given by command and line (and shown)")
    line = expression(name, "changed", given["line"], groups=1)
    return Changed(str(given["command"]), line, bool(given.get("shown")))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _rule(name: str, key: str, item: Any) -> Rule:
    if isinstance(item, dict):
        if set(item) != {"from", "to"}:
            raise problem(name, f"has a block in {key} that is not given by from and to")
        return Rule(expression(name, key, item["from"]), expression(name, key, item["to"]))
    return Rule(expression(name, key, item, groups=1 if key == "secrets" else None))


def expression(name: str, key: str, text: Any, groups: int | None = None) -> re.Pattern[str]:
    """Compile one of a platform's expressions; raise a `Problem` that names its key."""
    try:
        found = re.compile(str(text), re.MULTILINE if key in ("prompt", "pager") else 0)
    except re.error as error:
        raise problem(name, f"has an expression in {key} that cannot be read: {error}") from error
    if groups is not None and found.groups != groups:
        raise problem(name, f"has an expression in {key} with {found.groups} groups instead of one")
    return found


def problem(name: str, what: str) -> Problem:
    """The sentence about a platform's file."""
    return Problem(f"The platform {name} {what}.", "Correct it in the platform's file.", refused=True)
