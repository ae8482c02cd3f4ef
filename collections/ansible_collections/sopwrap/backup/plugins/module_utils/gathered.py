# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the small files of points that were stored together with one call, not one for every file of every point.

A call of restic costs half a second whatever it reads; the configurations of a thousand devices share one snapshot.
"""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic

_TOGETHER = "part:blobs"


class Gathered:
    """What was read together of one store; whatever else is asked for is read by itself."""

    def __init__(self, restic: Restic) -> None:
        self._restic = restic
        self._files: dict[str, dict[str, bytes]] = {}

    def gather(self, points: list[Entry]) -> None:
        """Read the snapshots that several of these points share.

        One that cannot be read as a whole is left: then each point is read by itself and has its own trouble.
        """
        shared = Counter(snapshot for point in points for snapshot in _small(point))
        for snapshot, points_in_it in shared.items():
            if points_in_it > 1 and snapshot not in self._files:
                with suppress(Problem, tarfile.TarError):
                    self._files[snapshot] = self._read(snapshot)

    def dump(
        self, snapshot: str, path: str, archive: bool = False, cached: bool = True
    ) -> AbstractContextManager[BinaryIO]:
        """Give one stored file, as `Restic.dump` does; a file is given once, since points are read once."""
        data = None if archive or not cached else self._files.get(snapshot, {}).pop(path, None)
        return self._restic.dump(snapshot, path, archive, cached) if data is None else nullcontext(io.BytesIO(data))

    def _read(self, snapshot: str) -> dict[str, bytes]:
        found = {}
        with (
            self._restic.dump(snapshot, "/", archive=True) as raw,
            tarfile.open(fileobj=raw, mode="r|") as archive,
        ):
            for member in archive:
                stream = archive.extractfile(member)
                if stream is not None:
                    found[f"/{member.name.lstrip('/')}"] = stream.read()
        return found


def _small(point: Entry) -> set[str]:
    """The snapshots that hold nothing but what was in memory when it was stored: manifests and blobs."""
    blobs = {str(snapshot["id"]) for snapshot in point.snapshots if _TOGETHER in (snapshot.get("tags") or [])}
    return blobs | ({str(point.manifest["id"])} if point.manifest else set())
