# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have the guard of a journal started once more when the host comes up again after its power was cut.

A unit of systemd that is there as long as the journal is unfinished: nothing has to be running to leave it behind. It
is only looked at when the host starts, so systemd is not asked to read its files again.
"""

from __future__ import annotations

import os
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils import permit_register

UNITS = "/etc/systemd/system"
_WANTS = "multi-user.target.wants"
_UNIT = """[Unit]
Description=Bring back what was interrupted by a loss of power (sopwrap)
ConditionPathExists={folder}

[Service]
{environment}ExecStart={command}
"""


def arm(folder: str, argv: list[str], environment: dict[str, str]) -> None:
    """Write the unit for the journal in a folder (its name is the mark); it is on the disk before this returns.

    Nothing is done on a host without systemd.
    """
    if not os.path.isdir("/run/systemd/system"):
        return
    text = _UNIT.format(
        folder=_specified(folder),
        environment="".join(f"Environment={_quoted(f'{key}={value}')}\n" for key, value in environment.items()),
        command=" ".join(map(_quoted, argv)),
    )
    unit, link = _paths(os.path.basename(folder))
    os.makedirs(os.path.dirname(link), mode=0o755, exist_ok=True)
    with open(
        os.open(unit, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644), "w", encoding="utf-8"
    ) as sink:
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
    os.symlink(unit, link)
    for folder in (UNITS, os.path.dirname(link)):
        permit_register.sync(folder)


def disarm(mark: str) -> None:
    """Remove the unit; it is no error when there is none."""
    for path in reversed(_paths(mark)):
        with suppress(FileNotFoundError):
            os.unlink(path)


def _paths(mark: str) -> tuple[str, str]:
    """The unit, and the link by which systemd starts it."""
    name = f"sopwrap-after-power-cut-{mark}.service"
    return os.path.join(UNITS, name), os.path.join(UNITS, _WANTS, name)


def _quoted(word: str) -> str:
    """A word as systemd.syntax(7) reads it back, in a line that knows of specifiers and variables."""
    escaped = _specified(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def _specified(word: str) -> str:
    return word.replace("%", "%%")
