from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_keys as keys
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

KEY: dict[str, Any] = {
    "name": "krs_mhs_fkey",
    "own": {"name": "public.krs", "text": "ONLY public.krs"},
    "other": {"name": "public.mhs", "text": "ONLY public.mhs"},
    "given": "own.mhs IS NOT NULL",
    "joined": "other.id OPERATOR(pg_catalog.=) own.mhs",
}
FOUND = {"public.krs krs_mhs_fkey": 3}


def test_rows_that_point_to_nothing_are_counted_where_they_stand_at_present() -> None:
    asked: list[str] = []

    def query(sql: str) -> list[int]:
        asked.append(sql)
        return [3]

    assert keys.dangling(query, [KEY], {"public.mhs": "pg_temp.x"}) == FOUND
    assert "FROM ONLY public.krs AS own" in asked[0] and "FROM pg_temp.x AS other" in asked[0]
    assert keys.dangling(lambda _sql: [0], [KEY]) == {}


@pytest.mark.parametrize(
    ("chosen", "hint"),
    [
        (["public.krs"], "Put public.mhs back"),
        (["public.mhs"], "Put public.krs back"),
        (["public.krs", "public.mhs"], "Restore the whole"),
    ],
)
def test_more_rows_than_before_are_refused_with_the_key_their_number_and_the_other_table(
    chosen: list[str], hint: str
) -> None:
    with pytest.raises(Problem, match=r"3 rows of public\.krs .* public\.mhs \(foreign key krs_mhs_fkey\)") as raised:
        keys.require([KEY], FOUND, {}, chosen)
    assert str(raised.value.hint).startswith(hint) and raised.value.refused
    keys.require([KEY], FOUND, FOUND, chosen)
    keys.require([KEY], {}, {}, chosen)
