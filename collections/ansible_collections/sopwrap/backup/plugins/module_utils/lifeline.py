# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notice that the run is to stop, or that nobody waits for its result any more, and leave everything in order."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60.0
"""Seconds the open blocks are given to clean up after an interruption before the process ends all the same."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The run was asked to stop, or nobody is left who wants its result."""


@contextmanager
def lifeline(fd: int = 1) -> Iterator[None]:
    """Within this block, a signal to stop and the loss of our reader raise `Interrupted` in the main thread.

    A module's standard output is a pipe or socket to Ansible. When Ansible is interrupted or dies, that end closes and
    poll(2) says so; without this a backup would go on for hours for nobody. All clean-up is done by leaving the blocks
    that are open, undisturbed by further signals; if that hangs, the process ends all the same.
    """

    interrupted = threading.Event()

    def interrupt(number: int, frame: object) -> None:
        if not interrupted.is_set():
            interrupted.set()
            raise Interrupted(f"The run was interrupted ({signal.Signals(number).name}).")

    former = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    finished = threading.Event()
    threading.Thread(target=_watch, args=(fd, interrupted, finished), daemon=True).start()
    try:
        yield
    finally:
        finished.set()
        for number, handler in former.items():
            signal.signal(number, signal.SIG_IGN if interrupted.is_set() else handler)


def _watch(fd: int, interrupted: threading.Event, finished: threading.Event) -> None:
    poll = select.poll()
    poll.register(fd, 0)
    while not finished.is_set():
        if poll.poll(500):
            if not interrupted.is_set():
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            if not finished.wait(PATIENCE):
                os._exit(1)
