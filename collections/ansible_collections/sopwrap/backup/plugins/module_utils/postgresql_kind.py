# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter of the module `postgresql`: one database, some tables of one, or (`database: "*"`) a whole server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Capture, Content, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server import Server, is_whole
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_tables import Tables
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Room, Target


class PostgresqlKind(Postgresql):
    """Hands a whole server to `Server`, and tables in place to `Tables`; a part of an application is one database."""

    def __init__(self) -> None:
        self._server = Server(Postgresql())
        self._tables = Tables()

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """The asset with the tables that were asked for, if any."""
        if is_whole(asset) and pieces:
            raise Problem(
                "A whole server is not replaced by pieces.", "Make an asset of that database for it.", refused=True
            )
        return self._tables.chosen(asset, pieces) if pieces else asset

    def place(self, asset: Asset) -> dict[str, str]:
        """A whole server is not replaced: what lives on it are its databases."""
        if is_whole(asset):
            raise Problem(
                "A whole server does not take the place of a living one.",
                "Restore it beside or onto a fresh server, or make an asset of the database.",
                refused=True,
            )
        return self._tables.place(asset) if asset.get("pieces") else super().place(asset)

    def beside(self, asset: Asset, mark: str) -> Target:
        """See `Postgresql`, or `Tables`."""
        return self._tables.beside(asset, mark) if asset.get("pieces") else super().beside(asset, mark)

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """For one database, or for tables."""
        return (self._tables if asset.get("pieces") else super()).room(asset, manifest)

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """Of tables alone."""
        return (self._tables if asset.get("pieces") else super()).difference(asset, stored)

    def note(self, pair: Pair) -> dict[str, Any]:
        """What tells both sides apart."""
        return (self._tables if _of_tables(pair) else super()).note(pair)

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Exchange databases, or rows of tables."""
        (self._tables if _of_tables(pair) else super()).swap(pair, back)

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """See `Postgresql`, or `Server`; so do all that follow."""
        return self._server.preflight(asset) if is_whole(asset) else super().preflight(asset)

    def capture(self, asset: Asset) -> AbstractContextManager[Capture]:
        """One database, or all."""
        return self._server.capture(asset) if is_whole(asset) else super().capture(asset)

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """One part."""
        return (self._server if is_whole(asset) else super()).check(asset, stored, part, stream)

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse what cannot be restored."""
        _require_form(asset, stored)
        (self._server if is_whole(asset) else super()).admit(asset, stored, target)

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Restore one database, or all or none."""
        _require_form(asset, stored)
        single = self._tables if asset.get("pieces") else super()
        (self._server if is_whole(asset) else single).restore(asset, stored, target)

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """What was restored."""
        return (self._server if is_whole(asset) else super()).content(asset, target)

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """How it is restored by hand."""
        return (self._server if _of_a_server(manifest) else super()).by_hand(manifest)


def _of_tables(pair: Pair) -> bool:
    return bool(pair.notes.get("pieces") or pair.asset.get("pieces"))


def _of_a_server(manifest: dict[str, Any]) -> bool:
    return "databases" in manifest["extras"]


def _require_form(asset: Asset, stored: StoredPoint) -> None:
    """Refuse a point of one database for a whole server, and the other way round."""
    if is_whole(asset) != _of_a_server(stored.manifest):
        held = "a whole server" if _of_a_server(stored.manifest) else "one database"
        raise Problem(
            f"The point is of {held}, and the asset no longer is.",
            "Restore it with the source as it was at the backup.",
            refused=True,
        )
