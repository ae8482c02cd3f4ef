from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import selection
from ansible_collections.sopwrap.backup.plugins.module_utils.hash_list import Root
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem

ONE, TWO = [Root("/srv/situs", "")], [Root("/srv/situs", "srv/situs"), Root("/etc/a.conf", "etc/a.conf")]
CONTENT = Content.of([{"name": name, "count": 1, "digest": name} for name in (".", "a", "b", "b/c", "bc")])


@pytest.mark.parametrize(
    ("roots", "only", "names"),
    [
        (ONE, ["/srv/situs/b"], ["b"]),
        (ONE, ["/srv/situs"], ["."]),
        (TWO, ["/srv/situs/b", "/etc/a.conf"], ["srv/situs/b", "etc/a.conf"]),
        (TWO, [], []),
        (ONE, ["/srv/situslain"], []),
    ],
)
def test_paths_are_named_as_in_the_list_of_hashes(roots: list[Root], only: list[str], names: list[str]) -> None:
    assert selection.names(roots, only) == names


@pytest.mark.parametrize(
    ("chosen", "kept"), [(["b"], ["b", "b/c"]), (["."], [".", "a", "b", "b/c", "bc"]), (["a", "bc"], ["a", "bc"])]
)
def test_a_part_has_what_is_at_and_below_a_name(chosen: list[str], kept: list[str]) -> None:
    assert [item["name"] for item in selection.part(CONTENT, chosen).items] == kept


def test_without_a_choice_it_is_all() -> None:
    assert selection.part(CONTENT, []) is CONTENT and selection.touched(TWO, []) == TWO
    assert selection.touched(TWO, ["/etc/a.conf"]) == TWO[1:]


@pytest.mark.parametrize("only", ["/srv", [1], ["srv"], ["/srv/situs/tidak"], ["/lain"]])
def test_what_is_no_choice_is_refused(only: Any) -> None:
    with pytest.raises(Problem) as refusal:
        selection.require(ONE, CONTENT, {"only": only})
    assert refusal.value.refused
