"""Keeps the asset register of an office beside it, so that a command need not ask Ansible what has not changed.

``.sopwrap/register.json`` carries a seal: the SHA-256 of everything the register follows from, every byte of the
inventory among it. Another seal, and Ansible is asked. Where it could follow from more than files of values (a program,
a plugin, a setting that names one) there is no seal, and nothing is kept. The file may be removed at any time.

Imports nothing that takes long, since it is asked before what takes long is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sopwrap import __version__
from sopwrap.errors import SopError
from sopwrap.workspace import Workspace

FILE = "register.json"

_VALUES = ("group_vars", "host_vars")
"""Folders that Ansible reads beside an inventory and beside the folder it is started in; they only hold values."""

_CUSTOM = re.compile(
    r"(vars|inventory)_plugins|vars_plugins_enabled|enable_plugins|run_vars|\[inventory\]", re.IGNORECASE
)
"""Settings by which values come from elsewhere than the files."""

_CUSTOM_VARIABLES = re.compile(r"ANSIBLE_(INVENTORY_(PLUGINS|ENABLED|CACHE.*)|VARS_.*|RUN_VARS_PLUGINS|HOME)")
_PLUGINS = ("~/.ansible/plugins/vars", "/usr/share/ansible/plugins/vars")
"""Where Ansible looks for further sources of values by itself."""


class _Beyond(Exception):
    """The register may follow from more than can be sealed."""


def seal_of(workspace: Workspace) -> str | None:
    """Return what the office's register follows from, as one SHA-256; None where that cannot be told."""
    digest = hashlib.sha256(f"{workspace.folder}\n{_ourselves()}\n".encode())
    try:
        for word in _settings(workspace):
            digest.update(hashlib.sha256(word.encode("utf-8", "surrogateescape")).digest())
        for path in _files(workspace):
            data = _plain(path, path.relative_to(workspace.folder))
            digest.update(hashlib.sha256(os.fsencode(path)).digest() + hashlib.sha256(data).digest())
    except (OSError, _Beyond):
        return None
    return digest.hexdigest()


def kept(workspace: Workspace, seal: str | None) -> dict[str, Any] | None:
    """What an earlier command kept under this very seal."""
    if seal is None:
        return None
    try:
        found = json.loads((workspace.folder / ".sopwrap" / FILE).read_bytes())
        return dict(found["register"]) if found["seal"] == seal else None
    except (OSError, KeyError, TypeError, ValueError):
        return None


def keep(workspace: Workspace, seal: str | None, register: dict[str, Any]) -> None:
    """Keep a register that was read under this seal unless something has changed meanwhile.

    The file is written whole or not at all; an office that cannot be written only asks Ansible each time.
    """
    if seal is None or seal != seal_of(workspace):
        return
    with suppress(OSError, SopError):
        handle, beside = tempfile.mkstemp(dir=workspace.working, prefix="register-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"seal": seal, "register": register}, file, separators=(",", ":"))
            Path(beside).replace(workspace.working / FILE)
        except OSError:
            Path(beside).unlink(missing_ok=True)
            raise


def _ourselves() -> str:
    """Our version, and for a checkout that is worked on the age of its files: another one may read otherwise."""
    files = [(one.name, one.stat()) for one in os.scandir(Path(__file__).parent) if one.name.endswith(".py")]
    return repr([__version__, *sorted((name, status.st_size, status.st_mtime_ns) for name, status in files)])


def _settings(workspace: Workspace) -> Iterator[str]:
    """The settings Ansible reads an inventory by: the office's file, and the environment."""
    text = workspace.config.read_text(encoding="utf-8", errors="surrogateescape")
    if _CUSTOM.search(text) or any(Path(folder).expanduser().is_dir() for folder in _PLUGINS):
        raise _Beyond
    yield text
    for name, value in sorted(os.environ.items()):
        if name.startswith("ANSIBLE_"):
            if _CUSTOM_VARIABLES.fullmatch(name):
                raise _Beyond
            yield f"{name}={value}"


def _files(workspace: Workspace) -> Iterator[Path]:
    """Every file Ansible may read. A folder that is a link could lead in a circle, or out of the office."""
    if not workspace.inventory.is_dir():
        raise _Beyond
    for top in (workspace.inventory, *(workspace.folder / name for name in _VALUES)):
        for folder, names, files in os.walk(top, onerror=_refuse if top.exists() else None):
            names.sort()
            if any(Path(folder, name).is_symlink() for name in names):
                raise _Beyond
            yield from (Path(folder, name) for name in sorted(files))


def _refuse(error: OSError) -> None:
    raise error


def _plain(path: Path, place: Path) -> bytes:
    """The bytes of a file of values: not of a program, nor of a source that some plugin of an inventory asks."""
    data = path.read_bytes()
    if path.stat().st_mode & 0o111 or (b"plugin" in data and not set(_VALUES) & set(place.parts)):
        raise _Beyond
    return data
