# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts an application is made of: which kinds they are, how they are called, and how a point of all holds each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import files, mariadb, openldap, postgresql, redis, sqlite
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Content, Problem, StoredPoint
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


@dataclass(frozen=True)
class Member:
    """One part: its name within the application, the adapter of its kind, and the part as an asset of that kind."""

    name: str
    kind: Replaceable
    asset: Asset


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


def facts_of(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a manifest keeps of each part by its name: kind, facts, extras, and its fingerprint without items."""
    return dict(manifest["extras"]["parts"])


def manifest_of(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    """The manifest as the part's own kind would have written it, without its fingerprint's items."""
    known, start = facts_of(manifest)[name], f"{name}."
    own = [
        {**part, "name": part["name"].removeprefix(start)}
        for part in manifest["parts"]
        if part["name"].startswith(start)
    ]
    more = {"kind": known["kind"], "parts": own, "extras": known["extras"]}
    return {**manifest, **more, "source": {**manifest["source"]["parts"][name], **known["facts"]}}


class Portion:
    """One part of an application's point, for the kind of that part to read (the protocol `StoredPoint`)."""

    def __init__(self, whole: StoredPoint, name: str) -> None:
        self.id = whole.id
        self.manifest = manifest_of(whole.manifest, name)
        self._whole = whole
        self._name = name

    def content(self) -> Content:
        """The part's fingerprint that was taken at the time of the backup."""
        start = f"{self._name}/"
        own = [
            {**item, "name": item["name"].removeprefix(start)}
            for item in self._whole.content().items
            if item["name"].startswith(start)
        ]
        return Content(**facts_of(self._whole.manifest)[self._name]["content"], items=own)

    def open(self, part: str) -> AbstractContextManager[BinaryIO]:
        """Read a stored piece back."""
        return self._whole.open(f"{self._name}.{part}")

    def extract(self, part: str, into: str, only: Sequence[str] = ()) -> None:
        """Put a tree's files, or those at and below the paths in `only`, below the folder `into`."""
        self._whole.extract(f"{self._name}.{part}", into, only)


def together(contents: dict[str, Content]) -> Content:
    """The fingerprint of all parts: every item with the name of its part before it."""
    items = [{**item, "name": f"{name}/{item['name']}"} for name, one in contents.items() for item in one.items]
    rows = [one.rows for one in contents.values() if one.rows is not None]
    return Content.of(
        items,
        count=sum(one.count for one in contents.values()),
        rows=sum(rows) if rows else None,
        rules=sum(one.rules for one in contents.values()),
    )
