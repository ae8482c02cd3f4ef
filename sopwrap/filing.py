"""Puts a file where it belongs: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sopwrap.errors import SopError


def put(path: Path, content: bytes, hint: str) -> None:
    """Write the file through one beside it; one that has the content already is left as it is.

    Raise SopError with ``hint`` (what to do next) where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        raise SopError(f"{path} cannot be written: {error.strerror}.", hint) from error
