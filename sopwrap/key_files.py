"""The files the keys of stores lie in, and the steps in which one takes the place of another.

Three files tell how far a change has come: ``NAME.next`` is the new key while it is being added to the stores, NAME the
one the inventory reads, ``NAME.old`` the former one until no store is opened by it any more.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sopwrap.errors import RefusedError, SopError

BYTES = 32
"""Of randomness in a key; written as URL-safe text, since restic takes passwords."""

IN_MEMORY = Path("/dev/shm")


def create(path: Path, key: str | None = None) -> None:
    """Write a fresh random key (or this one) that nobody else may read; raise RefusedError where there is a file."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write((key or secrets.token_urlsafe(BYTES)) + "\n")
    except FileExistsError:
        raise RefusedError(f"{path} is there already.", "It may open stores: move it away before a new one.") from None
    except OSError as error:
        raise SopError(f"{path} cannot be written: {error.strerror}.") from error


def read(path: Path) -> str:
    """The key in a file; raise SopError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SopError(
            f"The key {path} cannot be read: {reason}.", "`sopwrap keys recover` makes it from shares."
        ) from error


def upcoming(path: Path) -> Path:
    """Where the next key lies while it is added; it is made unless an earlier attempt has left it."""
    fresh = path.with_name(f"{path.name}.next")
    if not fresh.exists():
        create(fresh)
    return fresh


def former(path: Path) -> Path:
    """Where the key before lies until it is taken from the stores."""
    return path.with_name(f"{path.name}.old")


def swap(path: Path) -> None:
    """Put the next key in the place of the present one, which becomes the former; NAME is there all the time."""
    former(path).unlink(missing_ok=True)
    os.link(path, former(path))
    upcoming(path).replace(path)


@contextmanager
def lent(key: str) -> Iterator[Path]:
    """A file with a key for as long as the block lasts, in memory where the system has such a place."""
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    handle, name = tempfile.mkstemp(prefix="sopwrap-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key + "\n")
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
