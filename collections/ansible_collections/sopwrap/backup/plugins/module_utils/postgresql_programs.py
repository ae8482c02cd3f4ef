# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several installed versions of PostgreSQL's programs is called.

Debian keeps each version in a folder of its own and puts a Perl program under all their names (pg_wrapper(1)). That
goes by the cluster it takes for the default, which need not be the server that is meant, and it takes longer to choose
than most of these programs to answer.
"""

from __future__ import annotations

import os
import shutil

_CHOOSER = "/usr/share/postgresql-common/pg_wrapper"
_VERSIONS = "/usr/lib/postgresql"


def program(name: str, server: str | None) -> str:
    """The path of a program of the server's own version where Debian's chooser would be called; else its name.

    `server` is what the server says of its version, such as `15.16 (Debian 15.16-0+deb12u1)`; None where it is unknown.
    Then it is asked by the newest psql, which talks to every server; other programs are left to the chooser.
    """
    if os.path.realpath(shutil.which(name) or name) == _CHOOSER:
        folders = [_major(server)] if server else _newest_first() if name == "psql" else []
        for own in (os.path.join(_VERSIONS, folder, "bin", name) for folder in folders):
            if os.access(own, os.X_OK):
                return own
    return name


def _major(server: str) -> str:
    """The part of a version that names the folder: one number, and two before PostgreSQL 10."""
    parts = server.split()[0].split(".")
    return ".".join(parts[:2]) if parts[0].isdigit() and int(parts[0]) < 10 else parts[0]


def _newest_first() -> list[str]:
    """The folders of all versions."""
    try:
        found = [name for name in os.listdir(_VERSIONS) if name.replace(".", "", 1).isdigit()]
    except OSError:
        return []
    return sorted(found, key=lambda name: [int(number) for number in name.split(".")], reverse=True)
