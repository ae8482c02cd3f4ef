# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store: a place recovery points live in, the medium it lies on, and what points are in it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.gathered import Gathered
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.listing import Entry, Listing, sort_points
from ansible_collections.sopwrap.backup.plugins.module_utils.medium import check_medium
from ansible_collections.sopwrap.backup.plugins.module_utils.remembered import Remembered
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Restic
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Damaged, Missing

SETTLE = 3.0
"""Seconds that making a repository takes at most between looking whether there is one and being done."""


class Store:
    """One entry of `sopwrap_stores`. What it learns of its repository it keeps until `look` is called again."""

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        self.name = name
        self.placement: str = config["placement"]
        self.medium: dict[str, Any] | None = config.get("medium")
        where = (config["repository"], config["password"], config.get("cache"), config.get("access"))
        self.restic = Restic(name, *where)
        self.gathered = Gathered(self.restic)
        self.remembered = Remembered(self.restic)
        self._identity: str | None = None
        self._listing: Listing | None = None
        self._looking: Beside | None = None

    @property
    def label(self) -> str | None:
        """The label of the medium the store lies on."""
        return self.medium["label"] if self.medium else None

    def admit(self, writing: bool) -> None:
        """Refuse unless the store's medium is there, is the one that is named, and can be used. Write nothing."""
        folder = self.restic.folder
        if self.medium and folder is not None:
            check_medium(self.medium, writing)
            inside = os.path.join(os.path.realpath(self.medium["path"]), "")
            if not os.path.join(os.path.realpath(folder), "").startswith(inside):
                raise Problem(
                    f"The repository of the store {self.name} does not lie on its medium {self.label}.",
                    f"Put the repository below {self.medium['path']} in sopwrap_stores.",
                    refused=True,
                )
            self.restic.access.anchor()
        if writing and folder is not None:
            self._require_writable(folder)
        elif writing and self.medium and self.medium.get("minimum_free"):
            self._require_room(int(self.medium["minimum_free"]))

    def _require_room(self, least: int) -> None:
        """Refuse a server with too little room, where it tells how much it has."""
        free = self.restic.free_bytes()
        if free is not None and free < least:
            raise Problem(
                f"The medium {self.label} has {free} bytes free, fewer than the {least} it must have.",
                "Make room on it, or use another medium.",
                refused=True,
            )

    def _require_writable(self, folder: str) -> None:
        """Refuse a folder that cannot be written: restic would try again and again for a quarter of an hour."""
        place = folder if os.path.isdir(folder) else os.path.dirname(folder.rstrip("/"))
        if os.path.isdir(place) and (os.statvfs(place).f_flag & os.ST_RDONLY or not os.access(place, os.W_OK)):
            raise Problem(
                f"The store {self.name} cannot be written: {place} is read-only.",
                "Remove the write protection, or give this user the right to write there.",
                refused=True,
            )

    def ensure(self) -> None:
        """Make the repository at the first backup; refuse when not even the folder above it exists.

        A mistyped path must not become a new, lonely store.
        """
        folder = self.restic.folder
        if self.exists():
            return
        if folder is None:
            self._make_on_server()
            return
        above = os.path.dirname(folder.rstrip("/"))
        if not os.path.isdir(above):
            raise Problem(
                f"The store {self.name} cannot be made: the folder {above} does not exist.",
                "Create the folder, or correct the repository's path in sopwrap_stores.",
                refused=True,
            )
        with _alone(above):
            if not self.exists():
                self._make(folder)
        if self.medium:
            self.restic.access.anchor()

    def _make(self, folder: str) -> None:
        """Make a repository in an empty folder, or in one that an interrupted making has left."""
        if _is_stillborn(folder):
            for name in os.listdir(folder):
                shutil.rmtree(os.path.join(folder, name))
        elif os.path.isdir(folder) and os.listdir(folder):
            raise Problem(
                f"The store {self.name} is damaged, or is none: {folder} holds something, but not the file config.",
                "Bring that file back from another copy of the repository, or name an empty folder in sopwrap_stores.",
                refused=True,
            )
        self.restic.init()

    def _make_on_server(self) -> None:
        """Make a repository where no lock keeps another host from doing the same at this moment.

        Whoever comes second leaves a key of its own, or even its own beginning in place of the first's. So all wait
        until the others must be done, and then open what is there.
        """
        failure: Problem | None = None
        try:
            self.restic.init()
        except Problem as problem:
            failure = problem
        time.sleep(SETTLE)
        self._entries = None
        try:
            if not self.exists():
                raise failure or Missing(f"The store {self.name} is not there although it was just made.")
        except Damaged:
            raise Problem(
                f"The store {self.name} was begun by two hosts at the same moment, and neither can open it.",
                f"Nothing is stored in it: remove what is at {self.restic.access.public}, then run one host first.",
                refused=True,
            ) from None
        if failure is None:
            with suppress(Problem):  # a store that takes additions only keeps the other's key, which opens nothing
                self.restic.keep_own_key_alone()

    def exists(self) -> bool:
        """Whether there is a repository; over a network this lists it."""
        if self.restic.folder is not None:
            return os.path.exists(os.path.join(self.restic.folder, "config"))
        try:
            self.entries()
        except Missing:
            return False
        return True

    def look(self, backing_up: bool = False) -> None:
        """Begin to list the repository anew in the background, which proves its password; a backup may remember it."""
        self._listing = None
        self._looking = Beside(self._read, not backing_up)

    def look_once(self) -> None:
        """Begin to list the repository for a backup unless that has been done."""
        if self._listing is None and self._looking is None:
            self.look(backing_up=True)

    def recognise(self, snapshot: str) -> None:
        """Learn the repository's id by a snapshot that was just stored: a backup does not ask an empty one for it."""
        if self._identity is None:
            self._identity = self.restic.identity([{"id": snapshot}])

    def entries(self) -> list[Entry]:
        """Return every point of the store, finished or not, oldest first."""
        return self._list().entries

    def _list(self) -> Listing:
        if self._listing is None:
            looking, self._looking = self._looking or Beside(self._read), None
            self._listing = Listing(looking.result())
        return self._listing

    def known_identity(self) -> str | None:
        """The repository's own id when it has been read already; a failed action must not ask again."""
        return self._identity

    def newest(self, asset: str, but: str = "") -> Entry | None:
        """Return the asset's newest finished backup (other than `but`); what a restore replaced is none."""
        own = (entry for entry in reversed(self._list().of(asset)) if entry.id != but)
        return next((entry for entry in own if entry.manifest and not entry.purpose), None)

    def latest(self, asset: str) -> str:
        """The time in the id of the asset's newest point, for a clock that was set back; else empty.

        A repository on this host tells by its own files that the clock is not behind them, which spares the wait for
        the listing.
        """
        if self.restic.folder is not None:
            try:
                if os.stat(os.path.join(self.restic.folder, "snapshots")).st_mtime <= time.time():
                    return ""
            except OSError:
                return ""
        return max((entry.id.split(".")[1] for entry in self._list().of(asset)), default="")

    def find(self, asset: str, point: str) -> Entry:
        """Return the point with this id, or the asset's newest when `point` is empty."""
        if not point:
            newest = self.newest(asset)
            if newest is None:
                raise Problem(
                    f"The store {self.name} holds no recovery point of {asset}.",
                    "Back the asset up first.",
                    refused=True,
                )
            return newest
        for entry in self._list().of(asset):
            if entry.id == point and entry.manifest:
                return entry
        raise Problem(
            f"The store {self.name} holds no recovery point {point} of {asset}.",
            "List what there is with the playbook list_points.",
            refused=True,
        )

    def unfinished(self, asset: str, but: str = "") -> list[str]:
        """Return the snapshots that dead runs of an asset have left and that no finished point needs.

        The listing may have been made while the point `but` was being stored, so that one is not among them.
        """
        return self._list().unfinished(asset, but)

    def manifest(self, entry: Entry, cached: bool = True) -> dict[str, Any]:
        """Read the manifest of a point; with `cached` false, every byte of it from the store itself."""
        if entry.manifest is None:
            raise Problem(f"The point {entry.id} in the store {self.name} is not whole.", "Use another point.")
        alone = "/manifest.json" in entry.manifest["paths"]
        path = "/manifest.json" if alone else f"/{entry.id}/manifest.json"
        with self.gathered.dump(entry.manifest["id"], path, cached=cached) as stream:
            text = stream.read()
        try:
            manifest: dict[str, Any] = json.loads(text)
        except ValueError:
            manifest = {}
        if manifest.get("schema") != "sopwrap.manifest/1" or manifest.get("point") != entry.id:
            raise Problem(f"The manifest of {entry.id} in the store {self.name} is not one.", "Use another point.")
        return manifest

    def require_kept(self, asset: str, point: str) -> None:
        """Read a fresh point's manifest from its server, not from the cache: some servers answer and store nothing."""
        try:
            self.manifest(self.find(asset, point), cached=False)
        except Problem as problem:
            raise Problem(
                f"The server of the store {self.name} took {point} and does not give it back.",
                f"Do not rely on it; look at its disk and its settings. It said: {problem.message}",
            ) from None

    def _read(self, ask: bool = True) -> list[Entry]:
        snapshots = self.remembered.snapshots(anew=ask)
        if self._identity is None and (snapshots or ask):
            self._identity = self.restic.identity(snapshots)
        self._is_meant()
        if not ask:
            self.restic.version()  # for the manifest, which would wait for it later
        return sort_points(snapshots)

    def _is_meant(self) -> None:
        """Refuse a server's repository that is not the one whose id the inventory gives for its medium's uuid."""
        meant = self.medium.get("uuid") if self.medium and self.restic.folder is None else None
        if meant and self._identity and self._identity != meant:
            raise Problem(
                f"What is at {self.restic.access.public} is not the store {self.name}: its id is {self._identity}.",
                "Correct the address, or the medium's uuid if the store was made anew.",
                refused=True,
            )


@contextmanager
def _alone(folder: str) -> Iterator[None]:
    """Be the only one on this host that makes a repository below a folder: two that began at once would ruin it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system that knows no such locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_stillborn(folder: str) -> bool:
    """Whether this is what an interrupted `restic init` leaves: restic's own folders, perhaps a key, nothing stored."""
    if not os.path.isdir(folder) or set(os.listdir(folder)) - {"data", "index", "keys", "locks", "snapshots"}:
        return False
    files = [os.path.relpath(top, folder) for top, _folders, names in os.walk(folder) for _name in names]
    return bool(os.listdir(folder)) and set(files) <= {"keys", "locks"}
