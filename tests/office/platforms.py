"""The platforms that are shipped, as the module gets them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import known_by_name
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

FOLDER = (
    Path(__file__).resolve().parents[2] / "collections/ansible_collections/sopwrap/backup/roles/network_config/files"
)


@cache
def files() -> list[dict[str, Any]]:
    """Every shipped file as data."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))]


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """Every shipped platform by its names."""
    return known_by_name(files())


@cache
def platform(name: str) -> Platform:
    """One shipped platform."""
    return Platform.of(shipped()[name])
