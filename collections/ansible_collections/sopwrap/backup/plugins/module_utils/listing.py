# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery points of a store as restic's list of its snapshots tells them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One recovery point as the listing of a store shows it, without reading its manifest.

    `manifest` is the snapshot that commits the point; without it the point does not exist. `snapshots` are all of its
    snapshots, data first, as restic lists them. `purpose` is null for a backup, and `safety` for what a restore has
    replaced.
    """

    id: str
    asset: str
    kind: str | None
    content: str | None
    host: str
    manifest: dict[str, Any] | None
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    purpose: str | None = None

    @property
    def order(self) -> tuple[str, str]:
        """Sorts points by age: the time in the id, then restic's."""
        return self.id.split(".")[1], str(self.manifest["time"]) if self.manifest else ""

    @property
    def taken_at(self) -> str:
        """When the point was made (UTC ISO 8601), as its id says."""
        stamp = self.id.split(".")[1]
        return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:11]}:{stamp[11:13]}:{stamp[13:15]}Z"

    def part(self, name: str) -> dict[str, Any] | None:
        """Return the data snapshot that holds a part; the blobs of a point share one."""
        labels = (f"part:{name}", "part:blobs")
        found = (one for label in labels for one in self.snapshots if label in (one.get("tags") or []))
        return next(found, None)


class Listing:
    """All points of a store, finished or not, oldest first, and those of one asset.

    A store of a thousand devices is asked about each of them, so that no question may look at all points anew.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self._by_asset: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_asset.setdefault(entry.asset, []).append(entry)

    def of(self, asset: str) -> list[Entry]:
        """Return the points of an asset, oldest first."""
        return self._by_asset.get(asset, [])

    def unfinished(self, asset: str, but: str) -> list[str]:
        """Return the snapshots of an asset's unfinished points that no finished point, nor the one `but`, needs."""
        left = [entry for entry in self.of(asset) if not entry.manifest and entry.id != but]
        if not left:
            return []
        kept = (entry for entry in self.entries if entry.manifest or entry.id == but)
        needed = {snapshot["id"] for entry in kept for snapshot in entry.snapshots}
        return sorted({snapshot["id"] for entry in left for snapshot in entry.snapshots} - needed)


def sort_points(snapshots: list[dict[str, Any]]) -> list[Entry]:
    """Group restic's snapshots into points by their tags, oldest point first.

    A snapshot may belong to several points (their blobs, or their manifests, stored together); the tags `host:` and
    `content:` of each point then follow its tag `point:`.
    """
    found: dict[str, dict[str, Any]] = {}
    for snapshot in snapshots:
        labels = dict(tag.split(":", 1) for tag in snapshot["tags"] if ":" in tag)
        point = ""
        for tag in snapshot["tags"]:
            word, _colon, value = tag.partition(":")
            if word == "point":
                point = value
                known = found.setdefault(point, {"kind": None, "content": None, "manifest": None, "snapshots": []})
                known["snapshots"].append(snapshot)
                known["host"] = snapshot["hostname"]
                if labels.get("role") == "manifest":
                    known.update(manifest=snapshot, kind=labels.get("kind"))
            elif word in ("content", "host", "purpose") and point:
                found[point][word] = value
    entries = [Entry(id=point, asset=point.split(".")[0], **known) for point, known in found.items()]
    for entry in entries:
        entry.snapshots.sort(key=lambda snapshot: snapshot is entry.manifest)
    return sorted(entries, key=lambda entry: entry.order)
