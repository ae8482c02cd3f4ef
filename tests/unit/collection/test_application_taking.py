"""The order in which the parts of an application are taken, and when it may go on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.application_taking import Taking
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Blob, Capture, Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import Member

from tests.unit.collection.live_toy import LiveToy


class Told(LiveToy):
    """A kind that tells what is asked of it."""

    def __init__(self, name: str, lasting: bool, log: list[str]) -> None:
        super().__init__()
        self.name, self.lasting, self.log = name, lasting, log  # type: ignore[misc]

    @contextlib.contextmanager
    def capture(self, asset: dict[str, Any]) -> Iterator[Capture]:
        self.log.append(f"open {self.name}")
        try:
            settle = lambda: self.log.append(f"settle {self.name}")  # noqa: E731
            yield Capture([Blob("data", b"")], self._told, {}, {}, {self.name: "1"}, settle=settle)
        finally:
            self.log.append(f"close {self.name}")

    def _told(self) -> Content:
        self.log.append(f"hash {self.name}")
        if self.fail_at == "content":
            raise Problem("It cannot be read.")
        return Content.of([{"name": "x", "count": 1, "digest": self.name}])


def taking(stack: ExitStack, log: list[str]) -> tuple[Taking, Told]:
    tree, database = Told("tree", False, log), Told("db", True, log)
    rest = stack.enter_context(ExitStack())
    rest.callback(log.append, "awake")
    return Taking([Member("a", database, {}), Member("b", tree, {})], stack, rest), tree


def test_it_goes_on_once_trees_are_stored_and_hashed_and_snapshots_are_open_and_settled() -> None:
    log: list[str] = []
    with ExitStack() as stack:
        taken, _tree = taking(stack, log)
        with Beside(taken.content) as content:
            for part in taken.parts():
                log.append(f"store {part.name}")
            found = content.result()
    assert log[0] == "open tree" and set(log[1:3]) == {"hash tree", "store b.data"}
    assert log[3:6] == ["open db", "settle db", "awake"] and set(log[6:8]) == {"hash db", "store a.data"}
    assert [item["name"] for item in found.items] == ["a/x", "b/x"] and taken.woke > 0
    assert taken.extras["parts"]["a"]["content"]["count"] == 1 and taken.tools == {"tree": "1", "db": "1"}


def test_no_database_is_read_when_the_trees_cannot_be() -> None:
    log: list[str] = []
    with pytest.raises(Problem, match="cannot be read"), ExitStack() as stack:
        taken, tree = taking(stack, log)
        tree.fail_at = "content"
        with Beside(taken.content) as content:
            assert [part.name for part in taken.parts()] == ["b.data"]
            content.result()
    assert "open db" not in log and log[-2:] == ["close tree", "awake"]
