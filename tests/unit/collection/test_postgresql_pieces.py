from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem

NAMES = ("table public.nilai", "table public.nilai lama", "large objects", "schema")
CONTENT = Content.of([{"name": name, "count": 1, "digest": name} for name in NAMES], rules=2)
LIST = """;
; Archive created at 2026-11-21
;
215; 1259 16386 TABLE public nilai postgres
3345; 0 16386 TABLE DATA public nilai postgres
3346; 0 16390 TABLE DATA public nilai_lama postgres
3347; 0 16391 TABLE DATA public nilai lama postgres
3348; 0 0 MATERIALIZED VIEW DATA public ringkas postgres
3349; 0 0 BLOBS BLOBS
3196; 2606 16395 FK CONSTRAINT public anak anak_fk postgres
3197; 1259 16396 INDEX public nilai_idx postgres"""
ROLES = b"""CREATE ROLE budi;
ALTER ROLE budi WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$x';
CREATE ROLE "Uji Baca";
ALTER ROLE budiman WITH LOGIN;
ALTER ROLE budi SET work_mem TO '8MB';
GRANT "Uji Baca" TO budi WITH INHERIT TRUE GRANTED BY postgres;
GRANT lain TO budiman GRANTED BY postgres;
GRANT budi TO lain;
"""


class Server:
    """Quotes and reads names as a server would."""

    def query(self, sql: str, database: str) -> list[str]:
        names = sql.partition("ARRAY[")[2].partition("]::text")[0].split(", ")
        plain = [name.strip("'") for name in names]
        if "quote_ident" in sql:
            return [f'"{name}"' if name != name.lower() else name for name in plain]
        return [name.strip('"') for name in plain]


def test_all_definitions_stay_and_only_the_data_of_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_listing", lambda *_words: LIST)
    nothing: Any = None
    stored: Any = SimpleNamespace(content=lambda: CONTENT)
    kept = pieces.entries(nothing, stored, "database.dump", ["public.nilai"])
    assert [line.partition(";")[0] for line in kept.splitlines() if line[0] != ";"] == ["215", "3345", "3197"]
    spaced = pieces.entries(nothing, stored, "database.dump", ["public.nilai lama"])
    assert "3347;" in spaced and "3346;" not in spaced and "3345;" not in spaced


def test_a_part_of_the_fingerprint_is_its_tables() -> None:
    assert [item["name"] for item in pieces.part(CONTENT, ["public.nilai"]).items] == ["table public.nilai"]
    assert pieces.part(CONTENT, []) is CONTENT
    pieces.require(CONTENT, ["public.nilai lama"])
    with pytest.raises(Problem, match=r"no table public\.tidak"):
        pieces.require(CONTENT, ["public.tidak"])


def test_names_without_a_schema_are_of_public() -> None:
    assert pieces.tables({"tables": ["nilai", "arsip.nilai"]}) == ["public.nilai", "arsip.nilai"]
    assert pieces.tables({}) == []
    with pytest.raises(Problem, match="no list of names"):
        pieces.tables({"tables": "nilai"})


def test_roles_are_made_by_their_own_statements_and_nobody_elses() -> None:
    server: Any = Server()
    assert pieces.known(server, ROLES) == ["budi", "Uji Baca"]
    statements = pieces.role_statements(server, ROLES, ["budi"])
    assert [one.split(" ")[0] for one in statements] == ["CREATE", "ALTER", "ALTER", "GRANT"]
    assert statements[-1] == 'GRANT "Uji Baca" TO budi WITH INHERIT TRUE;'
    assert pieces.role_statements(server, ROLES, ["Uji Baca"]) == ['CREATE ROLE "Uji Baca";']
    assert pieces.role_statements(server, ROLES, []) == []


def test_pieces_are_tables_named_by_a_word() -> None:
    assert pieces.of_words(["table:nilai", "table:arsip.nilai", "table:nilai"]) == ["arsip.nilai", "public.nilai"]
    for wrong in ("nilai", "table:", "package:nginx"):
        with pytest.raises(Problem, match="is no piece of a database"):
            pieces.of_words([wrong])


def test_entries_of_some_tables_alone_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_listing", lambda *_words: LIST)
    nothing: Any = None
    stored: Any = SimpleNamespace(content=lambda: CONTENT)
    kept = pieces.listed(nothing, stored, "database.dump", ("TABLE ", "TABLE DATA "), ["public.nilai"])
    assert [line.partition(";")[0] for line in kept.splitlines()] == ["215", "3345"]
    assert pieces.listed(nothing, stored, "database.dump", ("FK CONSTRAINT ",)).startswith("3196;")
