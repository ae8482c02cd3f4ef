# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a recovery point as plain files, for a disk that must be readable without this program."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils import by_hand
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job, Trace, human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Kind, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.point import Recovered
from ansible_collections.sopwrap.backup.plugins.module_utils.process import CHUNK
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import first
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Replaceable

MANIFEST = "manifest.json"


def export(job: Job, kind: Kind) -> None:
    """Write the point of the only asset into the fresh folder `target.export`: whole, or not at all."""
    asset = job.assets[0]
    trace = job.trace("export", asset, asset["stores"][0])
    trace.attempt(_export, job, kind, trace)


def _export(job: Job, kind: Kind, trace: Trace) -> None:
    if job.target.get("from"):
        trace.asset = {**trace.asset, "stores": [job.target["from"]]}
    folder = _fresh(str(job.target["export"]))
    _require_elsewhere(kind, trace.asset, folder)
    point = first(job, trace)
    _require_room(folder, int(trace.known["size_bytes"]))
    if job.check:
        trace.close("planned", f"{point.id} can be written to {folder} as plain files.")
        return
    beside = tempfile.mkdtemp(prefix=".sopwrap-", dir=os.path.dirname(folder))
    try:
        digest, count = _fill(beside, kind, point)
        os.rename(beside, folder)
    except OSError as error:
        raise Problem(f"{folder} cannot be written: {error.strerror}.", "Make room, or name another folder.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    trace.close(
        "ok",
        f"{point.id} is in {folder} as {count} plain files, not encrypted: {human(trace.known['size_bytes'])}.",
        sha256=digest,
        items=count,
        verify={"method": "read back", "ok": True, "detail": f"SHA-256 of {by_hand.SUMS}, which lists every file"},
    )


def _fresh(folder: str) -> str:
    """Return the folder's path; refuse one that is there, and one whose place is not."""
    path = os.path.abspath(folder.rstrip("/"))
    if not os.path.isabs(folder):
        raise Problem(f"The folder {folder} is not an absolute path.", "Name the place on that host.", refused=True)
    if os.path.lexists(path):
        raise Problem(f"{path} exists already.", "Name a folder that does not exist.", refused=True)
    if not os.path.isdir(os.path.dirname(path)):
        raise Problem(
            f"There is no folder {os.path.dirname(path)} on this host.", "Make it, or mount the disk.", refused=True
        )
    return path


def _require_elsewhere(kind: Kind, asset: Asset, folder: str) -> None:
    """Refuse a folder among the living data: what comes there is served, and in the next backup."""
    live = False
    if isinstance(kind, Replaceable):
        with suppress(Problem):  # its server is lost: nothing lives that could be found
            live = kind.is_live(asset, {"path": folder})
    if live:
        raise Problem(f"{folder} is where {asset['id']} itself lives.", "Name a folder elsewhere.", refused=True)


def _require_room(folder: str, needed: int) -> None:
    status = os.statvfs(os.path.dirname(folder))
    free = status.f_bavail * status.f_frsize
    if needed > free:
        raise Problem(
            f"{os.path.dirname(folder)} has {human(free)} free, and {human(needed)} are to be written:"
            f" {human(needed - free)} are missing.",
            "Make room, or name another folder.",
            refused=True,
        )


def _fill(folder: str, kind: Kind, point: Recovered) -> tuple[str, int]:
    """Write all files; return the SHA-256 of the list of their checksums, and how many it lists."""
    files = {}
    for part in point.manifest["parts"]:
        files[by_hand.file_of(part)] = _write_part(
            point, str(part["name"]), os.path.join(folder, by_hand.file_of(part))
        )
    texts = {MANIFEST: json.dumps(point.manifest, indent=1, ensure_ascii=True) + "\n"}
    texts[by_hand.PAGE] = by_hand.page(point.manifest, files, kind.by_hand(point.manifest))
    for name, text in texts.items():
        files[name] = _write_text(os.path.join(folder, name), text)
    sums = "".join(f"{digest}  {name}\n" for name, (_size, digest) in sorted(files.items()))
    return _write_text(os.path.join(folder, by_hand.SUMS), sums)[1], len(files)


def _write_part(point: Recovered, part: str, path: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with point.open(part) as stream, open(_own(path), "wb") as sink:
        while piece := stream.read(CHUNK):
            sink.write(piece)
            digest.update(piece)
            size += len(piece)
        sink.flush()
        _to_disk(sink.fileno())
    return size, digest.hexdigest()


def _write_text(path: str, text: str) -> tuple[int, str]:
    data = text.encode()
    with open(_own(path), "wb") as sink:
        sink.write(data)
        sink.flush()
        _to_disk(sink.fileno())
    return len(data), hashlib.sha256(data).hexdigest()


def _own(path: str) -> int:
    """A new file that only its owner may read: it holds what the point protects."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _to_disk(descriptor: int) -> None:
    with suppress(OSError):  # a file system that cannot
        os.fsync(descriptor)
