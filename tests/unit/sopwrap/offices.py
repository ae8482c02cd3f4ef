"""Folders of offices for the tests of the wrapper, with an inventory that needs no server."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from sopwrap.workspace import Workspace

ENTRY: dict[str, Any] = {
    "id": "arsip",
    "kind": "files",
    "title": "Arsip surat",
    "owner": "Bagian Umum",
    "classification": "terbatas",
    "personal_data": True,
    "rpo": "P1D",
    "rto": "PT4H",
    "retention": "P30D",
    "reviewed": "2026-01-10",
    "stores": ["internal"],
    "source": {"paths": ["/etc/ssh"], "password": "canary-in-the-source"},
}
STORE: dict[str, Any] = {
    "placement": "internal",
    "repository": "{{ inventory_dir | dirname }}/stores/internal",
    "password": "{{ lookup('ansible.builtin.file', sopwrap_secrets + '/internal.key') }}",
}
EXTERNAL: dict[str, Any] = {
    "placement": "external",
    "repository": "/nowhere/sopwrap",
    "password": "canary-in-the-open",
    "medium": {"label": "HDD-01", "uuid": "6f0c", "path": "/nowhere", "custodian": "Budi", "place": "Lemari 2"},
}
OFFICE: dict[str, Any] = {"format": "sopwrap.office/1", "name": "Kantor Contoh", "place": "Pontianak"}


def entry(**changes: Any) -> dict[str, Any]:
    """An entry of the register; a change to None leaves the field out."""
    made = {**copy.deepcopy(ENTRY), **changes}
    return {key: value for key, value in made.items() if value is not None}


def make(folder: Path, hosts: dict[str, Any] | None = None, stores: dict[str, Any] | None = None) -> Workspace:
    """Write an office; ``hosts`` maps a host to its variables (by default one host with one asset)."""
    hosts = hosts if hosts is not None else {"srv-a": {"sopwrap_assets": [entry()]}}
    stores = stores if stores is not None else {"internal": STORE, "external": EXTERNAL}
    (folder / "inventory").mkdir(parents=True)
    (folder / "office.yml").write_text(yaml.safe_dump(OFFICE), encoding="utf-8")
    everything = {"all": {"vars": {"sopwrap_stores": stores, "sopwrap_secrets": "secrets"}, "hosts": hosts}}
    (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump(everything, sort_keys=False), encoding="utf-8")
    return Workspace(folder)
