from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sopwrap.errors import UsageError
from sopwrap.job_events import read_folder, records_of
from tests.unit.sopwrap.small_office import record


def event(counter: int, asset: str | None = None, **more: Any) -> dict[str, Any]:
    """One event of a runner, with the evidence of a backup where an asset is named."""
    res = {"sopwrap_evidence": [record("backup", asset).as_dict()]} if asset else {}
    return {"event": "runner_on_ok", "counter": counter, "event_data": {"host": "web1", "res": res, **more}}


def assets(text: str) -> list[str | None]:
    found = records_of(text, "job")
    assert found is not None
    return [one.asset for one in found]


def test_events_come_as_lines_as_a_list_or_as_awx_answers_and_in_their_order() -> None:
    events = [event(2, "laman"), event(1, "siakad-db"), event(3)]
    assert assets("\n".join(map(json.dumps, events))) == ["siakad-db", "laman"]
    assert assets(json.dumps(events)) == ["siakad-db", "laman"]
    assert assets(json.dumps({"count": 3, "next": None, "results": events})) == ["siakad-db", "laman"]
    assert assets(json.dumps(event(1, "laman"))) == ["laman"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", json.dumps(record("backup", "laman").as_dict())])
def test_what_is_no_event_is_left_to_others(text: str) -> None:
    assert records_of(text, "job") is None


def test_evidence_of_another_form_is_refused_and_not_left_out() -> None:
    odd = event(1)
    odd["event_data"]["res"] = {"sopwrap_evidence": [{"schema": "sopwrap.evidence/9"}]}
    with pytest.raises(UsageError, match="different versions"):
        records_of(json.dumps([odd]), "job")


def test_a_folder_of_artifacts_is_read_in_the_order_of_its_events(tmp_path: Path) -> None:
    (tmp_path / "job_events").mkdir()
    for number, asset in ((10, "laman"), (9, "siakad-db")):
        (tmp_path / "job_events" / f"{number}-x.json").write_text(json.dumps(event(number, asset), indent=1))
    (tmp_path / "job_events" / "11-x-partial.json").write_text("{")
    assert assets(read_folder(tmp_path).decode()) == ["siakad-db", "laman"]
    with pytest.raises(UsageError, match="holds no job_events"):
        read_folder(tmp_path / "job_events")
