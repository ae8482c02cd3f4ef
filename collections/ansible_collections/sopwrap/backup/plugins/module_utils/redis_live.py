# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redis data in the place of the living one: the server takes the restored data over as a replica does, all at once."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import exchange
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_client import Client, feed
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair, Replaceable, Room, Target

_PATIENCE = 10.0
"""Seconds that clients of a stopped service are given to be gone."""

_CLIENT = re.compile(r"addr=(\S+).* name=(\S*).* cmd=(\S+)")


class RedisLive(Replaceable):
    """What is to live and what lived before lie beside, as files. The server itself runs all the time."""

    def place(self, asset: Asset) -> dict[str, str]:
        """The server."""
        return {"server": Client(asset["source"]).place}

    def alive(self, asset: Asset) -> bool:
        """A server that answers has data, if only none; one that does not is a Problem."""
        return Client(asset["source"]).ask("PING") == "PONG"

    def is_live(self, asset: Asset, target: Target) -> bool:
        """Whether the target is the file the server itself saves to."""
        client = Client(asset["source"])
        with suppress(Problem, IndexError):
            names = [client.ask("CONFIG", "GET", word).splitlines()[1] for word in ("dir", "dbfilename")]
            return os.path.realpath(str(target.get("path") or "/")) == os.path.realpath(os.path.join(*names))
        return False

    def beside(self, asset: Asset, mark: str) -> Target:
        """A file in the folder for copies."""
        return {
            "path": os.path.join(asset["source"].get("scratch") or "/var/tmp", f".sopwrap-{mark}-{asset['id']}.rdb")
        }

    def room(self, asset: Asset, manifest: dict[str, Any]) -> Room:
        """Twice the stored data; refuse a server on another machine, which could not reach ours."""
        source = asset["source"]
        if not source.get("socket") and source.get("host") not in (None, "127.0.0.1", "::1", "localhost"):
            raise Problem(
                f"Redis at {Client(source).place} is not on this host.",
                "Restore into a file, or make it an asset of its own host.",
                refused=True,
            )
        needed = 2 * sum(part["size_bytes"] for part in manifest["parts"])
        return Room(needed, exchange.free_bytes(self.beside(asset, "0")["path"]))

    def require_idle(self, asset: Asset) -> None:
        """Wait a little for the last clients, then refuse and name them."""
        end, client = time.monotonic() + _PATIENCE, Client(asset["source"])
        while clients := _others(client):
            if time.monotonic() > end:
                raise Problem(
                    f"Clients are connected to Redis at {client.place}: {', '.join(clients[:5])}.",
                    "Name the services they belong to in services of the asset, or end them.",
                    refused=True,
                )
            time.sleep(0.5)

    def note(self, pair: Pair) -> dict[str, Any]:
        """Keep what lives at present; after a former exchange, what lived before that is what is beside."""
        beside, before = self._paths(pair)
        present = f"{before}.now"
        exchange.remove(present)
        Client(pair.asset["source"]).save(present)
        if pair.notes and os.path.exists(before):
            os.replace(before, beside)
        os.replace(present, before)
        return {"before": before}

    def swap(self, pair: Pair, back: bool = False) -> None:
        """Let the server take one of both over; what it has already it takes once more."""
        path = self._paths(pair)[1 if back else 0]
        if not os.path.exists(path):
            raise Problem(f"The data for Redis is not there any more: {path}.", "Restore the safety copy.")
        feed(Client(pair.asset["source"]), path)

    def discard(self, asset: Asset, target: Target) -> None:
        """Remove a file."""
        exchange.remove(target["path"])

    def remove(self, pair: Pair) -> None:
        """Remove both files."""
        for path in self._paths(pair):
            exchange.remove(path)

    def _paths(self, pair: Pair) -> tuple[str, str]:
        path = str(self.beside(pair.asset, pair.mark)["path"])
        return path, f"{path}.before"


def _others(client: Client) -> list[str]:
    """The ordinary clients but for the one that asks."""
    known = (_CLIENT.search(line) for line in client.ask("CLIENT", "LIST", "TYPE", "normal").splitlines())
    return [f"{one[2] or 'a client'} at {one[1]}" for one in known if one and one[3] != "client|list"]
