# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter of the module `postgresql`: one database, some tables of one, or (`database: "*"`) a whole server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Capture, Content, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import is_whole
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target


class PostgresqlKind(Replaceable):
    """Hands an asset to `Server`, `Tables` or `Postgresql`; a part of an application is always one database."""

    name = "postgresql"

    def __init__(self) -> None:
        self._one = Postgresql()

    @cached_property
    def _tables(self) -> Replaceable:
        """Loaded where it is needed, since each call of a module compiles what it loads."""
        from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_tables import Tables

        return Tables()

    @cached_property
    def _server(self) -> Replaceable:
        from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server import Server

        return Server(Postgresql())

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """See `Kind` and `Replaceable` for what each of these does."""
        return self._of(asset).preflight(asset)

    def capture(self, asset: Asset) -> AbstractContextManager[Capture]:
        """One database, or all."""
        return self._of(asset).capture(asset)

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """One part."""
        return self._of(asset).check(asset, stored, part, stream)

    def admit(self, asset: Asset, stored: StoredPoint, target: Target) -> None:
        """Refuse what cannot be restored."""
        _require_form(asset, stored)
        self._of(asset).admit(asset, stored, target)

    def restore(self, asset: Asset, stored: StoredPoint, target: Target) -> None:
        """Restore one database or tables of it, or all or none."""
        _require_form(asset, stored)
        self._of(asset).restore(asset, stored, target)

    def caveat(self, asset: Asset, stored: StoredPoint, target: Target) -> str | None:
        """What a server would have otherwise."""
        return self._of(asset).caveat(asset, stored, target)

    def wanted(self, stored: StoredPoint, target: Target) -> Content:
        """What a restore has to hold."""
        return self._one.wanted(stored, target)

    def content(self, asset: Asset, target: Target) -> Content:
        """What was restored."""
        return self._of(asset).content(asset, target)

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """How it is restored by hand."""
        return (self._server if _of_a_server(manifest) else self._one).by_hand(manifest)

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """The asset with the tables that were asked for, if any."""
        single = self._tables if pieces else self._one
        return (self._server if is_whole(asset) else single).chosen(asset, pieces)

    def place(self, asset: Asset) -> dict[str, str]:
        """The living place."""
        return self._of(asset).place(asset)

    def alive(self, asset: Asset) -> bool:
        """Whether anything is there."""
        return self._of(asset).alive(asset)

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is the living place."""
        return self._of(asset).is_live(asset, target)

    def beside(self, asset: Asset, mark: str) -> Target:
        """The place beside."""
        return self._of(asset).beside(asset, mark)

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """What it takes."""
        if is_whole(asset) != _of_a_server(manifest):
            raise _of_another_form(manifest)
        return self._of(asset).room(asset, manifest)

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """What would change, of tables."""
        return self._of(asset).difference(asset, stored)

    def stays(self, asset: Asset, stored: StoredPoint) -> list[str]:
        """What would not change, of a server."""
        return self._of(asset).stays(asset, stored)

    def require_idle(self, asset: Asset) -> None:
        """Refuse while anybody is connected."""
        self._of(asset).require_idle(asset)

    def note(self, pair: Pair) -> dict[str, Any]:
        """What tells both sides apart."""
        return self._of(pair.asset, pair.notes).note(pair)

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange databases, or rows of tables."""
        self._of(pair.asset, pair.notes).swap(pair, back)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove what was made beside."""
        self._of(asset).discard(asset, target)

    def _of(self, asset: Asset, notes: dict[str, Any] | None = None) -> Replaceable:
        """Whose the asset is; after a restore its notes know that it was of tables."""
        if is_whole(asset):
            return self._server
        return self._tables if {**(notes or {}), **asset}.get("pieces") else self._one


def _of_a_server(manifest: dict[str, Any]) -> bool:
    return "databases" in manifest["extras"]


def _require_form(asset: Asset, stored: StoredPoint) -> None:
    if is_whole(asset) != _of_a_server(stored.manifest):
        raise _of_another_form(stored.manifest)


def _of_another_form(manifest: dict[str, Any]) -> Problem:
    """A point of one database is none of a whole server, and the other way round."""
    held = "a whole server" if _of_a_server(manifest) else "one database"
    return Problem(
        f"The point is of {held}, and the asset no longer is.",
        "Restore it with the source as it was at the backup.",
        refused=True,
    )
