# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do something in a thread of its own, and end the programs it waits for when it is not wanted any more."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakKeyDictionary


class Running(Protocol):
    """A program that was started: `farewell` is the signal it is asked to stop with."""

    process: subprocess.Popen[bytes]
    farewell: int


STARTED: WeakKeyDictionary[threading.Thread, set[Running]] = WeakKeyDictionary()
"""The programs that are running, by the thread that started them and waits for them (its number may be used again)."""


class Beside:
    """A function running in a thread of its own; `result()` gives its value or raises what it raised.

    As a context manager it asks the programs that the function is still waiting for to end when the block is left.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._value: Any = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, args=(function, arguments), daemon=True)
        self._thread.start()

    def _work(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        try:
            self._value = function(*arguments)
        except BaseException as failure:  # noqa: BLE001 - it is raised again where the result is asked for
            self._failure = failure

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, *failure: object) -> None:
        self.ask_to_end()

    def ask_to_end(self) -> None:
        """Ask the programs to end that the function is waiting for."""
        for program in list(STARTED.get(self._thread, ())):
            with suppress(ProcessLookupError):
                program.process.send_signal(program.farewell)

    def result(self) -> Any:
        """Wait for the function."""
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._value
