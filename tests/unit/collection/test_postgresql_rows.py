from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_rows as rows

STATE: dict[str, Any] = {"tables": {"public.a": [1, "x"]}, "sequences": {"public.a_seq": [5, True]}, "kept": ""}


def test_a_state_is_told_by_rows_and_by_the_sequences_that_are_still_there() -> None:
    assert rows.is_so(STATE, {**STATE, "kept": "k1"})
    assert not rows.is_so({**STATE, "tables": {"public.a": None}}, STATE)
    assert not rows.is_so({**STATE, "sequences": {"public.a_seq": [6, True]}}, STATE)
    assert rows.is_so({**STATE, "sequences": {"public.new_seq": [1, False]}}, STATE)


def test_no_tables_are_not_asked_for() -> None:
    nothing: Any = None
    assert rows.tables(nothing, []) == {}
