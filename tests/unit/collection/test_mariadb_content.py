"""The queries that hash rows quote every name and tell NULL from the empty text."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_content import _PASSING, _row_query, _text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("varchar", "HEX(`k``l`)"),
        ("longblob", "SHA1(`k``l`)"),
        ("mediumtext", "SHA1(`k``l`)"),
        ("point", "HEX(`k``l`)"),
        ("bit", "CAST(`k``l` + 0 AS CHAR)"),
        ("enum", "HEX(CAST(`k``l` AS CHAR CHARACTER SET utf8mb4))"),
        ("decimal", "CAST(`k``l` AS CHAR)"),
    ],
)
def test_a_column_is_taken_by_its_type(kind: str, text: str) -> None:
    assert _text({"name": "k`l", "type": kind}) == text


def test_null_is_a_letter_no_value_gives() -> None:
    query = _row_query("d`b", "t|x", [{"name": "a", "type": "text"}, {"name": "b", "type": "int"}])
    assert "CONCAT_WS('|', IFNULL(SHA1(`a`), 'N'), IFNULL(CAST(`b` AS CHAR), 'N'))" in query
    assert query.endswith("FROM `d``b`.`t|x`;")


def test_a_table_without_columns_of_its_own_is_still_counted() -> None:
    assert "CONCAT_WS('|', '')" in _row_query("d", "t", [])


def test_the_next_number_of_a_table_does_not_count() -> None:
    assert _PASSING.sub(b"", b") ENGINE=InnoDB AUTO_INCREMENT=51 DEFAULT") == b") ENGINE=InnoDB DEFAULT"
    assert _PASSING.sub(b"", b"cycle;\nDO SETVAL(`s`, 1005, 0);\nCREATE") == b"cycle;\n\nCREATE"
