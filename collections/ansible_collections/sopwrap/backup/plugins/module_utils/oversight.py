# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""End a program that has begun to try for ever what cannot succeed."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress

LOOK_EVERY = 0.5
"""Seconds between two looks at what a program complains of."""

GRACE = 5.0
"""Seconds a program is given to tidy up after it was asked to stop: on a disk that is gone it would try that for ever,
too."""


class Oversight:
    """A thread that reads a program's complaints while it runs, and ends it when `hopeless` says so of them."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        complaints: Callable[[], str],
        hopeless: Callable[[str], bool],
        farewell: int,
    ) -> None:
        self._process = process
        self._complaints = complaints
        self._hopeless = hopeless
        self._farewell = farewell
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """The program has ended: look no more."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if self._hopeless(self._complaints()):
                with suppress(ProcessLookupError):
                    self._process.send_signal(self._farewell)
                    if not self._over.wait(GRACE):
                        self._process.kill()
                return
