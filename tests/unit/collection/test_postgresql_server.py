from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import is_whole
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server import (
    _new_name,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server_live import admin, part_name


@pytest.mark.parametrize("name", ["siakad", "Uji.Arsip 2", "a/b", "roles", "é"])
def test_parts_of_a_database_bear_its_name_and_no_name_begins_another(name: str) -> None:
    called = part_name(name)
    assert unquote(called) == name and "." not in called and "/" not in called


def test_databases_go_to_names_of_their_own_or_on_a_fresh_server_to_their_own_names() -> None:
    assert _new_name("siakad", {"database": "uji"}) == "uji_siakad"
    assert _new_name("siakad", {"same_names": True}) == "siakad"


@pytest.mark.parametrize(
    "target", [{}, {"database": ""}, {"same_names": "yes"}, {"database": "uji", "same_names": True}]
)
def test_a_target_that_names_neither_is_refused(target: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="names no beginning") as caught:
        _new_name("siakad", target)
    assert caught.value.refused


def test_a_whole_server_is_asked_by_way_of_its_own_database() -> None:
    asset = {"source": {"database": "*", "port": 5433}}
    assert is_whole(asset) and admin(asset)["source"] == {"database": "postgres", "port": 5433}
    assert not is_whole({"source": {"database": "siakad"}})
