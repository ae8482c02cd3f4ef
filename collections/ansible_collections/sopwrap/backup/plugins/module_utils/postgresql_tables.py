# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some tables of a point in the place of those of the living PostgreSQL database; all others stay as they are."""

from __future__ import annotations

import secrets
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_keys as keys
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces, selection
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_rows as rows
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import PART, Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_again import archived_keys
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import client_of
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_preview import difference
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Room, Target

_EMPTY = 10_000_000
"""Bytes of a database without rows, more or less."""

_COPIES = 3
"""How often rows are there at most: the point's and the former ones beside, and those that were just deleted."""


class Tables(Postgresql):
    """The asset of such a restore has `pieces`, a list of words; notes have both states (`postgresql_rows`)."""

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """The asset with its pieces as they are named in full."""
        return {**asset, "pieces": [f"{postgresql_pieces.WORD}{name}" for name in postgresql_pieces.of_words(pieces)]}

    def place(self, asset: Asset) -> dict[str, str]:
        """The database and the tables."""
        return {**super().place(asset), "pieces": selection.as_line(asset["pieces"])}

    def beside(self, asset: Asset, mark: str) -> Target:
        """A database with all definitions and the rows of these tables; what it is called does not depend on them."""
        return {**super().beside(asset, mark), "tables": postgresql_pieces.of_words(asset.get("pieces") or [])}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """What the tables take at present some times over; refuse where rows could not be exchanged at all."""
        whole, names = super().room(asset, manifest), postgresql_pieces.of_words(asset["pieces"])
        if not self.alive(asset):
            raise Problem(
                f"There is no database {asset['source']['database']} to put tables back into.",
                "Restore the whole database: leave the pieces out.",
                refused=True,
            )
        with client_of(asset) as client:
            _require_right(client)
            sizes = client.query(_SIZES.format(names=", ".join(map(literal, names))))
        known = len(sizes) == len(names)
        return Room(_EMPTY + _COPIES * sum(sizes) if known else whole.needed, whole.free)

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """The rows of each table that go and come; refuse tables and rows that could not be put back."""
        with client_of(asset) as client:
            return difference(client, stored, PART, postgresql_pieces.of_words(asset["pieces"]))

    def restore(self, asset: Asset, stored: StoredPoint, target: Target) -> None:
        """Load the tables beside, and with them what a table that is gone has to be made again with."""
        super().restore(asset, stored, target)
        with client_of(asset) as client:
            lost = len(rows.tables(client.query, target["tables"])) < len(target["tables"])
            rows.prepare(client, target["database"], archived_keys(client, stored, PART) if lost else [])

    def note(self, pair: Pair) -> dict[str, Any]:
        """What the tables hold in both places, and where beside what lives will be kept."""
        words = pair.notes.get("pieces") or pair.asset["pieces"]
        names, beside = postgresql_pieces.of_words(words), self._beside(pair)
        with client_of(pair.asset) as client:
            lives = rows.state(client.query, names, f"k{secrets.token_hex(4)}")
            lives["dangling"] = keys.dangling(client.query, keys.keys(client.query, names))
            if pair.notes:
                apart = rows.apart(client, beside)
                known = next(pair.notes[side] for side in ("live", "beside") if pair.notes[side]["kept"] == apart)
            else:
                known = rows.state(lambda sql: client.query(sql, beside), names)
        return {"pieces": list(words), "live": lives, "beside": known}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Keep what lives, then exchange the rows, unless they are where they belong."""
        wanted, leaving = (pair.notes[side] for side in (("live", "beside") if back else ("beside", "live")))
        names, beside = postgresql_pieces.of_words(pair.notes["pieces"]), self._beside(pair)
        with client_of(pair.asset) as client:
            if not back:
                rows.keep(client, beside, leaving)
            if not rows.is_so(rows.state(client.query, names), wanted):
                rows.exchange(client, beside, wanted, back)
            rows.set_apart(client, beside, leaving["kept"])


def _require_right(client: Client) -> None:
    """Refuse an account that cannot keep triggers from doing again what they did when the rows came first."""
    if not client.query("SELECT to_json(rolsuper) FROM pg_roles WHERE rolname = current_user;")[0]:
        raise Problem(
            f"The account {client.source.get('user') or 'postgres'} is no superuser of {client.place}, and only one can"
            " put rows back without any trigger firing.",
            "Name a superuser in the asset's source, or restore the whole database.",
            refused=True,
        )


_SIZES = """SELECT to_json(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname IN ({names});"""
