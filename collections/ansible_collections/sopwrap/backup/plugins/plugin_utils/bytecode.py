# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put beside each file of a packed module what Python makes of it.

Python keeps nothing of what it compiles out of an archive, so a module that is run for a thousandth time still takes a
sixth of a second more than it needs. A Python of another version leaves what is not meant for it aside and reads the
file itself (zipimport looks for `.pyc` first and for its magic number in it). The package is four times as large then,
so this is for what never travels.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import marshal
import pickle
import zipfile
from dataclasses import replace

_UNCHECKED = 1
"""The flags of a compiled file that counts without a look at its source (PEP 552)."""


def compiled(package: bytes) -> bytes:
    """A package as Ansible keeps it, with compiled files in it; as it was where its form is one that we do not know."""
    try:
        known = pickle.loads(package)
        data = _compiled(base64.b64decode(known.zip_data))
        return pickle.dumps(replace(known, zip_data=base64.b64encode(data)))
    except Exception:  # noqa: BLE001 - it is Ansible's own affair, and good as it is
        return package


def _compiled(archive: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as known, zipfile.ZipFile(made, "w") as archived:
        for member in known.infolist():
            source = known.read(member)
            archived.writestr(member, source)
            if member.filename.endswith(".py"):
                beside = zipfile.ZipInfo(f"{member.filename}c", member.date_time)
                archived.writestr(beside, _bytecode(source, member.filename), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _bytecode(source: bytes, name: str) -> bytes:
    code = compile(source, name, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little") + importlib.util.source_hash(source)
    return head + marshal.dumps(code)
