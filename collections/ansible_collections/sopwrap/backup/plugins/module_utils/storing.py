# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the parts of a point that is being made go into its store."""

from __future__ import annotations

import os
from typing import cast

from ansible_collections.sopwrap.backup.plugins.module_utils import in_memory, own_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Blob, Part, Stream, Tree
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Draft
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Stored
from ansible_collections.sopwrap.backup.plugins.module_utils.store import Store


def store_part(draft: Draft, part: Part) -> Stored:
    """Store a stream or a tree; a blob is kept in memory until the point is committed."""
    restic = draft.trace.store.restic
    tags = ["sopwrap", *draft.tags("data"), f"part:{part.name}"]
    if isinstance(part, Stream):
        return restic.store(draft.path(part), tags, draft.host, part.open())
    if isinstance(part, Tree):
        draft.left_out |= own_folders.left_out(draft.trace.asset, part.paths, part.exclude)
        return restic.store_tree(part.paths, part.exclude, tags, draft.host)
    blob = cast(Blob, part)
    draft.blobs[draft.path(part)] = blob.data
    return Stored.of_blob(blob.data)


def store_files(store: Store, files: dict[str, bytes], tags: list[str], host: str) -> Stored:
    """Store small files as one snapshot; on the way they lie in a private folder in memory."""
    with in_memory.folder() as folder:
        for path, data in files.items():
            place = folder + path
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as stream:
                stream.write(data)
        return store.restic.store_tree(["."], [], tags, host, cwd=folder)
