# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored configuration in the place of a device's running one.

What is `beside` lies in memory on the controller: the text to go to the device, and the one it had. An exchange is the
platform's own replacement of all of it, which undoes itself when the device is lost.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_replace import replace, require_way
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target
from ansible_collections.sopwrap.backup.plugins.module_utils.text_difference import difference

TEXT = "configuration.txt"
"""The part of a point that holds the configuration."""

FOLDER = "/run/sopwrap/network_config"
"""On no disk: configurations hold passwords. After a restart of the controller the safety copy in the store is left."""


class NetworkLive(Replaceable):
    """What follows for a device; `device` and `text_now` are the kind's."""

    elsewhere = True

    def device(self, asset: Asset) -> Device:
        """Return the device an asset's source describes."""
        raise AssertionError("the kind says this")

    def text_now(self, asset: Asset) -> str:
        """Ask the device anew and return its configuration."""
        raise AssertionError("the kind says this")

    def place(self, asset: Asset) -> dict[str, str]:
        """The device, as it is reached."""
        device = self.device(asset)
        return {"device": device.name, "address": f"{device.way.address} port {device.way.port}"}

    def alive(self, asset: Asset) -> bool:
        """A device that does not answer cannot take anything either."""
        return True

    def is_live(self, asset: Asset, target: Target) -> bool:
        """No file is a device."""
        return False

    def beside(self, asset: Asset, mark: str) -> Target:
        """A file in memory on the controller."""
        os.makedirs(FOLDER, mode=0o700, exist_ok=True)
        return {"path": os.path.join(FOLDER, f"{mark}.txt")}

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """As much as the text; refuse a device that cannot replace its whole configuration."""
        require_way(self.device(asset))
        return Room(sum(part["size_bytes"] for part in manifest["parts"]))

    def difference(self, asset: Asset, stored: StoredPoint) -> dict[str, Any] | None:
        """Ask the device anew and compare its configuration with the stored one; files have no lines."""
        platform = self.device(asset).platform
        if platform.shape.form == "binary":
            return None
        with stored.open(TEXT) as stream:
            wanted = stream.read().decode("utf-8", "surrogateescape")
        return difference(platform, self.text_now(asset), wanted)

    def require_idle(self, asset: Asset) -> None:
        """A device works on while its configuration is replaced."""

    def note(self, pair: Pair) -> dict[str, Any]:
        """Keep the text the device has at present; after a former exchange the one it had then is what is beside."""
        beside, before = self._paths(pair)
        present = f"{before}.now"
        with open(os.open(present, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(self.text_now(pair.asset).encode("utf-8", "surrogateescape"))
        if pair.notes and os.path.exists(before):
            os.replace(before, beside)
        os.replace(present, before)
        return {"before": before}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Give the device the one text or the other; nothing is done where it has that already."""
        path = self._paths(pair)[1 if back else 0]
        try:
            with open(path, "rb") as stream:
                text = stream.read().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            raise Problem(
                f"The text for {self.device(pair.asset).name} is not in memory any more.",
                "Restore the safety copy, which is the newest point but one.",
            ) from None
        replace(self.device(pair.asset), text)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove a text."""
        with suppress(FileNotFoundError):
            os.unlink(target["path"])

    def remove(self, pair: Pair) -> None:
        """Remove both texts."""
        for path in self._paths(pair):
            self.discard(pair.asset, {"path": path})

    def _paths(self, pair: Pair) -> tuple[str, str]:
        path = str(self.beside(pair.asset, pair.mark)["path"])
        return path, f"{path}.before"
