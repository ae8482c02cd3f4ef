"""How PostgreSQL's programs are called: quoting, no password in any argument, and sentences for what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, identifier, literal

SOURCE = {"database": "a'b\\c", "host": "db", "port": 5433, "user": "it", "password": "p:w\\x", "os_user": None}


def test_any_name_of_a_database_fits_into_the_connection_string() -> None:
    words = Client({"database": "a' b\\ =x"}).target()
    assert words.startswith(r"dbname='a\' b\\ =x' host='/var/run/postgresql' port='5432' user='postgres'")


def test_the_password_is_in_a_file_and_in_no_argument() -> None:
    client = Client(SOURCE)
    for argv in (client.psql(), ["pg_dump", client.target()]):
        assert "p:w" not in " ".join(argv) and "passfile='/dev/fd/" in " ".join(argv)
    assert Path(client._secrets[0].path).read_text(encoding="utf-8") == "*:*:*:*:p\\:w\\\\x\n"


def test_what_loads_a_dump_keeps_the_servers_own_time_zone_and_search_path() -> None:
    """A check may rest on the one, the script of an extension on the other."""
    reading, loading = Client(SOURCE).target(), Client(SOURCE).target(loading=True)
    assert "timezone=UTC" in reading and "search_path=pg_catalog" in reading
    assert "timezone" not in loading and "search_path" not in loading
    assert all("statement_timeout=0" in words and "lc_monetary=C" in words for words in (reading, loading))


def test_names_and_texts_are_quoted_for_sql() -> None:
    assert identifier('Kartu "Hasil"') == '"Kartu ""Hasil"""'
    assert literal("Jum'at") == "'Jum''at'"


@pytest.mark.parametrize(
    ("status", "complaint", "words"),
    [
        (
            1,
            'psql: error: connection to server failed: FATAL:  database "b" does not exist',
            "does not exist",
        ),
        (
            1,
            "psql: error: connection to server failed: Connection refused\n\tIs it running?",
            "does not answer",
        ),
        (1, 'FATAL:  password authentication failed for user "it"', "password authentication failed"),
        (1, "pg_dump: error: aborting because of server version mismatch", "older than the server"),
        (3, "ERROR:  permission denied for table gaji\nLINE 1: SELECT", "permission denied for table gaji"),
        (1, "ERROR:  out of shared memory\nHINT:  You might need", "no room for so many locks"),
        (-9, "", "SIGKILL"),
        (1, "something new", "something new"),
    ],
)
def test_what_goes_wrong_is_one_sentence_with_a_hint(status: int, complaint: str, words: str) -> None:
    told = Client({"database": "siakad"}).explain("be dumped")(status, complaint)
    assert isinstance(told, Problem)
    assert told.message.startswith("The database siakad could not be dumped: ") and told.message.count("\n") == 0
    assert words in told.message and told.hint
