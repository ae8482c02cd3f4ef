# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a machine is no file of its own: packages, groups, accounts, crontabs; read, told and written by their names.

Values are plain JSON: word (as in `system_pieces`) → name → what it is, or None where there is no such thing. They
may hold password hashes, so they lie in files that only root can open, and `told` leaves the hashes out.
"""

from __future__ import annotations

import hashlib
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import system_accounts, system_crontabs, system_packages
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.system_pieces import Wish

Names = dict[str, "list[str]"]
Values = dict[str, "dict[str, Any]"]

_OWN = "/etc"
"""Packages and crontabs belong to the machine, not to a copy of its /etc somewhere else."""


def names(wish: Wish, state: dict[str, Any]) -> Names:
    """The names that are meant of each section; refuse what the point does not hold."""
    known = {
        "package": [one["name"] for one in state["packages"]],
        "group": [one["name"] for one in state["groups"]],
        "user": [one["name"] for one in state["users"]],
        "crontab": list(state["crontabs"]),
    }
    return {word: found for word, there in known.items() if (found := wish.among(word, there))}


def now(wanted: Names, etc: str) -> Values:
    """These things as they are on this host at present."""
    found: Values = {
        "group": {name: system_accounts.read_group(etc, name) for name in wanted.get("group", ())},
        "user": {name: system_accounts.read_user(etc, name) for name in wanted.get("user", ())},
    }
    if "package" in wanted:
        found["package"] = dict(system_packages.installed(wanted["package"]))
    if "crontab" in wanted:
        found["crontab"] = dict(system_crontabs.read(wanted["crontab"]))
    return {word: values for word, values in found.items() if values}


def then(wanted: Names, state: dict[str, Any], etc: str) -> Values:
    """These things as the point has them: `etc` is where its own /etc (of it, the files of accounts) was brought to."""
    versions = {one["name"]: one["version"] for one in state["packages"]}
    found: Values = {
        "package": {name: versions[name] for name in wanted.get("package", ())},
        "group": {name: system_accounts.read_group(etc, name) for name in wanted.get("group", ())},
        "user": {name: system_accounts.read_user(etc, name) for name in wanted.get("user", ())},
        "crontab": {name: state["crontabs"][name] for name in wanted.get("crontab", ())},
    }
    for word in ("group", "user"):
        for name, value in found[word].items():
            if value is None:
                sentence = f"The {word} {printable(name)} is in no file of the point's /etc (it came from a directory)."
                raise Problem(sentence, "Leave it out of the pieces.", refused=True)
    return {word: values for word, values in found.items() if values}


def require(wanted: Names, state: dict[str, Any], etc: str) -> None:
    """Refuse what could not be put back here, or not taken back."""
    if etc != _OWN and {"package", "crontab"} & set(wanted):
        raise Problem(f"Packages and crontabs do not belong to {etc}.", "Leave them out of the pieces.", refused=True)
    chosen = {word: [one for one in state[f"{word}s"] if one["name"] in wanted.get(word, ())] for word in _ACCOUNTS}
    system_accounts.require_room(etc, chosen["user"], chosen["group"])
    _require_groups(wanted, state, etc)
    if "crontab" in wanted:
        system_crontabs.folder()
        for name in wanted["crontab"]:
            if name not in wanted.get("user", ()) and system_accounts.read_user(etc, name) is None:
                raise Problem(
                    f"{name} has no account here, so its crontab would be nobody's.",
                    f"Name the account among the pieces, too: user:{name}.",
                    refused=True,
                )
    if "package" in wanted:
        versions = {one["name"]: one["version"] for one in state["packages"]}
        present = system_packages.installed(wanted["package"])
        system_packages.require_available(present, {name: versions[name] for name in wanted["package"]})


_ACCOUNTS = ("user", "group")


def _require_groups(wanted: Names, state: dict[str, Any], etc: str) -> None:
    for group in state["groups"]:
        members = [name for name in wanted.get("user", ()) if name in group["members"]]
        missing = (
            group["name"] not in wanted.get("group", ()) and system_accounts.read_group(etc, group["name"]) is None
        )
        if members and missing:
            raise Problem(
                f"The group {group['name']}, of which {members[0]} was a member, is not on this host.",
                f"Name it among the pieces, too: group:{group['name']}.",
                refused=True,
            )


def write(values: Values, etc: str, packages: str) -> None:
    """Have all of these be so. Packages first: what they set up themselves is then put right by the rest."""
    system_packages.write(values.get("package", {}), packages)
    if values.get("user") or values.get("group"):
        system_accounts.write(etc, values.get("user", {}), values.get("group", {}))
    system_crontabs.write(values.get("crontab", {}))


def fetch(values: Values, packages: str) -> None:
    """Have what is needed for these values, and for the present ones, on this host."""
    if "package" in values:
        present = system_packages.installed(list(values["package"]))
        system_packages.fetch(present, values["package"], packages)


def told(values: Values) -> dict[tuple[str, str], tuple[str, str]]:
    """Each thing by word and name: a line anybody may read, and a digest of what stands in no line."""
    found = {}
    for word, known in values.items():
        for name, value in known.items():
            if value is not None:
                found[word, name] = _LINES[word](name, value)
    return found


def _account(name: str, value: dict[str, Any]) -> tuple[str, str]:
    groups = f" +{','.join(value['groups'])}" if value["groups"] else ""
    shown = ":".join(["x" if number == 1 else field for number, field in enumerate(value["passwd"].split(":"))])
    return f"user:{shown}{groups}", _digest(f"{value['passwd']}\n{value['shadow']}")


def _group(name: str, value: dict[str, Any]) -> tuple[str, str]:
    shown = ":".join(["x" if number == 1 else field for number, field in enumerate(value["group"].split(":"))])
    return f"group:{shown}", _digest(f"{value['group']}\n{value['gshadow']}")


def _crontab(name: str, text: str) -> tuple[str, str]:
    """A crontab may hold a password in a command, so its bytes are counted alone."""
    return f"crontab:{name} {len(text.encode('utf-8', 'surrogateescape'))} B", _digest(text)


def _package(name: str, version: str) -> tuple[str, str]:
    return f"package:{name} {version}", ""


_LINES: dict[str, Any] = {"package": _package, "group": _group, "user": _account, "crontab": _crontab}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
