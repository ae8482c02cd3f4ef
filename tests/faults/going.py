"""A command that is running, watched for secrets; and how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.moments import MARK, Watched, end_all
from tests.faults.secrecy import Sampler

UGLY = ("Traceback (most recent call last)", "fault of sopwrap itself", "<class '", "Error(", "Undefined(", "{'", "['")
"""What an operator must never be shown: a stack, an exception's name, a value as Python writes it."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, what it printed (both streams), and whether a secret was seen on the way."""

    code: int
    output: str
    leaks: tuple[str, ...] = ()

    def says(self, code: int, *words: str) -> None:
        """Assert the exit code, that the output holds all words, that it is for people, and that nothing leaked."""
        assert self.code == code, f"exit code {self.code} instead of {code}:\n{self.output}"
        for word in words:
            assert word in self.output, f"{word!r} is not in:\n{self.output}"
        for word in UGLY:
            assert word not in self.output, f"{word!r} is in:\n{self.output}"
        assert not self.leaks, f"secrets were seen: {self.leaks}"


class Going:
    """A command that is running, watched for secrets; ``typed`` are lines that are sent to it."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        environment: dict[str, str],
        secrets: list[str],
        seconds: float,
        typed: Sequence[str] = (),
    ) -> None:
        self._mark = environment[MARK]
        self._seconds = seconds
        self._read: list[str] = []
        self._sampler = Sampler(secrets)
        self._sampler.start()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE if typed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
        )
        if self.process.stdin is not None:
            self.process.stdin.write("".join(f"{line}\n" for line in typed))
            self.process.stdin.close()
            self.process.stdin = None

    def caught(self, name: str, *words: str, seconds: float = 60) -> Watched:
        """Wait until a program of this command with these words in its command line runs; return it."""
        return Watched.wait_for(self._mark, name, words, seconds)

    def stopped(self) -> Watched:
        """Wait until a program has stopped itself where the desk told it to (``Desk.stop_…``); return it."""
        try:
            return Watched.wait_for_stop(self._mark, self._seconds)
        except AssertionError as error:
            end_all(self._mark)
            raise AssertionError(f"{error}\n{self.finish().output}") from None

    def said(self, word: str) -> None:
        """Wait until it has printed a word."""
        assert self.process.stdout is not None
        late = threading.Timer(self._seconds, end_all, [self._mark])
        late.start()
        try:
            for line in self.process.stdout:
                self._read.append(line)
                if word in line:
                    return
        finally:
            late.cancel()
        raise AssertionError(f"{word!r} was never said: {self._read}")

    def send(self, number: signal.Signals, group: bool = False) -> None:
        """Send a signal to sopwrap, or to its process group as the keyboard does."""
        (os.killpg if group else os.kill)(self.process.pid, number)

    def finish(self) -> Ended:
        """Wait for the end; raise AssertionError, and end everything, when it takes too long."""
        try:
            output, _ = self.process.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            end_all(self._mark)
            output, _ = self.process.communicate()
            raise AssertionError(f"sopwrap did not end within {self._seconds:g} s:\n{output}") from None
        finally:
            leaks = self._sampler.stop()
        return Ended(self.process.returncode, "".join(self._read) + output, leaks)
