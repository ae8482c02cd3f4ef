"""Ctrl-C and termination during a run: Ansible is asked to stop, its modules clean up, and nothing is left behind."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from sopwrap.children import Process, family, finish, first

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What is heard; the last one not where nohup has it ignored."""
PATIENCE = 30.0
"""Seconds the interrupted modules get to undo what they have begun; a second signal ends the waiting."""


class Interrupt(AbstractContextManager["Interrupt"]):
    """Catches the signals while it is entered (in the main thread; elsewhere there are none to catch).

    ``asked`` tells that one came. The first one is passed on to Ansible, which passes it on to its modules; the
    second one kills.
    """

    def __init__(self, run: Path, tell: Callable[[], None]) -> None:
        self.asked = False
        self._run = run
        self._tell = tell
        self._since = 0.0
        self._nudged = False
        self._known: set[Process] = set()
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            heard = [one for one in SIGNALS if one != signal.SIGHUP or signal.getsignal(one) is not signal.SIG_IGN]
            self._before = {number: signal.signal(number, self._on_signal) for number in heard}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.asked or error is not None:
                self._see_off(PATIENCE if error is None else 0.0)
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)

    def overdue(self) -> bool:
        """Whether Ansible has been asked to stop and has not in good time; ansible-runner asks once a second."""
        if self.asked:
            self._nudge()
        return self.asked and time.monotonic() - self._since > PATIENCE

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            self._known |= family(self._run)
            finish(self._known, 0.0)
            return
        self.asked, self._since = True, time.monotonic()
        self._tell()
        self._nudge()

    def _nudge(self) -> None:
        """Pass the interrupt on, once, as soon as Ansible is there."""
        self._known |= family(self._run)
        for one in [] if self._nudged else first(self._run):
            one.send(signal.SIGINT)
            self._nudged = True

    def _see_off(self, patience: float) -> None:
        """Wait for everything the run has started; connections that SSH keeps open for later are closed at once."""
        self._known |= family(self._run)
        for one in self._known:
            if one.name == "ssh":
                one.send(signal.SIGTERM)
        finish(self._known, patience)
