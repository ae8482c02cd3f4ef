# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""End a program that has begun to try for ever what cannot succeed, or to wait for ever for an answer."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress

from ansible_collections.sopwrap.backup.plugins.module_utils.silence import Patience, Silence

LOOK_EVERY = 0.5
"""Seconds between two looks at what a program complains of."""

GRACE = 5.0
"""Seconds a program is given to tidy up after it was asked to stop: on a disk that is gone it would try that for ever,
too."""


NO_ANSWER = "no answer within the patience there is"
"""What is added to the complaints of a program that was ended because of a server's silence."""


class Oversight:
    """A thread that looks at a program while it runs, and ends it when `hopeless` says so of its complaints.

    With `patience` it is also ended when it has waited so long for a server that nothing came or went.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        complaints: Callable[[], str],
        hopeless: Callable[[str], bool] | None,
        farewell: int,
        patience: Patience | None = None,
    ) -> None:
        self._process = process
        self._complaints = complaints
        self._hopeless = hopeless
        self._farewell = farewell
        self._silence = Silence(process, patience) if patience else None
        self._verdict = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> str:
        """The program has ended: look no more; return what is to be added to its complaints."""
        self._over.set()
        self._thread.join()
        return self._verdict

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            if self._silence is not None and self._silence.lasts():
                self._verdict = f"\n{NO_ANSWER}"
            if self._verdict or (self._hopeless is not None and self._hopeless(self._complaints())):
                with suppress(ProcessLookupError):
                    self._process.send_signal(self._farewell)
                    if not self._over.wait(GRACE):
                        self._process.kill()
                return
