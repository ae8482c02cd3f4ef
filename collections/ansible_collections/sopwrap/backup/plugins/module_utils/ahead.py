# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Begin to store a point's manifest before it can be written: restic opens a store for half a second (its scrypt).

That goes on beside the storing of the data, on another processor. Nothing can come of it too early: restic waits for
its input, an input that is not declared whole is none (see `declared`), and it is given only when the data is stored.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from queue import SimpleQueue
from typing import BinaryIO, cast

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.restic import Stored
from ansible_collections.sopwrap.backup.plugins.module_utils.restic_words import Locked

Store = Callable[[Content, AbstractContextManager[BinaryIO]], Stored]
"""Stores a manifest that is still to come; the content is known, since the snapshot's tags name its digest."""


class Abandoned(Exception):
    """Nothing is to be stored after all."""


class Ahead:
    """A manifest on its way: begun when the fingerprint is taken, then either given or abandoned."""

    def __init__(self, content: Beside, store: Store) -> None:
        self._content = content
        self._store = store
        self._data: SimpleQueue[bytes | None] = SimpleQueue()
        self._turn = threading.Lock()
        self._begun = self._over = False
        self._storing = Beside(self._begin)

    def give(self, data: bytes) -> Stored:
        """Store this, and wait until it is stored; where another restic was in the way, once more."""
        self._data.put(data)
        try:
            return cast(Stored, self._storing.result())
        except Locked:
            return self._store(self._content.result(), nullcontext(io.BytesIO(data)))
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Let nothing come of it, unless it is stored already; wait for restic's end."""
        with self._turn:
            self._over = True
        if self._begun:
            self._data.put(None)
            self._storing.ask_to_end()
            with suppress(BaseException):
                self._storing.result()

    def _begin(self) -> Stored:
        content = self._content.result()
        with self._turn:
            if self._over:
                raise Abandoned
            self._begun = True
        return self._store(content, self._awaited())

    @contextmanager
    def _awaited(self) -> Iterator[BinaryIO]:
        data = self._data.get()
        if data is None:
            raise Abandoned
        yield io.BytesIO(data)
