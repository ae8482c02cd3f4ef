from __future__ import annotations

import json

from sopwrap import documents
from tests.unit.sopwrap import cases


def test_the_data_holds_every_record_as_it_travelled() -> None:
    data = json.loads(documents.render(cases.finished(), "report", "json"))
    assert data["schema"] == "sopwrap.case/1"
    records = [one for view in data["steps"] for each in view["rounds"] for one in each["evidence"]]
    assert len(records) == len(cases.finished().evidence)
    assert {one["schema"] for one in records} == {"sopwrap.evidence/1"}
    assert data["opened_at"] == "2026-05-08T01:00:00.000000Z"
