# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An input that a program takes for whole only when it was declared so, whatever becomes of the one who writes it."""

from __future__ import annotations

import socket
from typing import Any


class Declared:
    """The writing end of a program's standard input: only `close` ends it well.

    A pipe is closed by the kernel when its writer is killed, and the reader cannot tell that from the good end. Of a
    socket whose end is lost with something unread in it Linux tells the other end that it was reset (unix(7),
    ECONNRESET), which restic reports as an input it could not read; so a byte lies in ours until the input is whole.
    Such a socket moves as much in a second as a pipe of a MiB.
    """

    def __init__(self) -> None:
        self._ours, self.reader = socket.socketpair()
        self.reader.send(b"\0")
        self.closed = False

    def handed(self) -> Declared:
        """The program has its end now: let go of it here, so that each end notices the loss of the other."""
        self.reader.close()
        return self

    def fileno(self) -> int:
        """The number of our end."""
        return self._ours.fileno()

    def write(self, data: Any) -> int:
        """Send all of it; raise BrokenPipeError, as a pipe does, when the program has gone."""
        try:
            self._ours.sendall(data)
        except ConnectionResetError:
            raise BrokenPipeError from None
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Declare the input whole."""
        if not self.closed:
            self.closed = True
            self._ours.recv(1)
            self._ours.close()
