"""The fingerprint of an SQLite database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite_content import lend_collations, take


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


@pytest.mark.parametrize("name", ["LOCALIZED", '"urut ""kita"""', "[urut kita]", "'urut'"])
def test_an_order_that_only_the_databases_program_has_does_not_hinder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.db"
    bare = name[1:-1].replace('""', '"') if name[0] in "\"'[" else name
    with closing(sqlite3.connect(path)) as own:
        own.create_collation(bare, lambda one, other: (one.lower() > other.lower()) - (one.lower() < other.lower()))
        own.execute(f"CREATE TABLE t (v TEXT collate {name})")
        own.execute("CREATE INDEX i ON t (v)")
        own.execute(f"CREATE TABLE w (v TEXT PRIMARY KEY COLLATE {name}) WITHOUT ROWID")
        for table in ("t", "w"):
            own.executemany(f"INSERT INTO {table} VALUES (?)", [("b",), ("A",), ("c",), ("B2",)])
        own.commit()
    with closing(sqlite3.connect(path)) as stranger:
        assert lend_collations(stranger)
        assert stranger.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert take(stranger).rows == 8


def test_the_orders_of_sqlite_itself_need_no_lending() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute('CREATE TABLE t (a COLLATE NOCASE, b COLLATE rtrim, c COLLATE "BINARY")')
        assert not lend_collations(connection)
