# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remember the snapshots of a repository on this host, so that a backup need not open it to be told what is there.

restic opens a repository for half a second (its scrypt). It names the file of a snapshot by the SHA-256 of what is in
it, so a name that was seen before is the snapshot that was seen before, whoever has written or removed others since;
with a single name that is not known all of them are asked for anew. What is remembered holds no secret, and stands
beside restic's own cache.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic

_FORMAT = "sopwrap.snapshots/1"


class Remembered:
    """What was seen in one repository: the names of its snapshots' files, and restic's list of those that are ours."""

    def __init__(self, restic: Restic) -> None:
        self._restic = restic
        name = hashlib.sha256(restic.repository.encode()).hexdigest()[:32]
        self._path = os.path.join(restic.cache, "sopwrap", f"{name}.json")

    def snapshots(self, anew: bool) -> list[dict[str, Any]]:
        """Our snapshots as restic lists them; with `anew` it is asked whatever is known."""
        names = self.names()  # before it is asked: what comes meanwhile is not among what was seen
        known = None if anew else self.recall(names)
        if known is None:
            known = self._restic.snapshots("sopwrap")
            self.learn(names, known)
        return known

    def names(self) -> set[str] | None:
        """The snapshots that are in the repository now; None where that cannot be seen (it lies on another host)."""
        if self._restic.folder is None:
            return None
        try:
            return set(os.listdir(os.path.join(self._restic.folder, "snapshots")))
        except OSError:
            return None

    def recall(self, names: set[str] | None) -> list[dict[str, Any]] | None:
        """Our snapshots among these, as restic lists them; None unless all of these are known."""
        known = self._load()
        if names is None or not names <= set(known["seen"]):
            return None
        return [snapshot for snapshot in known["snapshots"] if snapshot["id"] in names]

    def learn(self, names: set[str] | None, snapshots: list[dict[str, Any]]) -> None:
        """Remember what restic has listed; `names` are what was there before."""
        if names is not None:
            self._save(names, snapshots)

    def add(self, stored: list[dict[str, Any]]) -> None:
        """Remember what this process has stored since, of which restic tells the beginning of the name alone."""
        names = self.names()
        if names is None:
            return
        known = self._load()
        fresh = names - set(known["seen"])
        for snapshot in stored:
            found = [name for name in fresh if name.startswith(snapshot["id"])]
            if len(found) == 1:
                known["seen"].append(found[0])
                known["snapshots"].append({**snapshot, "id": found[0]})
        self._save(set(known["seen"]) & names, [one for one in known["snapshots"] if one["id"] in names])

    def _load(self) -> dict[str, Any]:
        with suppress(OSError, ValueError), open(self._path, encoding="utf-8") as stream:
            known = json.load(stream)
            if isinstance(known, dict) and known.get("format") == _FORMAT:
                return known
        return {"format": _FORMAT, "seen": [], "snapshots": []}

    def _save(self, seen: set[str], snapshots: list[dict[str, Any]]) -> None:
        """Write it as a whole or not at all; where it cannot be kept, restic is asked the next time."""
        data = {"format": _FORMAT, "seen": sorted(seen), "snapshots": snapshots}
        with suppress(OSError):
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            draft = f"{self._path}.{os.getpid()}"
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
                stream.write(json.dumps(data))
            os.replace(draft, self._path)
