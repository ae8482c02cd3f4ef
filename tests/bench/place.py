"""An empty office and an empty store for one measurement; making them is not part of what is timed."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def asset(kind: str, source: dict[str, Any]) -> dict[str, Any]:
    """An entry of the register of that kind."""
    return {
        "id": f"bench-{kind}",
        "kind": kind,
        "title": kind,
        "owner": "bench",
        "classification": "terbuka",
        "personal_data": False,
        "rpo": "P1D",
        "rto": "P1D",
        "retention": "P30D",
        "source": source,
    }


class Place:
    """A fresh folder with one office, its only asset and its only store (already initialised).

    ``environment`` is what the bare engine needs to write into the same store, ``cache`` restic's cache of both.
    """

    def __init__(self, folder: Path, asset: dict[str, Any]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.office = folder / "office"
        self.store = folder / "store"
        self.cache = folder / "cache"
        key = folder / "store.key"
        (self.office / "inventory").mkdir(parents=True)
        (self.office / "sops").mkdir()
        key.write_text(secrets.token_hex(16), encoding="ascii")
        key.chmod(0o600)
        self.environment = {
            **os.environ,
            "RESTIC_REPOSITORY": str(self.store),
            "RESTIC_PASSWORD_FILE": str(key),
            "RESTIC_CACHE_DIR": str(self.cache),
        }
        subprocess.run(["restic", "init", "--quiet"], env=self.environment, check=True, capture_output=True)
        shutil.copy(HERE / "backup.yml", self.office / "sops" / "bench.yml")
        shutil.copy(ROOT / "ansible.cfg", self.office / "ansible.cfg")
        self._write("office.yml", {"format": "sopwrap.office/1", "name": "Benchmark", "place": "here"})
        store = {
            "placement": "internal",
            "repository": str(self.store),
            "password": "{{ lookup('ansible.builtin.file', '" + str(key) + "') }}",
            "cache": str(self.cache),
        }
        host = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "sopwrap_stores": {"internal": store},
            "sopwrap_assets": [{**asset, "stores": ["internal"]}],
        }
        self._write("inventory/hosts.yml", {"all": {"hosts": {"here": host}}})

    def _write(self, name: str, data: dict[str, Any]) -> None:
        (self.office / name).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
