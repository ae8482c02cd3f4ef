"""What ``ansible-inventory`` said of an office, remembered: hundreds of tests stand in an office of the same few hosts.

It is the real program's answer to the same words, environment and file; each worker asks it once for each of them.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

_HERE = "<the office>"
_OTHERS = ("ansible.cfg", "group_vars", "host_vars", "collections", "roles")
"""What else an inventory can follow from, but for the environment."""

_answers: dict[tuple[Any, ...], tuple[str, str, int]] = {}


class Remembered:
    """Stands in for the module ``subprocess`` where inventories are asked for."""

    PIPE = subprocess.PIPE

    @staticmethod
    def Popen(command: list[str], *, env: dict[str, str], cwd: Path, **pipes: Any) -> Any:  # noqa: N802
        """The program, already ended; the real one, at work, where the office has more than one file of hosts."""
        hosts = _only_file(cwd)
        if hosts is None:
            return subprocess.Popen(command, env=env, cwd=cwd, **pipes)
        settings = [f"{name}={value}" for name, value in sorted(env.items()) if name != "PYTEST_CURRENT_TEST"]
        key = (hosts, *(word.replace(str(cwd), _HERE) for word in (*command, *settings)))
        if key not in _answers:
            done = subprocess.run(command, env=env, cwd=cwd, check=False, **pipes)
            output, complaints = (text.replace(str(cwd), _HERE) for text in (done.stdout, done.stderr))
            _answers[key] = (output, complaints, done.returncode)
        return _Ended(cwd, *_answers[key])


class _Ended:
    """A program that has ended, with what it said."""

    def __init__(self, folder: Path, output: str, complaints: str, status: int) -> None:
        self.said = (output.replace(_HERE, str(folder)), complaints.replace(_HERE, str(folder)))
        self.returncode = status

    def communicate(self) -> tuple[str, str]:
        return self.said

    def poll(self) -> int:
        return self.returncode

    def __enter__(self) -> _Ended:
        return self

    def __exit__(self, *unused: object) -> None:
        """There is nothing to wait for."""


def _only_file(office: Path) -> bytes | None:
    """The file of hosts where the inventory is nothing else, and no program."""
    hosts = office / "inventory" / "hosts.yml"
    if any((office / name).exists() for name in _OTHERS) or list(hosts.parent.iterdir()) != [hosts]:
        return None
    plain = hosts.is_file() and not hosts.is_symlink() and not os.access(hosts, os.X_OK)
    return hosts.read_bytes() if plain else None
