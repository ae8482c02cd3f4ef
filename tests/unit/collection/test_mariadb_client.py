"""How MariaDB's programs are called: quoting, no password in any argument, and sentences for what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb_client import Client, identifier, literal

SOURCE = {"database": "web", "host": "db", "port": 3307, "user": "it", "password": 'p"w\\x #'}


def options(client: Client) -> str:
    return Path(client._options.path).read_text(encoding="utf-8")


def test_account_and_password_are_in_a_file_and_in_no_argument() -> None:
    client = Client(SOURCE)
    for argv in (client.mariadb("web"), client.dumper("--", "web")):
        assert argv[1].startswith("--defaults-extra-file=/dev/fd/"), "it must be the first argument"
        assert 'p"w' not in " ".join(argv)
    assert options(client).splitlines() == [
        "[client]",
        'host="db"',
        'port="3307"',
        'user="it"',
        'password="p\\"w\\\\x #"',
        "protocol=tcp",
    ]


def test_a_socket_goes_before_host_and_port() -> None:
    assert options(Client({**SOURCE, "socket": "/s"})).splitlines()[1] == 'socket="/s"'
    assert "host" not in options(Client({**SOURCE, "socket": "/s"}))


def test_names_and_texts_are_quoted_for_sql() -> None:
    assert identifier("a`b") == "`a``b`"
    assert literal("é'") == "CONVERT(X'c3a927' USING utf8mb4)"


@pytest.mark.parametrize(
    ("status", "complaint", "words"),
    [
        (1, "ERROR 1045 (28000): Access denied for user 'it'@'x' (using password: YES)", "Access denied"),
        (
            1,
            "ERROR 2002 (HY000): Can't connect to local server through socket '/s' (2)",
            "MariaDB at /s does not answer",
        ),
        (2, "mariadb-dump: Got error: 1049: \"Unknown database 'web'\"", "does not exist"),
        (1, "ERROR 1205 (HY000): Lock wait timeout exceeded", "a long statement"),
        (-9, "", "SIGKILL"),
        (1, "something new", "something new"),
    ],
)
def test_what_goes_wrong_is_one_sentence_with_a_hint(status: int, complaint: str, words: str) -> None:
    told = Client({**SOURCE, "socket": "/s"}).explain("be dumped")(status, complaint)
    assert isinstance(told, Problem)
    assert told.message.startswith("The database web could not be dumped: ")
    assert words in told.message and told.hint
