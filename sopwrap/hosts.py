"""Asks ``ansible-inventory`` what an office's hosts are. That takes half a second, so it can be asked ahead of time.

Imports nothing that takes long, since what takes long is to be imported meanwhile.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from sopwrap.environment import ansible_environment
from sopwrap.errors import SopError, UsageError
from sopwrap.workspace import Workspace, resources

Asked = subprocess.Popen[str]
"""An ``ansible-inventory`` at work; its ``communicate()`` gives JSON and complaints."""


@contextmanager
def asking(workspace: Workspace, limit: str | None = None) -> Iterator[Asked]:
    """Start ``ansible-inventory`` for the hosts that match the pattern; it does not outlive the block.

    Raise UsageError when the office has no inventory, SopError when the program cannot be started.
    """
    if not workspace.inventory.exists():
        raise UsageError(
            f"{workspace.inventory} is not there.", "Every office keeps its hosts and assets in that folder."
        )
    command = ["ansible-inventory", "--inventory", str(workspace.inventory), "--list"]
    quiet = {"ANSIBLE_VERBOSITY": "0", "ANSIBLE_DEBUG": "0"}  # what they print would stand before the JSON
    try:
        asked = subprocess.Popen(
            command + (["--limit", limit] if limit else []),
            env={**os.environ, **ansible_environment(workspace, resources()), **quiet},
            cwd=workspace.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except OSError as error:
        raise SopError(f"ansible-inventory cannot be started: {error.strerror}.", "Install sopwrap again.") from error
    with asked:
        try:
            yield asked
        finally:
            if asked.poll() is None:
                asked.kill()
