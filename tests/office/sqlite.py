"""The library's SQLite database: WAL mode, a connection held open as by the running application, rows in the WAL."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.office.seeded import Seed, person, sentence

_SCHEMA = Path(__file__).parent / "data" / "perpustakaan_tables.sql"


class SQLite:
    """One database file whose application is running: the connection stays open until the office stops."""

    def __init__(self, folder: Path, seed: Seed) -> None:
        self.folder = folder
        self.path = folder / "perpustakaan.db"
        self._seed = seed
        self._connection: sqlite3.Connection | None = None

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says."""
        return {"path": str(self.path)}

    def start(self) -> None:
        """Open the database; make it if it is not there."""
        if self._seed.is_in(self.folder):
            self._connection = self._open()
        else:
            self.reseed()

    def stop(self) -> None:
        """Close the application's connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        """Run one statement as the application (committed at once) and return its rows."""
        if self._connection is None:
            raise RuntimeError("the library's application is stopped")
        return self._connection.execute(text).fetchall()

    def reseed(self) -> None:
        """Make the database anew with its first data."""
        self.stop()
        self._seed.forget(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self._connection = connection = self._open()
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        rng = self._seed.random("perpustakaan")
        books, members = self._seed.count(3_000), self._seed.count(600)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO buku VALUES (?,?,?,?,?,?,?)", _books(rng, books))
        connection.executemany(
            "INSERT INTO anggota VALUES (?,?,?)",
            ((f"A{n:05d}", person(rng), f"202{n % 4}-02-28") for n in range(members)),
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN")
        loans = "INSERT INTO peminjaman (buku_id, nomor, dipinjam, kembali, denda) VALUES (?,?,?,?,?)"
        connection.executemany(loans, _loans(rng, self._seed.count(8_000), books, members))
        odd = [
            (None, 2**63 - 1, b"\x00\xff"),
            ("teks\x00nul", -(2**63), 1e308),
            ("", 0, "😀"),
            ("a'b\"c\n", None, "9007199254740993"),
        ]
        connection.executemany('INSERT INTO [tabel "aneh"] VALUES (?,?,?)', odd)
        connection.execute("COMMIT")
        self._seed.mark(self.folder)

    def damage(self) -> str:
        """Delete what a bad update would; return what is gone."""
        for statement in (
            "DELETE FROM peminjaman WHERE id % 2 = 0",
            "DROP TABLE anggota",
            "UPDATE buku SET harga = NULL",
        ):
            self.sql(statement)
        return "Half of the loans and all members are deleted, and no book has a price."

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection


def _books(rng: random.Random, count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        cover = rng.randbytes(rng.choice((0, 200, 1500))) if rng.random() < 0.4 else None
        note = rng.choice((None, "", 7, 7.5, "7", sentence(rng, 5)))
        yield (
            number,
            f"978{number:010d}",
            f"{sentence(rng, 4)} الفقه",
            rng.randint(1950, 2023),
            rng.choice((None, rng.random() * 1e5)),
            cover,
            note,
        )


def _loans(rng: random.Random, count: int, books: int, members: int) -> Iterator[tuple[Any, ...]]:
    for _ in range(count):
        borrowed = f"2023-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        returned = borrowed if rng.random() < 0.8 else None
        yield rng.randint(1, books), f"A{rng.randrange(members):05d}", borrowed, returned, rng.choice((0, 500, 1500.5))
