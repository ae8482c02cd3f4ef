"""The whole office: what belongs to it, started together, ended in every case."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.office.files import Files
from tests.office.mariadb import MariaDB
from tests.office.media import LABEL, UUID, Medium
from tests.office.postgresql import PostgreSQL
from tests.office.process import Keeper, OfficeError
from tests.office.register import host_assets, system_source, write_inventory
from tests.office.router import Router
from tests.office.seeded import Seed, write_secret
from tests.office.sqlite import SQLite

ALL_PARTS = frozenset({"postgresql", "mariadb", "sqlite", "files", "router"})
_PART_OF_KIND = {"network_config": "router"}
_MARK = ".demo-office"
_LONGEST_FOLDER = 80  # bytes; a socket's path may have 107 and ours add up to 25


class Office:
    """A small office of real servers under ``folder``; use it as a context manager.

    ``seed`` and ``scale`` say which data and how many (1.0 is the demo's); data of the same seed and scale
    that are there already are kept unless ``fresh``. Parts not in ``parts`` are None. Raise OfficeError
    with one sentence when something is missing or does not start; nothing is left running then.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        seed: int = 2022,
        scale: float = 1.0,
        parts: Iterable[str] = ALL_PARTS,
        fresh: bool = False,
    ) -> None:
        self.folder = Path(folder).absolute()
        self.secrets = self.folder / "secrets"
        self.cache = self.folder / "cache"
        self.media = self.folder / "media"
        self.stores_folder = self.folder / "stores"
        self.inventory = self.folder / "inventory"
        self.medium = Medium(self.media / LABEL.lower(), self.folder / "drawer")
        self.postgresql: Any = None
        self.mariadb: Any = None
        self.sqlite: Any = None
        self.files: Any = None
        self.router: Any = None
        self._seed = Seed(seed, scale)
        self._parts = set(parts)
        self._fresh = fresh
        self._keeper: Keeper | None = None
        if not self._parts <= ALL_PARTS:
            raise OfficeError(f"Unknown parts {sorted(self._parts - ALL_PARTS)}: choose from {sorted(ALL_PARTS)}.")
        if len(os.fsencode(self.folder)) > _LONGEST_FOLDER:
            raise OfficeError(
                f"The path {self.folder} is too long for sockets: choose a folder of at most {_LONGEST_FOLDER} bytes."
            )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make what is not there and start every part, side by side; on any error end what runs and raise it."""
        self._make_folders()
        try:
            self._keeper = Keeper(self.folder)
            self._make_parts(self._keeper)
            _all_at_once([part.start for part in self._running()])
            self.write_inventory(self.inventory)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every part by its own pid; what cannot be ended politely is killed, what is gone is no error."""
        try:
            _all_at_once([part.stop for part in self._running()])
        finally:
            if self._keeper is not None:
                self._keeper.close()
                self._keeper = None

    def part(self, kind: str) -> Any:
        """The part that holds the data of a kind of asset; raise OfficeError when the office runs without it."""
        part = (
            getattr(self, _PART_OF_KIND.get(kind, kind), None) if _PART_OF_KIND.get(kind, kind) in ALL_PARTS else None
        )
        if part is None:
            raise OfficeError(f"This office has no {kind}: start it with that part.")
        return part

    def damage(self, kind: str) -> str:
        """Break the live data of a kind of asset; return one sentence that says what is gone."""
        return str(self.part(kind).damage())

    def reseed(self, kind: str) -> None:
        """Put the first data of a kind of asset back."""
        self.part(kind).reseed()

    def plug_in_medium(self, label: str = LABEL, uuid: str = UUID) -> Path:
        """Put the external disk (or another one) in its place; return the place."""
        return self.medium.plug_in(label, uuid)

    def unplug_medium(self) -> None:
        """Take the external disk out."""
        self.medium.unplug()

    def write_inventory(self, folder: Path | str) -> Path:
        """Write another copy of the office's inventory to ``folder``; return it."""
        return write_inventory(Path(folder), self.places())

    def asset(self, identity: str) -> dict[str, Any]:
        """One asset of the register, ``source`` filled in, a copy to change; raise KeyError for an unknown id."""
        found = [asset for assets in self.register().values() for asset in assets if asset["id"] == identity]
        if not found:
            raise KeyError(identity)
        return found[0]

    def register(self) -> dict[str, list[dict[str, Any]]]:
        """All assets by host, with their ``source`` filled in."""
        return host_assets(self.places())

    def places(self) -> dict[str, Any]:
        """Where everything is this time: the variables of ``group_vars/all/demo.yml``."""
        folders = {
            "folder": self.folder,
            "secrets": self.secrets,
            "cache": self.cache,
            "stores": self.stores_folder,
            "medium": self.medium.path,
        }
        sources = {
            "siakad": self.postgresql,
            "website": self.mariadb,
            "perpustakaan": self.sqlite,
            "berkas": self.files,
            "router": self.router,
        }
        return (
            {f"demo_{name}": str(path) for name, path in folders.items()}
            | {f"demo_{name}": part.source if part is not None else {} for name, part in sources.items()}
            | {"demo_sistem": system_source()}
        )

    def _running(self) -> list[Any]:
        parts = (self.router, self.mariadb, self.postgresql, self.files, self.sqlite)
        return [part for part in parts if part is not None]

    def _make_folders(self) -> None:
        mark = self.folder / _MARK
        if self.folder.exists() and any(self.folder.iterdir()) and not mark.exists():
            raise OfficeError(f"The folder {self.folder} is not empty and not an office: choose a new one.")
        self.folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
        self.folder.chmod(0o755)
        if self._fresh:
            Keeper(self.folder).close()  # refuses where an office is running, and ends what a killed one left
            for path in self.folder.iterdir():
                if path != mark:
                    shutil.rmtree(path)
        for path in (self.cache, self.media, self.stores_folder):
            path.mkdir(exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        for store in ("internal", "external"):
            write_secret(self.secrets / f"{store}.key", secrets.token_urlsafe(32))

    def _make_parts(self, keeper: Keeper) -> None:
        makers: dict[str, Callable[[], Any]] = {
            "postgresql": lambda: PostgreSQL(self.folder / "postgresql", self.secrets, keeper, self._seed),
            "mariadb": lambda: MariaDB(self.folder / "mariadb", self.secrets, keeper, self._seed),
            "sqlite": lambda: SQLite(self.folder / "sqlite", self._seed),
            "files": lambda: Files(self.folder / "files", self._seed),
            "router": lambda: Router(self.folder / "router", self.secrets, keeper, self._seed),
        }
        for name in sorted(self._parts):
            setattr(self, name, makers[name]())


def _all_at_once(actions: list[Callable[[], None]]) -> None:
    """Do all, side by side; when some fail, raise the first error after all have ended."""
    if not actions:
        return
    with ThreadPoolExecutor(max_workers=len(actions)) as threads:
        tasks = [threads.submit(action) for action in actions]
    errors = [error for task in tasks if (error := task.exception()) is not None]
    with contextlib.suppress(IndexError):
        raise errors[0]
