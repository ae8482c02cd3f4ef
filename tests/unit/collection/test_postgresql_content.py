"""The schema's digest leaves out what is new in every dump, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_content import (
    _without_places,
    cast_by_element,
    schema,
)

DUMP = """--
-- PostgreSQL database dump
--
\\restrict {token}
-- Dumped from database version 15.{minor}

CREATE TABLE public.t ({column} integer);
\\unrestrict {token}
"""


@pytest.fixture
def pg_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pg_dump that checks what it is asked for and prints a file."""
    program = tmp_path / "pg_dump"
    program.write_text(
        '#!/bin/sh\ncase "$*" in *--schema-only*--encoding=UTF8*--snapshot=s-1*dbname=*) ;; *) exit 64;; esac\n'
        f"cat {tmp_path}/dump\n"
    )
    program.chmod(0o755)
    (tmp_path / "psql").write_text("#!/bin/sh\ncat >/dev/null\necho '\"UTF8\"'\n")
    (tmp_path / "psql").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "dump"


def digest(pg_dump: Path, **words: str) -> str:
    pg_dump.write_text(DUMP.format(**{"token": "abc", "minor": "3", "column": "i", **words}))
    return str(schema(Client({"database": "d"}), "s-1", None)["digest"])


def test_tokens_and_comments_do_not_count_and_a_column_does(pg_dump: Path) -> None:
    first = digest(pg_dump)
    assert digest(pg_dump, token="xyz", minor="4") == first
    assert digest(pg_dump, column="j") != first


def test_in_which_tablespace_a_table_lies_does_not_count() -> None:
    plain = [b"CREATE SCHEMA a;", b"SET default_tablespace = '';", b"CREATE TABLE a.b ();", b"CREATE TABLE a.c ();"]
    spread = [*plain[:1], b"SET default_tablespace = ruang;", plain[2], plain[1], plain[3]]
    assert _without_places(spread) == _without_places(plain) == plain
    assert _without_places(plain[:1]) == plain[:1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            b"CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying(3)])::text[])))",
            b"CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying(3))::text])))",
        ),
        (
            b"((ARRAY['it''s, ]'::public.d, f(1, (x)[2])])::public.e[]) AND (ARRAY[1])::numeric(5,2)[]",
            b"(ARRAY[('it''s, ]'::public.d)::public.e, (f(1, (x)[2]))::public.e]) AND ARRAY[(1)::numeric(5,2)]",
        ),
    ],
)
def test_an_array_that_is_cast_counts_as_its_elements_being_cast(first: bytes, second: bytes) -> None:
    """PostgreSQL itself writes the first as the second once it was restored."""
    assert cast_by_element(first) == second
    assert cast_by_element(second) == second


@pytest.mark.parametrize("line", [b"SELECT (ARRAY[1, 2])[1]", b"a text about (ARRAY[ and no more", b"(ARRAY['x"])
def test_other_arrays_stay_as_they_are(line: bytes) -> None:
    assert cast_by_element(line) == line
