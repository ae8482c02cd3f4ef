"""Keeps the traceback of an unexpected error in a file, so that an operator sees a sentence and we see the cause."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from sopwrap import __version__
from sopwrap.errors import SopError
from sopwrap.redaction import known_secrets, scrub
from sopwrap.workspace import find_workspace


def keep(error: BaseException, office: Path | None) -> Path:
    """Write the traceback (0600, known secrets masked, no values of variables); return the file's path."""
    now = datetime.now(UTC)
    secrets: list[str] = []
    try:
        workspace = find_workspace(office)
        folder, secrets = workspace.working, known_secrets(workspace.secrets)
        if not os.access(folder, os.W_OK):
            raise OSError
    except (SopError, OSError):  # no office, or one that cannot be written to
        folder = Path(tempfile.mkdtemp(prefix="sopwrap-"))
    path = folder / f"error-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    head = f"sopwrap {__version__}, Python {platform.python_version()}, {platform.platform()}"
    text = scrub("".join(traceback.format_exception(error)), secrets)
    path.touch(mode=0o600)
    path.write_text(f"{head}, {now:%Y-%m-%dT%H:%M:%SZ}\n\n{text}", encoding="utf-8")
    return path
