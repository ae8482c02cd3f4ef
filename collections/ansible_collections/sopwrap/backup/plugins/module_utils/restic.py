# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One class around one program: restic, which keeps all recovery points (deduplicated, compressed, encrypted, checked).

Tried with restic 0.14, the oldest we support. It costs about 0.6 s per call (its key derivation), so callers make few.
Reading calls take no lock, so that a store can be read from a medium that is write-protected.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.declared import Declared
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import utc_stamp
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child, Explain, Secret, pump, reading, run
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_access import Access
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import (
    INCOMPLETE,
    Forbidden,
    Locked,
    WrongKey,
    explain,
    hopeless,
    literally,
)


@dataclass(frozen=True)
class Stored:
    """What one `restic backup` left: snapshot, bytes read, their SHA-256 (streams only), bytes new in the store."""

    snapshot: str
    size: int
    sha256: str | None
    added: int

    @classmethod
    def of_blob(cls, data: bytes) -> Stored:
        """What is known of a blob before it is stored together with others."""
        return cls(snapshot="", size=len(data), sha256=hashlib.sha256(data).hexdigest(), added=0)


class Restic:
    """A repository together with its password. `label` is the store's name in sentences, `stored` what it was given
    here: snapshots as restic lists them, but for the end of their ids.
    """

    def __init__(
        self,
        label: str,
        repository: str,
        password: str,
        cache: str | None = None,
        access: dict[str, Any] | None = None,
    ) -> None:
        self.label = label
        self.repository = repository
        self.access = Access(repository, access)
        self._secret = Secret(password)
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self._own_cache = ["--cache-dir", cache] if cache else []
        self.cache = cache or os.path.join(home, "restic")
        self.stored: list[dict[str, Any]] = []
        self.incomplete: list[str] = []
        self._version = ""

    def close(self) -> None:
        """Forget the password."""
        self._secret.close()
        self.access.close()

    @property
    def folder(self) -> str | None:
        """Where the repository is on this host, or None when it is reached over a network."""
        return self.access.folder

    def free_bytes(self) -> int | None:
        """The room left where the repository lies; None where its server does not tell."""
        return self.access.free_bytes()

    def version(self) -> str:
        """Return the program's version."""
        if not self._version:
            self._version = run(["restic", "version"], self._explain("say its version")).split()[1].decode()
        return self._version

    def init(self) -> None:
        """Create the repository."""
        self._run("init")

    def identity(self, snapshots: list[dict[str, Any]]) -> str:
        """Return the repository's own id, which no other repository has; `snapshots` were just listed or stored.

        restic keeps such a snapshot below a folder of its cache that has the repository's id for a name, and no two
        repositories have a snapshot in common. That spares a call; restic is asked without a cache or a snapshot, or
        when two begin like the short id that it gives to what it has stored.
        """
        for snapshot in snapshots[:1]:
            name = str(snapshot["id"])
            found = glob.glob(f"{glob.escape(self.cache)}/*/snapshots/{name[:2]}/{name}*")
            if len(found) == 1:
                return found[0].split(os.sep)[-4]
        return str(json.loads(self._run("cat", "config", "--no-lock"))["id"])

    def snapshots(self, *tags: str) -> list[dict[str, Any]]:
        """Return restic's list of the snapshots that carry all these tags."""
        return json.loads(self._run("snapshots", "--json", "--no-lock", "--tag", ",".join(tags))) or []

    def store(self, path: str, tags: list[str], host: str, source: AbstractContextManager[BinaryIO]) -> Stored:
        """Store what `source` gives as the file `path`. If the source fails, or we do, nothing is left.

        restic's input is declared whole only after the source has ended well.
        """
        argv = [*self._base(), "backup", "--json", "--stdin", "--stdin-filename", path, *_labels(tags, host)]
        digest = hashlib.sha256()
        with self._child(argv, f"store {path}", stdin=Declared()) as child:
            with source as stream:
                size = pump(stream, child.stdin, digest.update)
            child.stdin.close()
            output = child.stdout.read()
            child.finish()
        return self._note(_stored(output, size=size, sha256=digest.hexdigest()), [path], tags, host)

    def store_tree(self, paths: list[str], exclude: list[str], tags: list[str], host: str, cwd: str = "/") -> Stored:
        """Store files and folders; when one of them cannot be read, the snapshot without it goes to `incomplete`.

        A path that does not exist is refused here, since restic 0.14 leaves it out and ends with status 0.
        """
        for path in paths:
            if not os.path.lexists(os.path.join(cwd, path)):
                raise Problem(f"There is no file or folder {path}.", "Correct the paths in the asset's source.")
        argv = [*self._base(), "backup", "--json", *_labels(tags, host)]
        argv += [f"--exclude={pattern}" for pattern in exclude]
        with self._child([*argv, "--", *paths], f"store {paths[0]}", cwd=cwd, stdin=subprocess.DEVNULL) as child:
            output = child.stdout.read()
            if child.process.wait() == INCOMPLETE:
                self.incomplete.append(_stored(output).snapshot)
            child.finish()
        return self._note(_stored(output), paths, tags, host)

    def _note(self, stored: Stored, paths: list[str], tags: list[str], host: str) -> Stored:
        self.stored.append({"id": stored.snapshot, "time": utc_stamp(), "tags": tags, "hostname": host, "paths": paths})
        return stored

    def dump(
        self, snapshot: str, path: str, archive: bool = False, cached: bool = True
    ) -> AbstractContextManager[BinaryIO]:
        """Give one stored file, or a stored folder as a tar archive; leaving the block proves that all of it came."""
        words = [*(["--archive", "tar"] if archive else []), *([] if cached else ["--no-cache"])]
        argv = [*self._base(), "dump", "--no-lock", *words, snapshot, path]
        return reading(argv, self._explain(f"read {path}"), **self._setting())

    def restore(self, snapshot: str, into: str, only: Sequence[str] = ()) -> None:
        """Put a stored tree, or only these paths of it and what is below them, under the folder `into`."""
        chosen = [f"--include={literally(path)}" for path in only]
        self._run("restore", "--no-lock", "--target", into, *chosen, snapshot)

    def copy_from(self, other: Restic, snapshots: list[str]) -> None:
        """Bring snapshots over from another repository; what is there already is not sent again."""
        options, environment = self.access.beside(other.access)
        origin = [*other.access.named("--from-"), "--from-password-file", other._secret.path]
        argv = [*self._base(options), "copy", *origin, *snapshots]
        setting = self._setting()
        setting["secrets"] += (other._secret, *other.access.handed)
        setting["env"] = environment
        self._retried(lambda: run(argv, self._explain("copy"), **setting), other)

    def forget(self, snapshots: list[str]) -> None:
        """Remove snapshots; their data stays until the repository is pruned."""
        self._retried(lambda: self._run("forget", *snapshots))

    def sweep(self, snapshots: list[str]) -> None:
        """Remove what dead runs have left, unless that is for an append-only store's own side, or others use it now."""
        with suppress(Forbidden, Locked):
            self.forget(snapshots)

    def prune(self) -> None:
        """Remove all data that no snapshot needs, to the last byte: what was destroyed must not linger in a pack."""
        self._retried(lambda: self._run("prune", "--max-unused", "0"))

    def reclaim(self) -> None:
        """Remove data that no snapshot needs, without writing any of it anew: this works on a full disk."""
        self._run("prune", "--max-unused", "unlimited", "--max-repack-size", "0")

    def size_of(self, snapshots: list[str]) -> int:
        """The bytes these snapshots take in the store."""
        told = json.loads(self._run("stats", "--json", "--no-lock", "--mode", "raw-data", *snapshots))
        return int(told["total_size"])

    def opens(self) -> bool:
        """Whether the password opens the repository."""
        try:
            self._keys()
        except WrongKey:
            return False
        return True

    def own_key(self) -> str:
        """The name of the key in the repository that the password belongs to."""
        return next(str(key["id"]) for key in self._keys() if key["current"])

    def add_key(self, password: str) -> None:
        """Let the repository be opened by another password too."""
        fresh = Secret(password)
        try:
            setting = self._setting()
            setting["secrets"] += (fresh,)
            argv = [*self._base(), "key", "add", "--new-password-file", fresh.path]
            self._retried(lambda: run(argv, self._explain("add a key"), **setting))
        finally:
            fresh.close()

    def remove_key(self, name: str) -> None:
        """Remove a key of the repository; restic refuses to remove the one the password belongs to."""
        self._retried(lambda: self._run("key", "remove", name))

    def keep_own_key_alone(self) -> None:
        """Remove all keys but the one the password belongs to."""
        for key in self._keys():
            if not key["current"]:
                self.remove_key(str(key["id"]))

    def _keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._run("key", "list", "--json", "--no-lock"))
        return found

    def check(self) -> None:
        """Read the whole repository back and compare every byte with its checksum."""
        protected = self.folder is not None and os.statvfs(self.folder).f_flag & os.ST_RDONLY
        self._retried(lambda: self._run("check", "--read-data", *(["--no-lock"] if protected else [])))

    def unlock(self) -> None:
        """Remove locks whose owner is dead; locks of living programs stay."""
        self.access.remove_drafts_of_locks()
        self._run("unlock")

    def _run(self, *words: str) -> bytes:
        return run([*self._base(), *words], self._explain(words[0]), **self._setting())

    def _retried(self, work: Callable[[], Any], other: Restic | None = None) -> None:
        """Do something that needs a lock; where a program that has died left one, in either store, try once more."""
        try:
            work()
        except Locked:
            for one in (self, other) if other else (self,):
                one.unlock()
            work()

    def _child(self, argv: list[str], doing: str, cwd: str = "/", stdin: int | Declared = subprocess.DEVNULL) -> Child:
        return Child(argv, self._explain(doing), stdin=stdin, cwd=cwd, **self._setting())

    def _base(self, options: list[str] | None = None) -> list[str]:
        """The words every call begins with; `options` are those of the way to the store."""
        way = self.access.options() if options is None else options
        opened = ["--password-file", self._secret.path, "--quiet", *self._own_cache]
        return ["restic", *self.access.named(), *opened, *way]

    def _setting(self) -> dict[str, Any]:
        return {
            "secrets": (self._secret, *self.access.handed),
            "env": self.access.environment(),
            "farewell": signal.SIGINT,
            "hopeless": hopeless,
            "patience": self.access.patience,
        }

    def _explain(self, doing: str) -> Explain:
        told, access = explain(doing, self.label, self.access.public), self.access
        return lambda status, complaints: told(status, access.plain(complaints))


def _labels(tags: list[str], host: str) -> list[str]:
    """Linux takes no single argument of more than 128 KiB, which the tags of a thousand points together exceed."""
    groups = [tags[start : start + 500] for start in range(0, len(tags), 500)]
    return ["--host", host, *(word for group in groups for word in ("--tag", ",".join(group)))]


def _stored(output: bytes, size: int | None = None, sha256: str | None = None) -> Stored:
    """Read the summary, which is the last line of what `restic backup --json` prints."""
    summary = json.loads(output.splitlines()[-1])
    read = summary["total_bytes_processed"] if size is None else size
    added = summary.get("data_added_packed", summary["data_added"])
    return Stored(snapshot=summary["snapshot_id"], size=read, sha256=sha256, added=added)
