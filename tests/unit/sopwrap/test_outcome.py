from __future__ import annotations

import json
from pathlib import Path

from sopwrap.ci.outcome import Outcome, outcome
from sopwrap.engine import RunResult
from sopwrap.next import next_for
from tests.unit.sopwrap.small_office import Place, broken, place, record, with_backup


def told(here: Place, code: int = 1) -> Outcome:
    """What became of the case of a small office."""
    case = here.case()
    return outcome(case, next_for(case, here.office), code)


def held(folder: Path) -> Outcome:
    """A case of two assets, of which one failed."""
    here = place(folder)
    with_backup(
        here, RunResult("failed", [record("backup", "laman", size_bytes=2048), broken("siakad-db", hint="Start it.")])
    )
    return told(here)


def test_the_last_record_of_each_action_counts_and_failed_assets_are_named(tmp_path: Path) -> None:
    found = held(tmp_path)
    assert (found.state, found.exit_code, found.assets, found.failed) == ("held", 1, 2, ("siakad-db",))
    assert {(one.asset, one.action, one.outcome) for one in found.actions if one.asset in ("laman", "siakad-db")} == {
        ("laman", "backup", "ok"),
        ("siakad-db", "backup", "failed"),
    }
    assert found.next.choices == ("retry", "continue", "stop")


def test_it_travels_as_json_under_its_schema(tmp_path: Path) -> None:
    found = json.loads(json.dumps(held(tmp_path).as_dict()))
    assert found["schema"] == "sopwrap.outcome/1" and found["procedure"] == "iain-ptk-2022/backup"
    assert found["next"]["step"] == "l7"
