# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for programs that take nothing but files: what they hold, passwords among it, is to be on no disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

MEMORY = "/dev/shm"


@contextmanager
def folder() -> Iterator[str]:
    """Give a private folder (0700) that goes with the block: in memory, or where there is none, in the usual place."""
    with tempfile.TemporaryDirectory(prefix="sopwrap-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as path:
        yield path
