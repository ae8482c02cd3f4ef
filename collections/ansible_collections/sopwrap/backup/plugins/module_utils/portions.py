# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a point that is made of several parts holds each of them, whatever kinds they are of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Content, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable


@dataclass(frozen=True)
class Member:
    """One part: its name within the whole, the adapter of its kind, and the part as an asset of that kind."""

    name: str
    kind: Replaceable
    asset: Asset


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
