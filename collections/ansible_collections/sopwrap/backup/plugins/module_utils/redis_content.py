# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fingerprint of what a Redis server holds: how many keys in each database, one digest over all, its functions."""

from __future__ import annotations

import hashlib
import json
import re

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.redis_client import Client, second


def fingerprint(path: str) -> Content:
    """Take the fingerprint of an RDB file by having a server of our own read it.

    `DEBUG DIGEST` does not depend on the order of keys, members or fields, nor on how they are encoded. Of keys with a
    time to live it says that they have one, not until when.
    """
    with second(path) as server:
        keys = {name: int(count) for name, count in _KEYS.findall(server.ask("INFO", "keyspace"))}
        items = [{"name": name, "count": count, "digest": None} for name, count in keys.items()]
        items.append({"name": "keys", "count": sum(keys.values()), "digest": server.ask("DEBUG", "DIGEST")})
        items += _functions(server)
    return Content.of(items, count=sum(keys.values()))


def _functions(server: Client) -> list[dict[str, object]]:
    """Function libraries, which exist from version 7 on."""
    if int(server.info("server")["redis_version"].split(".")[0]) < 7:
        return []
    libraries = json.loads(server.ask("FUNCTION", "LIST", "WITHCODE", json=True))
    return [
        {
            "name": f"function {library['library_name']}",
            "count": None,
            "digest": hashlib.sha256(library["library_code"].encode()).hexdigest(),
        }
        for library in libraries
    ]


_KEYS = re.compile(r"^(db\d+):keys=(\d+)", re.MULTILINE)
