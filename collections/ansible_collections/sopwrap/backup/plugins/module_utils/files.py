# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of files: restic reads them by path, and a list of hashes says what they hold.

restic 0.14 keeps names in any bytes, links of both sorts, permissions, owners, times, ACLs and extended attributes,
pipes and devices. It passes over sockets, and writes holes in files as zeros when it restores.

A tree that is written to meanwhile has no single state. Every difference between the list and what restic stored is
found by `check`, which reads the stored files back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import (
    fresh_folder,
    hash_list,
    mounts,
    own_folders,
    selection,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.exclusion import Exclusion
from ansible_collections.sopwrap.backup.plugins.module_utils.files_live import FilesLive
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Tree,
    printable,
)

_PART = "tree"

SOURCE = {
    "paths": {"type": "list", "elements": "str", "required": True},
    "exclude": {"type": "list", "elements": "str", "default": []},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""


class Files(FilesLive):
    """The kind `files`; `source` has `paths` (absolute) and `exclude` (restic's patterns)."""

    name = "files"
    lasting = False

    def __init__(self) -> None:
        self._placed: dict[str, list[Root]] = {}
        self._chosen: dict[str, list[str]] = {}

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Look whether all paths are there and may be read."""
        paths, exclude = _source(asset)
        roots, exclusion = layout(paths), Exclusion(exclude)
        for path in paths:
            if path in exclusion:
                raise Problem(f"The exclude patterns leave out {path} itself.", "Correct exclude in the source.")
        require_readable(roots, exclusion)
        return {"paths": paths, "exclude": exclude, "names": {root.path: root.name for root in roots}}

    def estimate(self, asset: Asset, facts: dict[str, Any]) -> int:
        """The bytes of all files that are not left out."""
        return hash_list.size(layout(facts["paths"]), Exclusion(facts["exclude"]))

    def trees(self, asset: Asset, facts: dict[str, Any]) -> list[Tree]:
        """All paths as one part."""
        return [Tree(_PART, facts["paths"], facts["exclude"])]

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Give the paths to restic, and a fingerprint that is hashed meanwhile.

        What has no content (pipes, sockets, devices) is counted in the facts once the hashing is done.
        """
        facts = self.preflight(asset)
        roots, exclusion = layout(facts["paths"]), Exclusion(facts["exclude"])

        def content() -> Content:
            found = hash_list.from_disk(roots, exclusion)
            facts["skipped"] = dict(found.skipped)
            return found.content()

        yield Capture(self.trees(asset, facts), content, facts)

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Hash every stored file and compare with what was hashed at the time of the backup."""
        found = hash_list.from_archive(stream, stored_roots(stored))
        compare(stored.content(), found.content())
        return f"{len(found.items)} names and all their bytes are as they were at the backup"

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse paths the point does not hold."""
        selection.require(stored_roots(stored), stored.content(), target)

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Bring the tree back into an empty folder, several trees each below it with their whole former path."""
        require_owner(self.wanted(stored, target))
        only = selection.paths(target)
        roots = selection.touched(stored_roots(stored), only)
        with fresh_folder.fresh(target) as folder:
            fresh_folder.place(lambda into: stored.extract(_PART, into, only), roots, folder)
        self._placed[folder] = [Root(os.path.join(folder, root.name).rstrip("/"), root.name) for root in roots]
        self._chosen[folder] = selection.names(roots, only)

    def wanted(self, stored: StoredPoint, target: dict[str, Any]) -> Content:
        """All of the point, or what it has at and below the paths of the target's `only`."""
        only = selection.paths(target)
        return selection.part(stored.content(), selection.names(stored_roots(stored), only))

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Hash what this object has restored; what was excluded from the backup cannot be there."""
        folder = fresh_folder.wanted(target)
        found = hash_list.from_disk(self._placed[folder], Exclusion([])).content()
        return selection.part(found, self._chosen[folder])


def layout(paths: list[str]) -> list[Root]:
    """Say what the trees are called in the list, which is also where a restore puts them below its target.

    One folder becomes the target itself; several trees, or a single file, keep their whole path below it.
    """
    return [Root(path, "" if len(paths) == 1 and not os.path.isfile(path) else path.lstrip("/")) for path in paths]


def stored_roots(stored: StoredPoint) -> list[Root]:
    """Say what the trees of a point were called; the live ones may be gone or may have become something else."""
    names: dict[str, str] = stored.manifest["source"]["names"]
    return [Root(path, name) for path, name in names.items()]


def require_readable(roots: list[Root], exclusion: Exclusion) -> None:
    """Refuse a tree that this user can only read in part: a backup that lacks files is none."""
    refused = hash_list.unreadable(roots, exclusion)
    if refused:
        named = ", ".join(printable(path) for path in refused[:3]) + (" ..." if len(refused) > 3 else "")
        raise Problem(
            f"This user may not read {len(refused)} names below {roots[0].path}: {named}.",
            "Set become for the play, or leave them out with exclude.",
        )


def require_owner(content: Content) -> None:
    """Refuse a restore whose files belong to others when this user cannot give them to those others."""
    own = os.geteuid()
    others = sum(item["digest"].split(" ")[2].split(":")[0] != str(own) for item in content.items)
    if own != 0 and others:
        raise Problem(
            f"{others} of the stored files belong to other users, which only root can give them to.",
            "Set become for the play.",
            refused=True,
        )


def compare(wanted: Content, found: Content) -> None:
    """Raise a `Problem` that names what restic stored otherwise than it was hashed."""
    difference = wanted.difference(found)
    if difference:
        raise Problem(
            f"Files were changed while the backup read them, so the stored ones are not those that were hashed"
            f" ({difference}).",
            "Back up again while nothing writes to them.",
        )


def _source(asset: Asset) -> tuple[list[str], list[str]]:
    """Return the asset's paths (absolute, without links in them, none below another) and what is left out of them."""
    source = asset.get("source") or {}
    given = [str(path) for path in source.get("paths") or []]
    if not given:
        raise Problem("The asset's source names no paths.", "Add paths to it.", refused=True)
    found: list[str] = []
    for path in sorted({_resolved(path) for path in given}):
        if not any(path.startswith(top.rstrip("/") + "/") for top in found):
            _require_kept(path)
            found.append(path)
    return found, own_folders.exclude(asset, found)


def _require_kept(path: str) -> None:
    """Refuse what no disk holds: such files often tell no size, and are stored as if they were empty."""
    kind = mounts.made_up(path)
    if kind:
        raise Problem(
            f"{printable(path)} lies on a file system of the type {kind}, which the kernel makes up as it is read:"
            " nothing of it can be restored.",
            "Correct paths in the asset's source: name what is kept on a disk.",
            refused=True,
        )


def _resolved(path: str) -> str:
    """restic stores a link as a link: a backup of one would hold nothing, so it has to be named by its target."""
    if not os.path.isabs(path):
        raise Problem(f"The path {path!r} is not absolute.", "Correct paths in the asset's source.", refused=True)
    if os.path.islink(path.rstrip("/")):
        raise Problem(f"{path} is a link.", f"Name the place it leads to: {os.path.realpath(path)}.", refused=True)
    return os.path.realpath(path)
