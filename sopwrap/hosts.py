"""Asks ``ansible-inventory`` what an office's hosts are. That takes half a second, so it can be asked ahead of time.

Imports nothing that takes long, since what takes long is to be imported meanwhile.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sopwrap.environment import ansible_environment
from sopwrap.errors import SopError, UsageError
from sopwrap.register_file import kept, seal_of
from sopwrap.workspace import Workspace, resources


@dataclass(frozen=True)
class Asked:
    """An ``ansible-inventory`` at work; ``seal`` is that of what it reads, taken before it began (whole offices)."""

    process: subprocess.Popen[str]
    seal: str | None = None

    def answer(self) -> tuple[str, str, int]:
        """Wait for it; return the JSON, what it complained of, and its exit status.

        Raise SopError when a signal ended it: what it had to say of the inventory is lost.
        """
        output, complaints = self.process.communicate()
        if self.process.returncode < 0:
            raise _ended(-self.process.returncode)
        return output, complaints, self.process.returncode


@contextmanager
def asking_ahead(workspace: Workspace) -> Iterator[Asked | None]:
    """Start to ask for all hosts unless the register is kept as it is now."""
    if kept(workspace, seal_of(workspace)) is not None:
        yield None
        return
    with asking(workspace) as asked:
        yield asked


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
    seal = None if limit else seal_of(workspace)
    quiet = {"ANSIBLE_VERBOSITY": "0", "ANSIBLE_DEBUG": "0"}  # what they print would stand before the JSON
    try:
        process = subprocess.Popen(
            command + (["--limit", limit] if limit else []),
            env={**os.environ, **ansible_environment(workspace, resources()), **quiet},
            cwd=workspace.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except OSError as error:
        raise SopError(f"ansible-inventory cannot be started: {error.strerror}.", "Install sopwrap again.") from error
    with process:
        try:
            yield Asked(process, seal)
        finally:
            if process.poll() is None:
                process.kill()


def _ended(number: int) -> SopError:
    """The end by a signal; the kernel sends SIGKILL to what it takes memory from."""
    perhaps = ", perhaps because the memory ran out" if number == signal.SIGKILL else ""
    hint = "Try again; `journalctl --dmesg` tells what the kernel has killed." if perhaps else "Try again."
    what = f"signal {number}, {signal.strsignal(number)}"
    return SopError(f"ansible-inventory was killed ({what}) while it read the inventory{perhaps}.", hint)
