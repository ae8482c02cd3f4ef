"""A tiny office for tests of the wrapper itself: a folder of files and an SQLite database, no server at all.

``sopwrap`` is started as an operator starts it, as a program of its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from sopwrap.children import Process, family
from sopwrap.execution import leftovers
from sopwrap.workspace import Workspace
from tests.quick_store import quick_store

KEYS = {"internal": "canary-of-the-internal-store", "external": "canary-of-the-external-store"}
ENVIRONMENT = "canary-of-the-operators-environment"
COMMON = {
    "owner": "Bagian Umum",
    "classification": "terbatas",
    "personal_data": True,
    "rpo": "P1D",
    "rto": "PT4H",
    "retention": "P30D",
    "stores": ["internal", "external"],
}
SOP = {
    "format": "sopwrap.sop/1",
    "id": "uji",
    "layout": "sop_ap",
    "timezone": "Asia/Jakarta",
    "identity": {"letterhead": ["Kantor Contoh"], "title": "SOP Uji"},
    "quality_columns": ["time"],
    "actors": [{"id": "petugas", "label": "Petugas"}],
    "procedures": [
        {
            "id": "backup",
            "title": "Uji",
            "lanes": ["petugas"],
            "trigger": {"kind": "schedule"},
            "operations": ["backup"],
            "placements": ["internal", "external"],
            "steps": [
                {
                    "id": "s1",
                    "number": 1,
                    "kind": "process",
                    "actors": ["petugas"],
                    "mode": "auto",
                    "actions": ["backup_assets", "verify_points"],
                }
            ],
        }
    ],
}


class Tiny:
    """The office; ``hosts`` adds hosts to the one there is (``sini``, this machine)."""

    def __init__(self, root: Path, hosts: dict[str, Any] | None = None) -> None:
        self.root, self.folder = root, root / "kantor"
        self.workspace = Workspace(self.folder)
        for name in ("kantor/inventory", "kantor/secrets", "kantor/sops", "stores", "home", "data"):
            (root / name).mkdir(parents=True)
        self.workspace.secrets.chmod(0o700)
        for name, key in KEYS.items():
            path = self.folder / "secrets" / f"{name}.key"
            path.touch(mode=0o600)
            path.write_text(f"{key}\n")
            quick_store(root / "stores" / name, key)
        (root / "data" / "surat.txt").write_text("isi surat\n")
        with sqlite3.connect(root / "arsip.db") as database:
            database.execute("CREATE TABLE surat (id INTEGER PRIMARY KEY, hal TEXT)")
            database.execute("INSERT INTO surat (hal) VALUES ('undangan')")
        database.close()
        people = [{"id": "andi", "name": "Andi Contoh", "post": "Petugas"}]
        office = {"format": "sopwrap.office/1", "name": "Kantor Contoh", "place": "Pontianak", "people": people}
        self._write("office.yml", {**office, "bindings": {"uji": {"petugas": ["andi"]}}})
        self._write("sops/uji.yml", SOP)
        self._write(
            "inventory/hosts.yml",
            {"all": {"vars": self._variables(), "hosts": {"sini": self._host(), **(hosts or {})}}},
        )
        (self.folder / "ansible.cfg").write_text("[defaults]\npipelining = true\n[ssh_connection]\npipelining = true\n")

    def _variables(self) -> dict[str, Any]:
        store = {
            name: {
                "placement": name,
                "repository": str(self.root / "stores" / name),
                "password": f"{{{{ lookup('ansible.builtin.file', '{self.folder}/secrets/{name}.key') }}}}",
            }
            for name in KEYS
        }
        return {"sopwrap_stores": store, "ansible_python_interpreter": "{{ ansible_playbook_python }}"}

    def _host(self) -> dict[str, Any]:
        berkas = {"id": "berkas", "kind": "files", "title": "Berkas", "source": {"paths": [str(self.root / "data")]}}
        arsip = {"id": "arsip", "kind": "sqlite", "title": "Arsip", "source": {"path": str(self.root / "arsip.db")}}
        return {"ansible_connection": "local", "sopwrap_assets": [{**COMMON, **berkas}, {**COMMON, **arsip}]}

    def _write(self, name: str, data: Any) -> None:
        (self.folder / name).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start sopwrap in the office and let it run."""
        environment = {**os.environ, "HOME": str(self.root / "home"), "OPERATORS_TOKEN": ENVIRONMENT}
        return subprocess.Popen(
            [sys.executable, "-m", "sopwrap", *words],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, ends: int = 0) -> str:
        """Run sopwrap in the office; return all it said."""
        process = self.start(*words)
        out, err = process.communicate(timeout=180)
        assert process.returncode == ends, f"{words} ended with {process.returncode}\n{out}{err}"
        return out + err

    def json(self, *words: str) -> Any:
        """Run sopwrap in the office; return its JSON."""
        return json.loads(self(*words, "--json"))

    @property
    def records(self) -> list[dict[str, Any]]:
        """The ledger's evidence."""
        return [entry.data["record"] for entry in self.workspace.ledger().of_kind("evidence")]

    def wait_for(self, *words: str, seconds: float = 90) -> set[Process]:
        """Wait until a run has a process with these words in its command line; return the run's whole family."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = {one for folder in leftovers(self.workspace) for one in family(folder)}
            if any(all(word in _command(one) for word in words) for one in found):
                return found
            time.sleep(0.02)
        raise AssertionError(f"no run started {words}")


def _command(process: Process) -> str:
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
