"""Give this process, and all it starts, a folder of the machine as one of its own."""

from __future__ import annotations

import ctypes
import os
import subprocess
from pathlib import Path

CLONE_NEWNS = 0x00020000
"""A mount namespace of its own: linux/sched.h, unshare(2)."""


def stand_apart(folder: str) -> None:
    """Lay an empty folder in memory over `folder` for this process and what it starts; only root can and needs to."""
    if os.geteuid() != 0:
        return
    Path(folder).mkdir(mode=0o755, parents=True, exist_ok=True)
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "The tests need a mount namespace of their own")
    for command in (["--make-rslave", "/"], ["-t", "tmpfs", "-o", "mode=0755", "sopwrap-tests", folder]):
        subprocess.run(["mount", *command], check=True)
