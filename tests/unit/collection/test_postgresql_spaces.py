from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_spaces as spaces
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

HELD = [{"name": name, "location": f"/then/{name}", "owner": "siti"} for name in ("cepat", "arsip", "lama")]
STORED: Any = SimpleNamespace(manifest={"extras": {"tablespaces": HELD}})
TARGET: dict[str, Any] = {"tablespaces": {"cepat": "/ssd", "arsip": "/hdd"}}


class Server:
    """Has one tablespace, and makes others until a folder is not there."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def query(self, sql: str, database: str) -> list[dict[str, str]]:
        return [{"name": "cepat", "location": "/ssd", "owner": "siti"}]

    def execute(self, sql: str, database: str) -> None:
        if "/hilang" in sql:
            raise Problem('The database postgres could not be changed: directory "/hilang" does not exist.')
        self.done.append(sql.partition(" LOCATION")[0])


def test_what_is_neither_there_nor_given_a_folder_is_lost_and_the_rest_is_made_for_its_owner() -> None:
    server: Any = Server()
    spaces.require(server, STORED, TARGET)
    assert spaces.lost(server, STORED, TARGET) == ["lama"] and spaces.lost(server, STORED, {}) == ["arsip", "lama"]
    assert spaces.make(server, STORED, TARGET) == ["arsip"]
    assert server.done == ['CREATE TABLESPACE "arsip" OWNER "siti"']


def test_one_that_cannot_be_made_takes_the_others_with_it() -> None:
    server: Any = Server()
    with pytest.raises(Problem, match='lama could not be made: directory "/hilang" does not exist'):
        spaces.make(server, STORED, {"tablespaces": {"arsip": "/hdd", "lama": "/hilang"}})
    assert server.done[-1] == 'DROP TABLESPACE IF EXISTS "arsip";'


@pytest.mark.parametrize("given", [["/x"], {"arsip": "x"}, {"tidak": "/x"}, {"cepat": "/lain"}])
def test_folders_that_cannot_be_meant_are_refused(given: Any) -> None:
    server: Any = Server()
    with pytest.raises(Problem) as caught:
        spaces.require(server, STORED, {"tablespaces": given})
    assert caught.value.refused


def test_a_database_lies_where_it_lay_unless_that_is_gone() -> None:
    assert spaces.placed({"tablespace": "cepat"}, []) == {"tablespace": "cepat", "no_tablespaces": False}
    assert spaces.placed({"tablespace": "lama"}, ["lama"]) == {"tablespace": None, "no_tablespaces": True}
    assert spaces.placed({"tablespace": "pg_default"}, [])["tablespace"] is None
