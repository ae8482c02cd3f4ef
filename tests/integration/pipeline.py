"""Carries out steps of a pipeline in a small office, as the shell of a CI's runner does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.integration.tiny import SOP, Tiny

WAITS = "uji/perintah"
"""The procedure of ``waiting`` in which a person has the first step."""


def waiting(office: Tiny) -> None:
    """Give the office's SOP a second procedure, which waits for a person at once."""
    step = {"id": "s1", "number": 1, "kind": "process", "actors": ["petugas"], "mode": "human"}
    [backup] = SOP["procedures"]  # type: ignore[misc]
    office._write("sops/uji.yml", {**SOP, "procedures": [backup, {**backup, "id": "perintah", "steps": [step]}]})


def calendar(office: Tiny, procedure: str, **more: Any) -> None:
    """Let the office's calendar have a procedure due on every day."""
    path = office.folder / "office.yml"
    every = {"procedure": procedure, "every": "P1D", "starts": "2026-01-05", "at": "00:00", **more}
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), "schedules": [every]}), encoding="utf-8")


class Runner:
    """A runner's workspace: every step is a shell of its own that ends at the first error."""

    def __init__(self, office: Tiny, procedure: str) -> None:
        self.folder = office.root / "runner"
        self.folder.mkdir(exist_ok=True)
        self.page = self.folder / "page.md"
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(office.root / "home"),
            "SOPWRAP_OFFICE": str(office.folder),
            "PROCEDURE": procedure,
        }

    def __call__(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one step; ``more`` are variables of the CI."""
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        environment = {**self.environment, **more}
        return subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300)
