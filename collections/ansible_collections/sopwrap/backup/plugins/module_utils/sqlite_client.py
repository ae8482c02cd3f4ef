# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite databases opened for reading, and what SQLite complains of in the operator's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

PATIENCE = 60.0
"""Seconds to wait for a writer that holds the database."""

_MAPPED = 1 << 40
"""Bytes of a file nobody else uses that are read as memory; SQLite itself takes at most 2 GiB."""


@contextmanager
def opened(path: str, alone: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a database that exists, for reading only; one that nobody else uses (`alone`) without files beside it."""
    with explained(path):
        address = f"file:{quote(path)}?mode=ro{'&immutable=1' if alone else ''}"
        connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    with closing(connection):
        if alone:  # nobody cuts such a file short, which is what reading it as memory would not survive
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        yield connection


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turn what SQLite complains of into the operator's sentence."""
    try:
        yield
    except sqlite3.Error as error:
        hint = "Correct path in the asset's source, or repair the database with the sqlite3 program."
        if "locked" in str(error) or "busy" in str(error):
            hint = "Wait for the program that holds it, then run again."
        elif "disk is full" in str(error):
            hint = "Make room for a copy, or name another folder as scratch in the asset's source."
        elif "unable to open" in str(error) or "readonly" in str(error):
            hint = "Set become for the play, or open it once with its own program so that it can recover."
        raise Problem(f"The database {path} cannot be read: {error}.", hint) from error
