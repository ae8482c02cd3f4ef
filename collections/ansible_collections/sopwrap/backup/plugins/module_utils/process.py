# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other programs: start them so that they never outlive us, feed them, read them, end them, and say what went wrong.

Rules that hold everywhere: a program is a list of words, never a shell line; a secret reaches it through a file in
memory that nobody else can open; a child dies with the thread that started it (PR_SET_PDEATHSIG), so whoever starts a
child also waits for it in the same thread.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, cast, final

from ansible_collections.sopwrap.backup.plugins.module_utils.account import account, environment, identity
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import STARTED, Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.declared import Declared
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.oversight import NO_ANSWER, Oversight
from ansible_collections.sopwrap.backup.plugins.module_utils.silence import Patience

CHUNK = 1024 * 1024
"""Bytes per read; also what pipes are widened to, since 64 KiB pipes cost a fifth of the throughput."""

PATIENCE = 20.0
"""Seconds a program is given to end after it was asked to, before it is killed."""

_PIECE = 128 * 1024
_MOMENT = 0.002
"""Who writes pieces of fewer bytes than that (a database's dump: 4 KiB) is left alone for so many seconds after each:
being woken for every one of them costs both sides more than the bytes do, and a wide pipe has room for what comes.
"""

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1

Explain = Callable[[int, str], Problem]
"""Makes the operator's sentence from an exit status (negative: signal) and the last lines a program complained with."""


class Handed(Protocol):
    """Something open that a program is handed, and finds under the name `path`."""

    fd: int

    @property
    def path(self) -> str:
        """Its name for the program."""

    def close(self) -> None:
        """Let go of it here; programs that were handed it keep it."""


class Secret:
    """A file in memory, readable by its owner only, for programs that take a secret from a file."""

    def __init__(self, text: str, user: str | None = None) -> None:
        self.fd = os.memfd_create("sopwrap")
        os.fchmod(self.fd, 0o600)
        if user is not None:
            os.fchown(self.fd, account(user).pw_uid, -1)
        os.write(self.fd, text.encode())

    @property
    def path(self) -> str:
        """The name under which a child that was given this secret opens it."""
        return f"/dev/fd/{self.fd}"

    def close(self) -> None:
        """Forget the secret; children that hold it keep theirs."""
        os.close(self.fd)


@dataclass(frozen=True)
class Setting:
    """What a program is started in: the secrets it may open, more environment, the account, the folder, the signal
    it is asked to stop with, by what it complains of it is known to try in vain, how long it may wait for a server.
    """

    secrets: tuple[Handed, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    cwd: str = "/"
    farewell: int = signal.SIGTERM
    hopeless: Callable[[str], bool] | None = None
    patience: Patience | None = None


@final
class Child:
    """One running program: `with Child(argv, explain) as child: ...; child.finish()`.

    Leaving the block in any other way ends the program. Its complaints are kept in memory; its standard output is a
    pipe. Further arguments are the fields of `Setting`.
    """

    def __init__(
        self, argv: list[str], explain: Explain, *, stdin: int | Declared = subprocess.DEVNULL, **setting: Any
    ) -> None:
        chosen = Setting(**setting)
        self._explain = explain
        self.farewell = chosen.farewell
        if chosen.patience is not None and chosen.patience.lost:
            raise explain(0, NO_ANSWER)
        who = identity(chosen.user)
        self._complaints = os.memfd_create("complaints")
        try:
            self.process = subprocess.Popen(
                argv,
                stdin=stdin.reader if isinstance(stdin, Declared) else stdin,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                pass_fds=[secret.fd for secret in chosen.secrets],
                env={**environment(chosen.user), **chosen.env},
                cwd=chosen.cwd,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                **who,
            )
        except FileNotFoundError:
            os.close(self._complaints)
            name = os.path.basename(argv[0])
            raise Problem(
                f"The program {name} is not installed on this host.", f"Install the package that has {name}."
            ) from None
        STARTED.setdefault(threading.current_thread(), set()).add(self)
        if isinstance(stdin, Declared):
            self.process.stdin = cast(Any, stdin.handed())
        for pipe in (self.process.stdin, self.process.stdout):
            _widen(pipe)
        self._oversight: Oversight | None = None
        if chosen.hopeless or chosen.patience:
            watched = (self.process, self.complaints, chosen.hopeless, chosen.farewell, chosen.patience)
            self._oversight = Oversight(*watched)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        """End the program unless it was finished; if it went away while we wrote, its own complaint is the reason."""
        if self.process.returncode is not None:
            return
        if isinstance(failure, BrokenPipeError) and self.process.stdin is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
                self.finish()
        self.end()

    @property
    def stdin(self) -> BinaryIO:
        """The pipe into the program."""
        return cast(BinaryIO, self.process.stdin)

    @property
    def stdout(self) -> BinaryIO:
        """The pipe out of the program."""
        return cast(BinaryIO, self.process.stdout)

    def complaints(self) -> str:
        """Return the last 4 KiB of what the program wrote to standard error, without passwords in URLs."""
        size = os.fstat(self._complaints).st_size
        text = os.pread(self._complaints, 4096, max(0, size - 4096)).decode(errors="replace")
        return re.sub(r"://([^:/@\s]+):[^@\s]+@", r"://\1:***@", text).strip()

    def finish(self) -> None:
        """Declare the input complete, wait for the program; raise what `explain` says when it did not end well."""
        unread = False
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:  # it went away before it had read all of it
                unread = True
        status = self.process.wait()
        complaints = self.complaints() + self._unwatch()
        self._close()
        if status != 0 or unread:
            raise self._explain(status, complaints)

    def end(self) -> None:
        """Ask the program to stop, kill it when it does not, and wait for it. Its standard input stays open till then.

        A reader such as restic would otherwise take a closed pipe for the good end of its input.
        """
        if self.process.poll() is None:
            self.process.send_signal(self.farewell)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()

    def _unwatch(self) -> str:
        return self._oversight.stop() if self._oversight is not None else ""

    def _close(self) -> None:
        self._unwatch()
        STARTED.get(threading.current_thread(), set()).discard(self)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        os.close(self._complaints)


@contextmanager
def reading(argv: list[str], explain: Explain, **options: Any) -> Iterator[BinaryIO]:
    """Give a program's standard output; when the block ends well the program must have, too (options: `Setting`)."""
    with Child(argv, explain, **options) as child:
        yield child.stdout
        child.finish()


def run(argv: list[str], explain: Explain, data: bytes = b"", **options: Any) -> bytes:
    """Run a program to its end on small data and return its standard output."""
    with Child(argv, explain, stdin=subprocess.PIPE, **options) as child:
        output = Beside(child.stdout.read)
        child.stdin.write(data)
        child.stdin.close()
        received: bytes = output.result()
        child.finish()
    return received


def pump(source: BinaryIO, sink: BinaryIO, watch: Callable[[bytes | memoryview], None]) -> int:
    """Move all bytes from `source` to `sink`, show each piece to `watch`, return their number."""
    buffer = memoryview(bytearray(CHUNK))
    read: Callable[[memoryview], int] = getattr(source, "readinto1", None) or cast(Any, source).readinto
    total = 0
    while count := _filled(buffer, read):
        piece = buffer[:count]
        sink.write(piece)
        watch(piece)
        total += count
    sink.flush()
    return total


def _filled(buffer: memoryview, read: Callable[[memoryview], int]) -> int:
    """Fill a buffer but for the room of a little piece; return the bytes in it, 0 at the end of what is read."""
    filled = 0
    while filled <= len(buffer) - _PIECE:
        count = read(buffer[filled:])
        if not count:
            break
        filled += count
        if count < _PIECE:
            time.sleep(_MOMENT)
    return filled


def ended_by(status: int) -> str:
    """Say how a program ended: `ended by SIGKILL` or `exit status 2`."""
    if status < 0:
        with suppress(ValueError):
            return f"ended by {signal.Signals(-status).name}"
    return f"exit status {status}"


def last_line(complaints: str) -> str:
    """Return the last line that says something, at most 300 characters."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    return lines[-1][:300].rstrip(".") if lines else "no message"


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _widen(pipe: Any) -> None:
    """Widen a pipe to CHUNK where the system allows it (1031 is F_SETPIPE_SZ, which Python names from 3.10 on)."""
    if pipe is not None:
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), 1031, CHUNK)
