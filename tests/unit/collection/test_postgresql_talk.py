from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_talk import Talk


def session(answers: bytes) -> tuple[Talk, io.BytesIO]:
    said = io.BytesIO()
    ended = SimpleNamespace(wait=lambda: 3)
    child: Any = SimpleNamespace(stdin=said, stdout=io.BytesIO(answers), process=ended, complaints=lambda: "ERROR: no")
    client: Any = SimpleNamespace(explain=lambda doing: lambda _status, text: Problem(f"{doing}: {text}"))
    return Talk(client, child, "be changed"), said


def test_values_are_given_when_all_statements_are_done() -> None:
    talk, said = session(b'1\n{"a": "\xc3\xa9"}\n"no more"\n2\n"no more"\n')
    assert talk.query("SELECT 1;") == [1, {"a": "é"}] and talk.query("SELECT 2;") == [2]
    assert said.getvalue().startswith(b"SELECT 1;\nSELECT to_json('no more'::text);\n")


def test_a_session_that_ends_says_why() -> None:
    talk, _said = session(b"1\n")
    with pytest.raises(Problem, match="be changed: ERROR: no"):
        talk.query("SELECT 1/0;")


def test_lines_of_a_dump_that_would_answer_are_left_out_and_rows_never() -> None:
    talk, said = session(b"")
    line = b"SELECT pg_catalog.set_config('search_path', '', false);\n"
    talk.tell([line, b"\\restrict x\n", b"CREATE TABLE a ();\n"])
    talk.pass_on(line)
    assert said.getvalue() == b"CREATE TABLE a ();\n" + line
