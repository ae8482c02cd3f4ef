"""The schema's digest leaves out what is new in every dump, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_content import schema

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
        '#!/bin/sh\ncase "$*" in *--no-password*--schema-only*--snapshot=s-1*dbname=*) ;; *) exit 64;; esac\n'
        f"cat {tmp_path}/dump\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "dump"


def digest(pg_dump: Path, **words: str) -> str:
    pg_dump.write_text(DUMP.format(**{"token": "abc", "minor": "3", "column": "i", **words}))
    return str(schema(Client({"database": "d"}), "s-1", None)["digest"])


def test_tokens_and_comments_do_not_count_and_a_column_does(pg_dump: Path) -> None:
    first = digest(pg_dump)
    assert digest(pg_dump, token="xyz", minor="4") == first
    assert digest(pg_dump, column="j") != first
