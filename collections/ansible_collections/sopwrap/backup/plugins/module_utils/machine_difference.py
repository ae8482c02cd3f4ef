# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a machine has otherwise than a point of it: said before anybody brings a piece of it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, printable

_SHOWN = 5
"""How many names of a kind are said; the rest is counted."""


def sections(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return a clause for each part of the state (see `machine_state`) that differs from the point's."""
    versions = [{one["name"]: one["version"] for one in state["packages"]} for state in (then, now)]
    clauses = [_mapping("packages", versions[0], versions[1], told=True)]
    for name, key in (("users", "name"), ("groups", "name")):
        known = [{one[key]: one for one in state[name]} for state in (then, now)]
        clauses.append(_mapping(name, known[0], known[1]))
    for word in ("enabled", "masked", "sysv"):
        clauses.append(_names(f"units {word}", then["units"][word], now["units"][word]))
    clauses.append(_mapping("crontabs", then["crontabs"], now["crontabs"]))
    return [clause for clause in clauses if clause]


def files(then: Content, now: Content) -> list[str]:
    """Return a clause about the files that differ from the point's."""
    known = [{item["name"]: item for item in content.items} for content in (then, now)]
    clause = _mapping("files", known[0], known[1])
    return [clause] if clause else []


def _mapping(word: str, then: Mapping[str, Any], now: Mapping[str, Any], told: bool = False) -> str:
    """Name what is missing now, new since, and otherwise; `told` values are said, too."""
    other = sorted(name for name in then if name in now and then[name] != now[name])
    changed = [f"{name} ({now[name]} instead of {then[name]})" if told else name for name in other]
    return _clause(word, sorted(set(then) - set(now)), sorted(set(now) - set(then)), changed)


def _names(word: str, then: Iterable[str], now: Iterable[str]) -> str:
    return _clause(word, sorted(set(then) - set(now)), sorted(set(now) - set(then)), [])


def _clause(word: str, lost: list[str], new: list[str], changed: list[str]) -> str:
    said = [
        f"{how} {', '.join(printable(name) for name in names[:_SHOWN])}"
        + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        for how, names in (("missing", lost), ("new", new), ("otherwise", changed))
        if names
    ]
    return f"{word}: {', '.join(said)}" if said else ""
