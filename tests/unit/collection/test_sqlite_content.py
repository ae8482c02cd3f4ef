"""The fingerprint of an SQLite database."""

from __future__ import annotations

import sqlite3

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_content import take


def content(script: str) -> Content:
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    try:
        return take(connection)
    finally:
        connection.close()


def of(values: str) -> str:
    return content(f"CREATE TABLE t (v); INSERT INTO t VALUES {values}").digest


def test_the_order_of_rows_does_not_matter_and_their_number_does() -> None:
    assert of("(1), (2), (2)") == of("(2), (1), (2)")
    assert len({of("(1), (2)"), of("(1), (2), (2)"), of("(1), (2), (2), (2)")}) == 3


def test_values_that_look_alike_are_told_apart() -> None:
    values = [
        "(NULL)",
        "(1)",
        "(1.0)",
        "('1')",
        "(x'31')",
        "('')",
        "(x'')",
        "('NULL')",
        "(0.1)",
        "(0.10000000000000002)",
    ]
    values += ["(9223372036854775807)", "(9223372036854775807.0)", "('a'||char(0)||'b')", "('a'||char(0)||'c')"]
    long = "b" * 100
    values += [
        f"('{long}')",
        f"(x'{long.encode().hex()}')",
        f"('{long}c')",
        "(x'" + "62" * 64 + "')",
        "(x'" + "62" * 65 + "')",
    ]
    assert len({of(value) for value in values}) == len(values)


def test_text_that_is_no_unicode_and_odd_names_are_counted_too() -> None:
    name, columns = '"tabel ""aneh"""', '"kolom \'x\'", "SELECT"'
    found = content(f"CREATE TABLE {name} ({columns}); INSERT INTO {name} VALUES (CAST(x'ff' AS TEXT), 1)")
    assert [item["count"] for item in found.items if item["name"] == 'tabel "aneh"'] == [1]
    assert (found.count, found.rows) == (1, 1)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE t (v); CREATE INDEX i ON t (v)",
        "CREATE TABLE t (v); CREATE VIEW w AS SELECT v FROM t",
        "CREATE TABLE t (v INTEGER)",
        "CREATE TABLE t (v); PRAGMA user_version = 8",
        "CREATE TABLE t (v); PRAGMA application_id = 8",
        "PRAGMA page_size = 8192; CREATE TABLE t (v)",
    ],
)
def test_the_schema_and_the_header_are_part_of_it(script: str) -> None:
    assert content(script).digest != content("CREATE TABLE t (v)").digest


def test_generated_columns_and_virtual_tables_do_not_hinder() -> None:
    generated = "CREATE TABLE t (v, g AS (v || 'x')); INSERT INTO t (v) VALUES (1)"
    assert content(f"{generated}; CREATE TABLE w (k PRIMARY KEY) WITHOUT ROWID").count == 2
    with sqlite3.connect(":memory:") as probe:
        full_text = any("FTS5" in str(row[0]) for row in probe.execute("PRAGMA compile_options"))
    if full_text:
        script = "CREATE VIRTUAL TABLE f USING fts5(isi); INSERT INTO f VALUES ('halo dunia')"
        names = {item["name"] for item in content(script).items}
        assert "f_content" in names
        assert "f" not in names
