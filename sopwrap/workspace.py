"""Where things are: the office's folder, and what sopwrap brought along (playbooks, recipes, the collection).

An office is any folder with an ``office.yml``. The playbooks are found in a checkout or in the installed wheel
alike. One run at a time works in an office; the lock is gone with the process that holds it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

import yaml

from sopwrap.errors import LockedError, SopError, UsageError

if TYPE_CHECKING:
    from sopwrap.ledger import Ledger
    from sopwrap.office import Office

OFFICE = "office.yml"
COLLECTION = Path("ansible_collections") / "sopwrap" / "backup"


@dataclass(frozen=True)
class Resources:
    """What sopwrap brought along. ``collections`` is the folder that holds ``ansible_collections``."""

    playbooks: Path
    roles: Path
    collections: Path
    example: Path

    @property
    def collection(self) -> Path:
        """The folder of the collection sopwrap.backup."""
        return self.collections / COLLECTION

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of asset there are: the collection's roles that can make a backup, by listing its folder."""
        return frozenset(path.parents[1].name for path in self.collection.glob("roles/*/tasks/backup.yml")) - {"store"}

    def category(self, kind: str) -> str | None:
        """What a kind is about (database, application, …), as its role's tags say; None where they do not."""
        return _first_tag(self.collection / "roles" / kind / "meta" / "main.yml")

    def playbook(self, action: str) -> Path:
        """The playbook an SOP calls by this name; raise UsageError naming those there are."""
        path = self.playbooks / f"{action}.yml"
        if not path.is_file() or path.parent != self.playbooks:
            known = ", ".join(sorted(one.stem for one in self.playbooks.glob("*.yml")))
            raise UsageError(f"There is no playbook {action}.", f"An SOP's actions can be: {known}.")
        return path


@cache
def _first_tag(meta: Path) -> str | None:
    """The first tag of a role; read once, since a register asks for it at each of a thousand assets."""
    told = yaml.safe_load(meta.read_text(encoding="utf-8")) if meta.is_file() else {}
    return next(iter(told.get("galaxy_info", {}).get("galaxy_tags") or []), None)


def resources() -> Resources:
    """Find what sopwrap brought along: in the wheel beside this package, else in the checkout around it."""
    package = Path(__file__).resolve().parent
    data, root = package / "_data", package.parent
    if data.is_dir():
        return Resources(data / "playbooks", data / "roles", root, data / "inventory" / "example")
    if not (root / "playbooks").is_dir():
        raise SopError(f"The playbooks that belong to sopwrap are not at {data}.", "Install sopwrap again.")
    return Resources(root / "playbooks", root / "roles", root / "collections", root / "inventory" / "example")


@dataclass(frozen=True)
class Workspace:
    """One office's folder and what lies in it."""

    folder: Path

    @property
    def inventory(self) -> Path:
        """The folder with the office's hosts, assets and stores."""
        return self.folder / "inventory"

    @property
    def config(self) -> Path:
        """The office's ansible.cfg."""
        return self.folder / "ansible.cfg"

    @property
    def secrets(self) -> Path:
        """The folder with the keys of the stores (0700)."""
        return self.folder / "secrets"

    @property
    def sops(self) -> Path:
        """The office's own SOPs."""
        return self.folder / "sops"

    @property
    def papers(self) -> Path:
        """Where the papers of the cases go, one folder each."""
        return self.folder / "papers"

    @property
    def history(self) -> Path:
        """The git repository with texts people may look at, where a kind keeps one."""
        return self.folder / "history"

    @property
    def working(self) -> Path:
        """The folder for what a run needs while it lasts (0700); made when it is not there."""
        path = self.folder / ".sopwrap"
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            if not os.access(path, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            raise SopError(
                f"Nothing can be written in the office's folder {self.folder}: {error.strerror}.",
                "Use the account the office belongs to, or mount its disk for writing.",
            ) from error
        return path

    def office(self) -> Office:
        """Read office.yml; raise UsageError with file and line."""
        from sopwrap.office import load_office

        return load_office(self.folder)

    def ledger(self, office: Office | None = None) -> Ledger:
        """The office's ledger: ``ledger.db`` in its folder, or what ``ledger`` in office.yml names."""
        from sopwrap.ledger import open_ledger

        return open_ledger(self.folder, (office or self.office()).ledger)

    def logo(self, name: str | None) -> bytes | None:
        """The office's coat of arms by its name in office.yml; raise SopError when the file cannot be read."""
        if not name:
            return None
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            hint = "Put the file in the office's folder."
            raise SopError(f"The logo {name} of office.yml cannot be read: {error.strerror}.", hint) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only run in this office; raise LockedError telling who is at work already."""
        path = self.working / "lock"
        with path.open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError(
                    f"Another run is at work in this office: {_holder(path)}.",
                    "Wait until it has ended, then try again.",
                ) from None
            _sign(file)
            yield
            file.truncate(0)


def find_workspace(office: Path | None = None, start: Path | None = None) -> Workspace:
    """Return the office named, else the nearest upwards from ``start`` (here); raise UsageError when there is none."""
    if office is not None:
        if not (office / OFFICE).is_file():
            raise UsageError(f"{office} is not an office: it has no {OFFICE}.", "Run `sopwrap init DIR` to make one.")
        return Workspace(office.absolute())
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / OFFICE).is_file():
            return Workspace(folder)
    raise UsageError(
        f"There is no {OFFICE} in {here} or above it.",
        "Go into an office's folder, name it with `--office DIR`, or make one with `sopwrap init DIR`.",
    )


def _sign(file: IO[str]) -> None:
    """Leave in the lock's file who holds it, for the sentence another run prints."""
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    file.truncate(0)
    json.dump({"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "command": command}, file)
    file.flush()


def _holder(path: Path) -> str:
    """Who holds the lock, in words; a holder that has not signed yet is named so."""
    try:
        who = json.loads(path.read_text(encoding="utf-8"))
        return f"process {who['pid']} since {who['since']} (`{who['command']}`)"
    except (OSError, ValueError, KeyError, TypeError):
        return "a process that has just begun"
