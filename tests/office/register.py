"""The office's inventory: `inventory/demo` copied, with one file that says where everything is this time."""

from __future__ import annotations

import copy
import os
import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.office.process import IS_ROOT

TEMPLATE = Path(__file__).resolve().parents[2] / "inventory" / "demo"
_UNREADABLE_ROOM = 200  # a machine with more closed files below /etc than this has no use for a demo as that user


def system_source() -> dict[str, Any]:
    """The ``source`` of this machine's own state; without root, what we may not read is left out by name."""
    closed: list[str] = []
    if not IS_ROOT:
        for path in Path("/etc").rglob("*"):
            if not path.is_symlink() and not os.access(path, os.R_OK):
                closed.append(str(path))
    return {"etc": "/etc", "exclude": sorted(closed)[:_UNREADABLE_ROOM]}


def write_inventory(folder: Path, places: dict[str, Any]) -> Path:
    """Copy the demo inventory to ``folder`` and write ``places`` beside it; return the folder."""
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    target = folder / "group_vars" / "all" / "demo.yml"
    text = "# Written by the demo office at its start.\n" + yaml.safe_dump(places, allow_unicode=True, sort_keys=True)
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return folder


def host_assets(places: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The register by host, with ``source`` filled in from ``places`` (the only templated field of the template)."""
    register = {}
    for path in sorted((TEMPLATE / "host_vars").glob("*.yml")):
        assets = yaml.safe_load(path.read_text(encoding="utf-8"))["sopwrap_assets"]
        for asset in assets:
            asset["source"] = copy.deepcopy(places.get(asset["source"].strip("{} "), {}))
        register[path.stem] = assets
    return register
