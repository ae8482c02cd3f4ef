"""Room for calls that go deep, as those that lay a page out do.

CPython 3.11 and 3.12, and later ones before the spring of 2026, keep the frames of calls in pieces of 16 kB and give a
piece back to the system as soon as it is empty (python/cpython issue 142183). Where a loop of the layout happens to
begin a piece, every turn asks for memory and gives it back: a tenth of all the work.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

WORDS = 1 << 15
"""What one call asks for, so that it gets a piece of 512 kB: half of that is over for the calls it makes. Only what is
really used takes memory."""


def with_room(function: Callable[P, R]) -> Callable[P, R]:
    """Let all calls that ``function`` makes find their frames in one piece."""

    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=WORDS)
    return wraps(function)(roomy)
