"""The external disk of the office: a folder that is there when it is plugged in, with the label file of a medium."""

from __future__ import annotations

import json
from pathlib import Path

LABEL = "HDD-01"
UUID = "6f0c2a54-8d1e-4b7f-9a35-2e61c0d4b8f7"
LABEL_FILE = ".sopwrap-medium.json"


class Medium:
    """A disk that is ``path`` while plugged in, and lies in ``drawer`` otherwise; what is on it stays on it."""

    def __init__(self, path: Path, drawer: Path) -> None:
        self.path = path
        self._drawer = drawer

    @property
    def plugged_in(self) -> bool:
        """Whether the disk is in its place."""
        return self.path.exists()

    def plug_in(self, label: str = LABEL, uuid: str = UUID) -> Path:
        """Put the disk (or, with another label, another one) in its place; return the place."""
        if self.plugged_in:
            self.unplug()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lying = self._drawer / f"{label}.{uuid}"
        if lying.exists():
            lying.rename(self.path)
        else:
            self.path.mkdir()
            (self.path / LABEL_FILE).write_text(json.dumps({"label": label, "uuid": uuid}) + "\n", encoding="utf-8")
        return self.path

    def unplug(self) -> None:
        """Take the disk out; nothing happens when it is not in."""
        if not self.plugged_in:
            return
        written = json.loads((self.path / LABEL_FILE).read_text(encoding="utf-8"))
        self._drawer.mkdir(parents=True, exist_ok=True)
        self.path.rename(self._drawer / f"{written['label']}.{written['uuid']}")
