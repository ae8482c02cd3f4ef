"""A lab host with assets, and playbooks run on it from the lab's network, as an office would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.lab.lab import Lab
from tests.office.permits import Authority
from tests.quick_store import quick_store

ROOT = Path(__file__).resolve().parents[2]
STORES = {"internal": {"placement": "internal", "repository": "/var/backups/sopwrap", "password": "kunci-uji-coba"}}


class Site:
    """One host of a lab with the assets of an inventory, in a store on itself."""

    def __init__(self, lab: Lab, folder: Path, host: str, assets: list[dict[str, Any]]) -> None:
        self.lab, self.folder, self.authority = lab, folder, Authority(folder / "authority")
        variables = {"sopwrap_stores": STORES, "sopwrap_assets": [{"stores": ["internal"], **one} for one in assets]}
        variables |= {"sopwrap_permit_signers": self.authority.signers, **lab.variables(host)}
        self.inventory = folder / "inventory.yml"
        self.inventory.write_text(yaml.safe_dump({"all": {"hosts": {host: variables}}}), encoding="utf-8")
        for store in STORES.values():
            quick_store(lab.hosts[host].root / store["repository"].lstrip("/"), store["password"])
        self.environment: dict[str, str] = {}
        self._count = 0

    def start(self, playbook: str, *options: str, **extra: Any) -> tuple[subprocess.Popen[str], Path]:
        """Start a playbook; return its process and where its evidence will be."""
        self._count += 1
        evidence = self.folder / f"evidence-{self._count}.jsonl"
        program = str(Path(sys.executable).parent / "ansible-playbook")
        words = [program, "-i", str(self.inventory), "-e", json.dumps(extra), *options]
        ours = {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_PIPELINING": "1",
            "SOPWRAP_EVIDENCE_FILE": str(evidence),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        process = subprocess.Popen(
            [*self.lab.inside, *words, str(ROOT / "playbooks" / f"{playbook}.yml")],
            cwd=ROOT,
            env={**os.environ, **ours, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return process, evidence

    def run(self, playbook: str, *options: str, **extra: Any) -> list[dict[str, Any]]:
        """Run a playbook to its end; return its records."""
        process, evidence = self.start(playbook, *options, **extra)
        self.output, _ = process.communicate(timeout=240)
        lines = evidence.read_text(encoding="utf-8").splitlines() if evidence.exists() else []
        return [json.loads(line) for line in lines]

    def replace(self, asset: str, *options: str, **extra: Any) -> list[dict[str, Any]]:
        """Ask for the newest point in the place of the living data."""
        given = {"sopwrap_only": [asset], "sopwrap_target": {"replace": True}, **extra}
        return self.run("restore_point", *options, **given)

    def permit(self, asset: str, **extra: Any) -> str:
        """A permit for what a dry run says."""
        (plan,) = self.replace(asset, "--check", **extra)
        assert plan["outcome"] == "planned", self.output
        return self.authority.permit(plan)
