"""OpenLDAP: who was deleted is there again in a directory beside, or one sentence says why not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office import Office
from tests.office.openldap import OpenLDAP
from tests.office.runs import Playbooks, Stores

HOST, ID = "srv-web", "direktori"
DYING = """#!/bin/sh
case "$*" in *" -b "*) echo "dn: x"; kill -9 $$;; esac
exec /usr/sbin/slapcat "$@"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OpenLDAP]:
    with OpenLDAP(tmp_path / "l") as server:
        yield server


@pytest.fixture
def given(office: Office, server: OpenLDAP) -> dict[str, Any]:
    """What every run is given: the directory as the only asset."""
    asset = {**office.asset("website-db"), "id": ID, "kind": "openldap", "stores": ["internal"]}
    return {"host_assets": {HOST: [{**asset, "source": server.source}]}, "sopwrap_only": [ID]}


def test_who_was_deleted_comes_back_and_a_second_backup_is_unchanged(
    given: dict[str, Any], server: OpenLDAP, run_playbook: Playbooks, tmp_path: Path
) -> None:
    everybody = server.people()
    made = run_playbook("backup_assets", **given)
    assert (made.one(action="backup")["outcome"], made.one(action="backup")["items"]) == ("ok", 21), made.output
    again = run_playbook("backup_assets", **given)
    assert again.one(action="backup")["outcome"] == "unchanged" and "changed=0" in again.output
    server.remove("p3")
    assert (
        "21 entries are as they were" in run_playbook("verify_points", **given).one(action="verify")["verify"]["detail"]
    )

    target = {"path": str(tmp_path / "pulih")}
    restore = run_playbook("restore_point", sopwrap_target=target, **given)
    assert restore.one(action="restore")["verify"]["ok"], restore.output
    assert server.people(tmp_path / "pulih/config") == everybody != server.people()
    refused = run_playbook("restore_point", sopwrap_target=target, **given)
    assert refused.one(action="restore")["outcome"] == "refused"


def test_check_mode_plans_and_a_dump_that_dies_leaves_nothing(
    given: dict[str, Any], server: OpenLDAP, run_playbook: Playbooks, stores: Stores, tmp_path: Path
) -> None:
    plan = run_playbook("backup_assets", options=["--check"], **given)
    assert plan.one(action="backup")["outcome"] == "planned", plan.output
    dying = tmp_path / "bin"
    dying.mkdir()
    (dying / "slapcat").write_text(
        '#!/bin/sh\ncase "$*" in *" -b "*) echo "dn: x"; kill -9 $$;; esac\nexec /usr/sbin/slapcat "$@"\n'
    )
    (dying / "slapcat").chmod(0o755)
    run = run_playbook("backup_assets", env={"PATH": f"{dying}:{os.environ['PATH']}"}, **given)
    record = run.one(action="backup")
    assert record["outcome"] == "failed" and "the program was ended by SIGKILL" in record["message"], run.output
    assert stores.snapshots("internal") == []
