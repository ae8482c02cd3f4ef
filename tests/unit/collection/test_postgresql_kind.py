from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_kind import PostgresqlKind

WHOLE: dict[str, Any] = {"source": {"database": "*"}}
ONE: dict[str, Any] = {"source": {"database": "siakad"}}


@pytest.mark.parametrize(("asset", "extras"), [(WHOLE, {"roles": []}), (ONE, {"parts": {}, "databases": {}})])
def test_a_point_of_a_server_is_none_of_a_database_and_the_other_way_round(
    asset: dict[str, Any], extras: dict[str, Any]
) -> None:
    stored: Any = SimpleNamespace(manifest={"extras": extras})
    for call in (PostgresqlKind().admit, PostgresqlKind().restore):
        with pytest.raises(Problem, match="the asset no longer is"):
            call(asset, stored, {})


def test_the_place_of_a_whole_server_is_all_its_databases() -> None:
    assert PostgresqlKind().place(WHOLE) == {"database": "*", "server": "/var/run/postgresql port 5432"}
    assert PostgresqlKind().place(ONE)["database"] == "siakad"
    assert PostgresqlKind().beside(WHOLE, "abcd1234")["mark"] == "abcd1234"


def test_tables_are_pieces_of_a_database_and_not_of_a_server() -> None:
    chosen = PostgresqlKind().chosen(ONE, ["table:nilai"])
    assert PostgresqlKind().place(chosen)["pieces"] == "table:public.nilai"
    assert PostgresqlKind().beside(chosen, "abcd1234") == {"database": "siakad_abcd1234", "tables": ["public.nilai"]}
    assert PostgresqlKind().chosen(ONE, []) is ONE
    with pytest.raises(Problem, match="not replaced by pieces"):
        PostgresqlKind().chosen(WHOLE, ["table:nilai"])


def test_one_database_does_not_wait_for_what_only_servers_or_tables_need() -> None:
    home = "ansible_collections.sopwrap.backup.plugins.module_utils"
    program = f"""
import sys
from {home}.postgresql_kind import PostgresqlKind
kind = PostgresqlKind()
kind.place({ONE!r})
assert not {{"{home}.postgresql_server", "{home}.postgresql_rows"}} & set(sys.modules)
kind.place({WHOLE!r})
assert "{home}.postgresql_server" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
