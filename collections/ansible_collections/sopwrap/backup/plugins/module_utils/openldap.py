# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kind `openldap`: all entries of one suffix as of one moment, and the configuration they need, as LDIF.

slapcat reads a consistent view of a living database. It is on a disk for a moment, in a folder only its owner can
enter, since a second slapcat would see another moment than the one that is stored.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils import fresh_folder
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, chosen
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Capture,
    Content,
    Problem,
    StoredPoint,
    Stream,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap_client import Programs, fingerprint, moved
from ansible_collections.sopwrap.backup.plugins.module_utils.openldap_live import (
    CONFIG,
    DATA,
    OpenldapLive,
    folder_of,
    programs_of,
)

_DATA, _CONFIG = "data.ldif", "config.ldif"
SOURCE = {
    "suffix": {"type": "str", "required": True},
    "config": {"type": "path", "default": "/etc/ldap/slapd.d"},
    "scratch": {"type": "path", "default": "/var/tmp"},
}
"""What an asset's `source` may hold, as an Ansible argument spec."""

_LOAD = (
    "Muat isinya. Setelah itu berikan folder TUJUAN kepada akun yang menjalankan slapd (chown -R), dan jalankan slapd"
    " dengan -F dan folder config tersebut."
)


class Openldap(OpenldapLive):
    """One database of a slapd on this host, an mdb."""

    name = "openldap"

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Look where the database lies, and for room for its LDIF."""
        folder, scratch = folder_of(asset), asset["source"].get("scratch") or "/var/tmp"
        try:
            status = os.stat(os.path.join(folder, "data.mdb"))
        except OSError as error:
            raise Problem(f"The database in {folder} cannot be read: {error.strerror}.", "Look for it.") from None
        size = min(status.st_blocks * 512, status.st_size)
        if shutil.disk_usage(scratch).free < size:
            raise Problem(f"The folder {scratch} has no room for {size} bytes.", "Name another one as scratch.")
        owner = os.stat(folder)
        return {
            "suffix": asset["source"]["suffix"],
            "directory": folder,
            "size_bytes": size,
            "owner": f"{owner.st_uid}:{owner.st_gid}",
        }

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Have all entries written to a private folder, and take the fingerprint from there while they are stored."""
        programs = programs_of(asset)
        scratch = asset["source"].get("scratch") or "/var/tmp"
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=scratch) as folder:
            path, config = os.path.join(folder, _DATA), programs.dump_config()
            programs.dump(path)
            data = Stream(_DATA, lambda: open(path, "rb", buffering=0))  # noqa: SIM115 - restic's side closes it
            yield Capture([data, Blob(_CONFIG, config)], lambda: fingerprint(path, config, programs.suffix))

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Compare every stored entry with the backup."""
        if part != _DATA:
            return None
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=asset["source"].get("scratch") or "/var/tmp") as folder:
            path = os.path.join(folder, _DATA)
            with open(path, "xb") as sink:
                shutil.copyfileobj(stream, sink, 1024 * 1024)
            found = fingerprint(path, _config(stored), stored.manifest["source"]["suffix"])
        difference = stored.content().difference(found)
        if difference:
            raise Problem(f"The stored entries are not those that were backed up: {difference}.", "Use another point.")
        return f"{found.count} entries are as they were at the backup"

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Make a database and a configuration folder that leads to it, in a folder of their own."""
        source = stored.manifest["source"]
        with fresh_folder.fresh(target) as folder:
            data, config = os.path.join(folder, DATA), os.path.join(folder, CONFIG)
            for path in (data, config):
                os.mkdir(path, 0o700)
            programs = Programs(source["suffix"], config)
            programs.load_config(moved(_config(stored), source["suffix"], data))
            with stored.open(_DATA) as stream:
                programs.load(stream)
            _give(folder, *map(int, source["owner"].split(":")))

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """With slapadd, into a folder that a slapd of its own can serve."""
        suffix, former = manifest["source"]["suffix"], manifest["source"]["directory"]
        move = f"sed 's|^olcDbDirectory: {former}$|olcDbDirectory: '\"$TUJUAN\"'/data|' {_CONFIG}"
        load = f'slapadd -q -F "$TUJUAN/config" -b {shlex.quote(suffix)} -l {_DATA}'
        return [
            chosen("/srv/direktori", "folder tujuan yang baru"),
            Step("Buat folder itu.", ('mkdir -p "$TUJUAN/config" "$TUJUAN/data"',)),
            Step("Buat konfigurasinya.", (f'{move} | slapadd -n 0 -F "$TUJUAN/config"',)),
            Step(_LOAD, (load,)),
        ]

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Read the restored database with its restored configuration."""
        programs = Programs(asset["source"]["suffix"], os.path.join(fresh_folder.wanted(target), CONFIG))
        scratch = asset["source"].get("scratch") or "/var/tmp"
        with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=scratch) as folder:
            path = os.path.join(folder, _DATA)
            programs.dump(path)
            return fingerprint(path, programs.dump_config(), programs.suffix)


def _config(stored: StoredPoint) -> bytes:
    with stored.open(_CONFIG) as stream:
        return stream.read()


def _give(folder: str, uid: int, gid: int) -> None:
    """Give everything below a folder to the account that slapd runs as."""
    if os.geteuid() == 0:
        for top, folders, names in os.walk(folder):
            for name in ("", *folders, *names):
                os.lchown(os.path.join(top, name), uid, gid)
