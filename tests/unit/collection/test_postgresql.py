"""What a new database is made with, and which targets are none; the rest is in the round trips with a real server."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import Postgresql, _create, _target

FACTS = {"encoding": "UTF8", "collate": "C.UTF-8", "ctype": "C.UTF-8", "provider": "c", "locale": None, "owner": 'o"w'}


def test_a_new_database_has_the_encoding_locale_and_owner_of_the_old_one() -> None:
    assert _create("uji", FACTS) == (
        "CREATE DATABASE \"uji\" TEMPLATE template0 ENCODING 'UTF8' "
        "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' OWNER \"o\"\"w\";"
    )


def test_an_icu_database_keeps_its_provider() -> None:
    assert "LOCALE_PROVIDER icu ICU_LOCALE 'id-ID'" in _create("uji", {**FACTS, "provider": "i", "locale": "id-ID"})


def test_the_page_for_restoring_by_hand_says_what_the_file_with_the_roles_is_for() -> None:
    told = {"asset": "siakad-db", "source": FACTS, "extras": {}}
    words = [
        " ".join(step.words for step in Postgresql().by_hand({**told, "parts": [{"name": name} for name in parts]}))
        for parts in (["database.dump"], ["database.dump", "roles.sql"])
    ]
    assert "peran server" not in words[0] and "Hanya pada server yang baru: muat semua peran server" in words[1]


@pytest.mark.parametrize("target", [{}, {"database": ""}, {"database": ["x"]}, {"path": "/x"}])
def test_a_target_without_a_database_is_refused(target: dict[str, object]) -> None:
    with pytest.raises(Problem) as caught:
        _target(target)
    assert caught.value.refused
