"""What the reader of a dump finds. Everything else is in the round trips with a real server."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb import _LAST, Mariadb, _fitting, _target

WHOLE = b"CREATE TABLE `t` (\nINSERT INTO `t` VALUES ('CREATE TABLE `u`');\nCREATE TABLE `v` (\n\n" + _LAST + b"\n"


def stored(tables: int) -> Any:
    return SimpleNamespace(id="web.x", content=lambda: Content("d", tables))


def test_the_page_for_restoring_by_hand_says_what_the_file_with_the_accounts_is_for() -> None:
    known = {"database": "web", "character_set": "utf8mb4", "collation": "utf8mb4_bin"}
    parts = ({"name": "database.sql"}, {"name": "accounts.jsonl"})
    words = [
        " ".join(step.words for step in Mariadb().by_hand({"source": known, "parts": found}))
        for found in (parts[:1], parts)
    ]
    assert "accounts.jsonl" not in words[0] and "Berkas accounts.jsonl memuat satu akun per baris" in words[1]


def test_a_whole_dump_has_its_tables_and_its_end() -> None:
    found = Mariadb().check({}, stored(2), "database.sql", io.BytesIO(WHOLE))
    assert found == "the dump holds 2 tables and its end"


@pytest.mark.parametrize("data", [WHOLE.replace(_LAST, b""), WHOLE.replace(b"CREATE TABLE `v` (", b""), b""])
def test_a_dump_without_its_end_or_a_table_is_not_whole(data: bytes) -> None:
    with pytest.raises(Problem, match="is not whole"):
        Mariadb().check({}, stored(2), "database.sql", io.BytesIO(data))


@pytest.mark.parametrize(
    ("line", "fitting"),
    [
        (
            b"/*!50001 VIEW `v` AS select `a``b`.`t`.`c` from `t` */;",
            b"/*!50001 VIEW `v` AS select `n`.`t`.`c` from `t` */;",
        ),
        (b"/*!50001 VIEW `v` AS select `a``b`.`c` from `t` `a``b` */;", None),
        (b"/*!50001 VIEW `v` AS select `x``a``b`.`t`.`c` from `t` */;", None),
        (
            b"  `i` int(11) DEFAULT (1 + nextval(`a``b`.`s`)),",
            b"  `i` int(11) DEFAULT (1 + nextval(`n`.`s`)),",
        ),
        (b"  `i` int(11) DEFAULT nextval(`b`.`s`),", None),
        (b"(1,'nextval(`a``b`.`s`)'),", None),
        (b"INSERT INTO `t` VALUES ('`a``b`.`t`.`c`');", None),
        (
            b"/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;",
            b"/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES' */;",
        ),
    ],
)
def test_a_dump_is_changed_only_where_it_names_its_database_or_forbids_a_date(
    line: bytes, fitting: bytes | None
) -> None:
    assert _fitting(line, "a`b", "n") == (fitting or line)


@pytest.mark.parametrize("target", [{}, {"database": None}, {"path": "/x"}])
def test_a_target_without_a_database_is_refused(target: dict[str, object]) -> None:
    with pytest.raises(Problem) as caught:
        _target(target)
    assert caught.value.refused
