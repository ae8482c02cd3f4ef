from __future__ import annotations

import io
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_preview as preview

SQL = b"""CREATE UNLOGGED TABLE public.krs (
    id integer
);
CREATE TABLE public.krs_lama (
ALTER TABLE ONLY public.krs
    ADD CONSTRAINT krs_pkey PRIMARY KEY (id);
COPY public.krs (isi) FROM stdin;
COPY public.krs (isi) FROM stdin;
SELECT pg_catalog.set_config('x');
\\.
SELECT pg_catalog.set_config('search_path', '', false);
"""


class Session:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.rows: list[bytes] = []

    def tell(self, lines: list[bytes]) -> None:
        self.told += lines

    def pass_on(self, line: bytes) -> None:
        self.rows.append(line)


def test_an_archives_statements_make_temporary_tables_and_its_rows_stay_what_they_are() -> None:
    session: Any = Session()
    preview._load(session, io.BytesIO(SQL), {"public.krs": "pg_temp.x"})
    assert session.told[0] == b"CREATE TABLE pg_temp.x (\n" and session.told[3] == b"CREATE TABLE public.krs_lama (\n"
    assert (
        session.told[4] == b"ALTER TABLE ONLY pg_temp.x\n" and session.told[6] == b"COPY pg_temp.x (isi) FROM stdin;\n"
    )
    assert session.rows == SQL.splitlines(keepends=True)[7:10]


def test_a_table_is_told_by_numbers_of_rows() -> None:
    assert preview._line("public.nilai\n", 1, 2, 3) == "table:public.nilai\\n -1 +2 ~3"
