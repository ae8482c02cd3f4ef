# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind has to know beside `Kind` so that a point can take the place of the living data, and give it up again.

All data stays on the host until its time is over: a restore is loaded `beside` the living data, and `swap` exchanges
the two. The same `swap`, the other way round, is the way back. Who may do it, in which order, and what happens when
something fails is the same for all kinds and stands in `replace.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Kind, Problem, StoredPoint

Target = dict[str, Any]
"""A place as `Kind.restore` and `Kind.content` take it."""


@dataclass(frozen=True)
class Room:
    """Bytes that a restore beside needs and that are free there; `free` is null when only the server's host knows."""

    needed: int
    free: int | None = None


@dataclass
class Pair:
    """The living data of an asset and what lies beside it under the mark of one restore.

    `notes` is what the kind wrote down (plain JSON) before the first exchange, to tell afterwards which is which.
    """

    asset: Asset
    mark: str
    notes: dict[str, Any] = field(default_factory=dict)


class Replaceable(Kind, ABC):
    """A kind whose living data can be replaced. Methods may raise `Problem`, like those of `Kind`.

    `elsewhere` says that the data live on another machine than the one that works for them.
    """

    elsewhere = False

    def chosen(self, asset: Asset, pieces: list[str]) -> Asset:
        """Return the asset as a restore is to see it that was asked for these pieces; most kinds come back whole."""
        if pieces:
            raise Problem(f"The kind {self.name} is replaced as a whole.", "Leave pieces out.", refused=True)
        return asset

    @abstractmethod
    def place(self, asset: Asset) -> dict[str, str]:
        """Name the living place in public words; a permit is bound to exactly this."""

    @abstractmethod
    def alive(self, asset: Asset) -> bool:
        """Say whether there is any living data (it may have been lost)."""

    @abstractmethod
    def is_live(self, asset: Asset, target: Target) -> bool:
        """Say whether a target that calls itself fresh is the living place, whatever is there at present."""

    @abstractmethod
    def beside(self, asset: Asset, mark: str) -> Target:
        """Name the place beside the living data for the restore with this mark."""

    @abstractmethod
    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """Say how much room a restore of this point beside the living data takes, and how much there is."""

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """Say what of the living data the point would change, in lines anybody may read (`text_difference.py`).

        None where data has no lines. It is asked again after the exchange, when nothing may be left of it.
        """
        return None

    def stays(self, asset: Asset, stored: StoredPoint) -> list[str]:
        """Name what lives, is not in the point, and stays as it is: `WORD:NAME`; most kinds come back whole."""
        return []

    @abstractmethod
    def require_idle(self, asset: Asset) -> None:
        """Refuse while anybody is connected to the living data or has it open; leave nothing of it in a log."""

    def require_rest(self, asset: Asset) -> None:
        """Refuse while anybody may be writing to the living data; who only reads may stay where that can be told."""
        self.require_idle(asset)

    def pause(self, asset: Asset) -> None:
        """Keep what uses the data from writing, beside the services; done again it does nothing more."""
        return

    def resume(self, asset: Asset) -> list[str]:
        """End what `pause` began, if anything; return sentences about what could not be ended."""
        return []

    @abstractmethod
    def note(self, pair: Pair) -> dict[str, Any]:
        """Write down what tells the living data and the data beside it apart. Change nothing."""

    @abstractmethod
    def swap(self, pair: Pair, back: bool = False) -> None:
        """Make what was beside when the notes were taken the living data, or, going `back`, what lived then.

        Both kinds of data stay on the host; what does not live is beside. Nothing is done where it is so already, and
        an exchange that broke off in the middle is finished or taken back, whichever is asked for.
        """

    @abstractmethod
    def discard(self, asset: Asset, target: Target) -> None:
        """Remove what a restore has made in a place that is not the living one; nothing there is no error."""

    def remove(self, pair: Pair) -> None:
        """Remove what is beside the living data; it is no error when nothing is there."""
        self.discard(pair.asset, self.beside(pair.asset, pair.mark))
