# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter of the module `postgresql`: one database, or (`database: "*"`) a whole server."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Capture, Content, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server import Server, is_whole


class PostgresqlKind(Postgresql):
    """Hands a whole server to `Server`; a part of an application is always one database."""

    def __init__(self) -> None:
        self._server = Server(Postgresql())

    def place(self, asset: Asset) -> dict[str, str]:
        """A whole server is not replaced: what lives on it are its databases."""
        if is_whole(asset):
            raise Problem(
                "A whole server does not take the place of a living one.",
                "Restore it beside or onto a fresh server, or make an asset of the database.",
                refused=True,
            )
        return super().place(asset)

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
        (self._server if is_whole(asset) else super()).restore(asset, stored, target)

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """What was restored."""
        return (self._server if is_whole(asset) else super()).content(asset, target)

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """How it is restored by hand."""
        return (self._server if _of_a_server(manifest) else super()).by_hand(manifest)


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
