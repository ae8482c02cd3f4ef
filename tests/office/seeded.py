"""Which data a part of the office holds, secrets, and words for realistic rows."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

_FORMAT = 1  # raised when the generated data change, so that an older folder is filled again
FIRST_NAMES = (
    "Siti",
    "Muhammad",
    "Nur",
    "Ahmad",
    "Dewi",
    "Rizki",
    "Fatimah",
    "Yusuf",
    "Ayu",
    "Hendra",
    "Maria",
    "Ma'ruf",
    "Zulkifli",
    "Rahmat",
)
LAST_NAMES = (
    "Aisyah",
    "Hidayat",
    "Saputra",
    "Rahmawati",
    "Pratama",
    "Anwar",
    "Lestari",
    "al-Faruq",
    "D’Souza",
    "Kusuma",
    "Zahra",
    "Syarif",
)
TOWNS = ("Pontianak", "Singkawang", "Sambas", "Mempawah", "Ketapang", "Sintang", "Kubu Raya", "Sanggau")
WORDS = tuple((Path(__file__).parent / "data" / "words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Seed:
    """The number all random content follows from, and how much of it (1.0 = the demo)."""

    number: int
    scale: float

    def random(self, part: str) -> random.Random:
        """A generator of its own for each part, so that parts do not depend on each other's order."""
        return random.Random(f"{self.number}/{part}")

    def count(self, rows: int) -> int:
        """How many rows the scale makes of the demo's number; at least 1."""
        return max(1, round(rows * self.scale))

    def is_in(self, folder: Path) -> bool:
        """Whether ``folder`` was filled completely with this seed and scale."""
        mark = folder / ".seeded"
        return mark.is_file() and mark.read_text(encoding="ascii") == self._text()

    def mark(self, folder: Path) -> None:
        """Note that ``folder`` is filled; the last thing a part does."""
        (folder / ".seeded").write_text(self._text(), encoding="ascii")

    def forget(self, folder: Path) -> None:
        """Note that ``folder`` has to be filled again."""
        (folder / ".seeded").unlink(missing_ok=True)

    def _text(self) -> str:
        return f"format {_FORMAT} seed {self.number} scale {self.scale}\n"


def person(rng: random.Random) -> str:
    """An invented name."""
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"


def sentence(rng: random.Random, words: int) -> str:
    """So many words that mean nothing."""
    return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."


def write_secret(path: Path, value: str) -> str:
    """Write ``value`` to a 0600 file unless there is one already; return what the file says."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(value)
    return path.read_text(encoding="ascii")
