from __future__ import annotations

import resource

from sopwrap.papers.deep_calls import with_room

DEPTHS, TURNS = 200, 500


def _innermost() -> None:
    """A call that a loop makes again and again."""


def _deep(depth: int) -> None:
    if depth:
        return _deep(depth - 1)
    for _ in range(TURNS):
        _innermost()
    return None


def _at_every_depth() -> int:
    """How often the system had to give memory meanwhile."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for depth in range(DEPTHS):
        _deep(depth)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_loop_asks_for_no_memory_at_any_depth_below_a_function_with_room() -> None:
    assert with_room(_at_every_depth)() < TURNS / 2


def test_a_function_with_room_gives_what_it_gives_without() -> None:
    @with_room
    def joined(*words: str, by: str = " ") -> str:
        """Words as one."""
        return by.join(words)

    assert (joined("a", "b", by="-"), joined.__doc__) == ("a-b", "Words as one.")
