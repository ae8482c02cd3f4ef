"""Each kind names its living place, knows a target that is it, and refuses what cannot be exchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.files import Files
from ansible_collections.sopwrap.backup.plugins.module_utils.files_live import FilesLive
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb import Mariadb
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_live import MariadbLive
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import Postgresql
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import PostgresqlLive
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite import Sqlite
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_live import SqliteLive

Database = Postgresql | Mariadb


def test_these_kinds_can_replace_living_data() -> None:
    for kind, life in ((Files, FilesLive), (Mariadb, MariadbLive), (Postgresql, PostgresqlLive), (Sqlite, SqliteLive)):
        assert issubclass(kind, life) and life.swap is kind.swap


def of(**source: Any) -> dict[str, Any]:
    return {"id": "a", "source": source}


@pytest.mark.parametrize("kind", [Postgresql(), Mariadb()])
def test_a_database_is_placed_by_name_and_server(kind: Database) -> None:
    asset = of(database="siakad", host="/run/db", port=5433, socket="/run/db")
    assert kind.place(asset)["database"] == "siakad" and "/run/db" in kind.place(asset)["server"]
    assert kind.is_live(asset, {"database": "siakad"}) and not kind.is_live(asset, {"database": "uji"})
    assert kind.beside(asset, "abcd1234") == {"database": "siakad_abcd1234"}


@pytest.mark.parametrize(("kind", "longest"), [(Postgresql(), 63), (Mariadb(), 64)])
def test_a_long_name_leaves_room_for_the_mark(kind: Database, longest: int) -> None:
    name = kind.beside(of(database="x" * longest), "abcd1234")["database"]
    assert len(name) == longest and name.endswith("_abcd1234")


@pytest.mark.parametrize(("kind", "own"), [(Postgresql(), "postgres"), (Mariadb(), "mysql")])
def test_a_servers_own_database_cannot_be_replaced(kind: Database, own: str) -> None:
    with pytest.raises(Problem, match="belongs to the server itself"):
        kind.place(of(database=own))


def test_a_file_is_told_through_links(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    asset = of(path=str(tmp_path / "x.db"))
    assert Sqlite().is_live(asset, {"path": str(tmp_path / "link" / "x.db")})
    assert Sqlite().beside(asset, "ab")["path"] == str(tmp_path / ".sopwrap-ab-x.db")


@pytest.mark.parametrize(("target", "live"), [("situs", True), ("situs/a", True), ("", True), ("uji", False)])
def test_a_tree_is_what_lies_in_it_and_above_it(target: str, live: bool, tmp_path: Path) -> None:
    asset = of(paths=[str(tmp_path / "situs")])
    assert Files().is_live(asset, {"path": str(tmp_path / target)}) is live


def test_a_point_of_other_paths_does_not_replace_these(tmp_path: Path) -> None:
    asset = of(paths=[str(tmp_path / "situs")])
    with pytest.raises(Problem, match="and the asset now names"):
        Files().room(asset, {"source": {"names": {"/lain": ""}}, "parts": []})
