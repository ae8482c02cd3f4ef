"""Look for secrets where everybody could: in the process list while a command runs, and in the files it leaves."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tests.faults.moments import pids

EVERY = 0.05
"""Seconds between two looks at the process list."""


class Sampler(threading.Thread):
    """Reads command line and environment of every process that was not there when it was made."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__(daemon=True)
        self._needles = [secret.encode() for secret in secrets]
        self._before = set(pids())
        self._ended = threading.Event()
        self._found: set[str] = set()

    def run(self) -> None:
        """Look until ``stop``."""
        while not self._ended.wait(EVERY):
            for entry in set(pids()) - self._before:
                self._look(entry)

    def stop(self) -> tuple[str, ...]:
        """End, and return where secrets were seen."""
        self._ended.set()
        self.join()
        return tuple(sorted(self._found))

    def _look(self, pid: str) -> None:
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                text = Path(f"/proc/{pid}/{name}").read_bytes()
                if any(needle in text for needle in self._needles):
                    self._found.add(f"{name} of {Path(f'/proc/{pid}/comm').read_text().strip()}")


def files_with(secrets: Iterable[str], folders: Iterable[Path], but: set[Path]) -> list[str]:
    """The files below some folders that hold a secret, plain or in base64; ``but`` are the files where they belong."""
    needles = [form for secret in secrets for form in (secret.encode(), base64.b64encode(secret.encode()).rstrip(b"="))]
    found = []
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else [folder]:
            if path.is_file() and not path.is_symlink() and path not in but:
                with suppress(FileNotFoundError):  # another run's file in memory may go while we look
                    data = path.read_bytes()
                    found += [str(path)] if any(needle in data for needle in needles) else []
    return found
