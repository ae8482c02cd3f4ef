from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_tables as module
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_tables import Tables
from ansible_collections.sopwrap.backup.plugins.module_utils.replaceable import Pair

ASSET: dict[str, Any] = {"source": {"database": "siakad"}, "pieces": ["table:public.nilai"]}


def state(rows: int, kept: str) -> dict[str, Any]:
    return {"tables": {"public.nilai": [rows, "x"]}, "sequences": {}, "kept": kept}


class Rows:
    """What is in the living table, what is kept beside, and what was done to both."""

    def __init__(self) -> None:
        self.lives, self.aside, self.done = 1, "", list[str]()

    def state(self, query: Any, names: Any, kept: str = "") -> dict[str, Any]:
        return state(self.lives if query == "living" else 2, kept)

    def apart(self, *_words: Any) -> str:
        return self.aside

    def keep(self, _client: Any, _beside: Any, lives: dict[str, Any]) -> None:
        self.done.append(f"keep {lives['kept']}")

    def exchange(self, _client: Any, _beside: Any, wanted: dict[str, Any], back: bool = False) -> None:
        self.lives = wanted["tables"]["public.nilai"][0]
        self.done.append(f"exchange{' back' if back else ''}")

    def set_apart(self, _client: Any, _beside: Any, word: str) -> None:
        self.aside = word

    def is_so(self, present: dict[str, Any], wanted: dict[str, Any]) -> bool:
        return bool(present["tables"] == wanted["tables"])


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    found = Rows()
    client = SimpleNamespace(query="living", close=lambda: None, database="siakad")
    monkeypatch.setattr(module, "rows", found)
    monkeypatch.setattr(module, "keys", SimpleNamespace(dangling=lambda *_w: {}, keys=lambda *_w: []))
    monkeypatch.setattr(module, "client_of", lambda _asset: nullcontext(client))
    return found


def test_what_lives_is_kept_before_rows_change_places_and_comes_back_from_there(rows: Rows) -> None:
    kind = Tables()
    pair = Pair(ASSET, "abcd1234")
    pair.notes = kind.note(pair)
    kind.swap(pair)
    assert rows.lives == 2 and rows.aside == pair.notes["live"]["kept"] and rows.done[0].startswith("keep k")
    kind.swap(pair, back=True)
    assert (rows.lives, rows.aside, rows.done[2:]) == (1, "", ["exchange back"])
    kind.swap(pair, back=True)
    assert rows.done[3:] == [], "nothing is done where it is so already"


def test_an_undo_puts_back_what_is_kept_apart_also_after_one_that_failed(rows: Rows) -> None:
    kind = Tables()
    pair = Pair(ASSET, "abcd1234")
    pair.notes = kind.note(pair)
    kind.swap(pair)
    former = pair.notes["live"]["kept"]
    for _turn in range(2):
        pair.notes = kind.note(pair)
        assert pair.notes["beside"]["kept"] == former
        kind.swap(pair)
        kind.swap(pair, back=True)
    assert rows.lives == 2


def test_only_a_superuser_keeps_triggers_from_firing() -> None:
    client: Any = SimpleNamespace(query=lambda _sql: [False], source={"user": "cadangan"}, place="PostgreSQL at x")
    with pytest.raises(Problem, match="The account cadangan is no superuser"):
        module._require_right(client)
