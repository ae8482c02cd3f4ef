# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts an application is made of: which kinds they are, and how they are called."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import files, mariadb, openldap, postgresql, redis, sqlite
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import Member
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable

SOURCES = {
    "files": files.SOURCE,
    "mariadb": mariadb.SOURCE,
    "openldap": openldap.SOURCE,
    "postgresql": postgresql.SOURCE,
    "redis": redis.SOURCE,
    "sqlite": sqlite.SOURCE,
}
"""The kinds a part can be of, each with what its `source` may hold."""

_NAME = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


def adapters() -> dict[str, Replaceable]:
    """A new adapter for each of these kinds."""
    kinds: tuple[type[Replaceable], ...] = (
        files.Files,
        mariadb.Mariadb,
        openldap.Openldap,
        postgresql.Postgresql,
        redis.Redis,
        sqlite.Sqlite,
    )
    return {kind.name: kind() for kind in kinds}


def members(asset: Asset, known: dict[str, Replaceable]) -> list[Member]:
    """Read the parts of an application from its source; refuse parts that are misnamed or of no kind."""
    found = [_member(asset, part, known) for part in asset["source"].get("parts") or []]
    names = [member.name for member in found]
    if not found or len(set(names)) < len(names):
        what = f"has two parts called {max(names, key=names.count)}" if found else "names no parts"
        raise Problem(f"The source of {asset['id']} {what}.", "Correct parts in it.", refused=True)
    return found


def _member(asset: Asset, part: dict[str, Any], known: dict[str, Replaceable]) -> Member:
    name, kinds = str(part.get("name")), [kind for kind in known if part.get(kind)]
    if not _NAME.fullmatch(name) or len(kinds) != 1:
        raise Problem(
            f"The part {name} of {asset['id']} needs a name of small letters, digits and hyphens, and one kind: "
            f"{', '.join(sorted(known))}.",
            "Correct parts in its source.",
            refused=True,
        )
    own = {key: value for key, value in asset.items() if key not in ("services", "health", "source")}
    return Member(name, known[kinds[0]], {**own, "kind": kinds[0], "source": part[kinds[0]]})
