from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import mariadb_accounts as accounts
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


class Server:
    """Knows one account and no database of the name asked for."""

    def __init__(self, *databases: str) -> None:
        self.databases, self.done = databases, ""

    def query(self, sql: str) -> list[Any]:
        if "schemata" in sql:
            return [1 for name in self.databases if name.encode().hex() in sql]
        if "CURRENT_USER" in sql:
            return [{"user": "root", "host": "localhost"}]
        return [{"user": "budi", "host": "%"}, {"user": "root", "host": "localhost"}]

    def execute(self, sql: str) -> None:
        self.done = sql


@pytest.mark.parametrize(
    ("grant", "own"),
    [
        ("GRANT SELECT ON `siakad_db`.* TO `a`@`%`", True),
        (r"GRANT SELECT ON `siakad\_db`.* TO `a`@`%`", True),
        ("GRANT INSERT ON `siakad_db`.`t` TO `a`@`%`", True),
        ("GRANT EXECUTE ON PROCEDURE `siakad_db`.`p` TO `a`@`%`", True),
        ("GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*X'", False),
        ("GRANT SELECT ON `siakad_db2`.* TO `a`@`%`", False),
        ("GRANT SELECT ON `lain`.`siakad_db` TO `siakad_db`@`%`", False),
        ("GRANT SELECT ON `siakad_db`.* TO `peran`", False),
        ("GRANT SELECT ON `siakad_db`.* TO `a`@`%` WITH GRANT OPTION", True),
    ],
)
def test_only_privileges_in_the_database_are_kept(grant: str, own: bool) -> None:
    assert accounts._is_of(grant, "siakad_db", "`a`@`%`") is own


def test_only_accounts_the_server_lacks_are_made() -> None:
    server: Any = Server()
    lines = [{"user": name, "host": "%", "statements": [f"CREATE USER {name}"]} for name in ("budi", "sari")]
    found = accounts.missing(server, "\n".join(map(json.dumps, lines)).encode())
    accounts.make(server, found)
    assert server.done == "CREATE USER sari;\n"


def test_privileges_on_a_table_that_is_not_there_are_refused() -> None:
    nowhere: Any = Server()
    there: Any = Server("siakad")
    whole = [{"user": "a", "statements": ["CREATE USER a", "GRANT SELECT ON `siakad`.* TO a"]}]
    single = [{"user": "a", "statements": ["GRANT SELECT ON `siakad`.`t` TO a"]}]
    accounts.require(nowhere, whole, "siakad")
    accounts.require(there, single, "siakad")
    with pytest.raises(Problem, match="this server has no siakad"):
        accounts.require(nowhere, single, "siakad")


def member(user: str, host: str, role: str, admin: bool = False) -> dict[str, Any]:
    return {"user": user, "host": host, "role": role, "admin": admin}


def test_who_holds_a_privilege_by_a_role_of_a_role_is_told_and_an_administrator_is_not() -> None:
    plain = {"role": False, "administrator": False}
    role = {"role": True, "administrator": False}
    known = {
        ("baca", ""): role,
        ("staf", ""): role,
        ("sari", "%"): plain,
        ("lain", "%"): plain,
        ("root", "localhost"): {"role": False, "administrator": True},
    }
    members = [member("staf", "", "baca"), member("sari", "%", "staf"), member("root", "localhost", "baca", True)]
    assert accounts._holders([("baca", "")], members, known) == [("baca", ""), ("staf", ""), ("sari", "%")]


def test_a_role_that_is_made_again_has_its_members_and_not_who_made_it() -> None:
    server: Any = Server()
    people = [{"user": "budi", "host": "%", "admin": True}, {"user": "tidak-ada", "host": "%", "admin": False}]
    role = {"user": "baca", "host": "", "statements": ["CREATE ROLE `baca`"], "members": people}
    budi = {"user": "budi", "host": "%", "statements": ["CREATE USER budi"], "default_role": "baca"}
    accounts.make(server, accounts.missing(server, "\n".join(map(json.dumps, [role, budi])).encode()))
    assert server.done.splitlines() == [
        "CREATE ROLE `baca`;",
        "GRANT `baca` TO `budi`@`%` WITH ADMIN OPTION;",
        "SET DEFAULT ROLE `baca` FOR `budi`@`%`;",
        "REVOKE `baca` FROM `root`@`localhost`;",
    ]
