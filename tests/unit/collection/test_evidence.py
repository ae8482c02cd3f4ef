"""Evidence records are complete, and the callback writes every one of them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.sopwrap.backup.plugins.callback.evidence import CallbackModule
from ansible_collections.sopwrap.backup.plugins.module_utils.evidence import FIELDS, later, record, utc_stamp, validate
from ansible_collections.sopwrap.backup.plugins.plugin_utils.packed import Packed

NOW = "2026-01-31T10:00:00.000000Z"


def made(**known: object) -> dict[str, object]:
    known = {"outcome": "ok", "message": "Done.", **known}
    return record("backup", "srv-uji", {"case": "K-1"}, NOW, **known)


def test_a_record_has_every_field_and_null_where_nothing_applies() -> None:
    one = made(asset="a")
    assert tuple(one) == FIELDS or set(one) == set(FIELDS)
    assert (one["asset"], one["case"], one["step"], one["point"]) == ("a", "K-1", None, None)
    assert one["schema"] == "sopwrap.evidence/1"


@pytest.mark.parametrize(
    "wrong",
    [{"other": 1}, {"outcome": "fine"}, {"message": ""}, {"started_at": "2026-01-31 10:00"}],
    ids=["unknown field", "unknown outcome", "no message", "time in another form"],
)
def test_what_is_no_record_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        validate({**made(), **wrong})


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        ("P30D", "2026-03-02T10:00:00.000000Z"),
        ("P1M", "2026-02-28T10:00:00.000000Z"),
        ("P1Y", "2027-01-31T10:00:00.000000Z"),
        ("P2W", "2026-02-14T10:00:00.000000Z"),
        ("PT36H", "2026-02-01T22:00:00.000000Z"),
        (None, None),
    ],
)
def test_retention_ends_that_much_later(duration: str | None, end: str | None) -> None:
    assert later(NOW, duration) == end


@pytest.mark.parametrize("duration", ["30 days", "P", "P1DT"])
def test_what_is_no_duration_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        later(NOW, duration)


def test_a_stamp_is_utc_with_microseconds() -> None:
    assert utc_stamp(1.5) == "1970-01-01T00:00:01.500000Z"


def test_the_callback_writes_the_records_of_good_and_failed_results_and_of_loops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = CallbackModule()
    monkeypatch.setattr(callback, "get_option", {"file": str(tmp_path / "new" / "evidence.jsonl")}.get)
    callback.v2_runner_on_ok(SimpleNamespace(result={"sopwrap_evidence": [made(asset="one")]}))
    callback.v2_runner_on_failed(SimpleNamespace(result={"results": [{"sopwrap_evidence": [made(asset="two")]}]}))
    callback.v2_runner_on_ok(SimpleNamespace(result={"msg": "nothing of ours"}))
    lines = (tmp_path / "new" / "evidence.jsonl").read_text().splitlines()
    assert [json.loads(line)["asset"] for line in lines] == ["one", "two"]


def test_packages_are_lent_when_a_playbook_begins_and_kept_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(Packed, "lend", lambda packed: done.append("lent"))
    monkeypatch.setattr(Packed, "keep", lambda packed: done.append("kept"))
    callback = CallbackModule()
    monkeypatch.setattr(callback, "get_option", {"packed": str(tmp_path)}.get)
    callback.v2_playbook_on_start(SimpleNamespace())
    callback.v2_playbook_on_stats(SimpleNamespace())
    assert done == ["lent", "kept"]


def test_ansible_ends_without_a_last_look_for_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr("gc.freeze", lambda: done.append("frozen"))
    CallbackModule().v2_playbook_on_stats(SimpleNamespace())
    assert done == ["frozen"]


def test_what_is_there_when_a_play_starts_is_shared_with_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr("gc.freeze", lambda: done.append("frozen"))
    CallbackModule().v2_playbook_on_play_start(SimpleNamespace())
    assert done == ["frozen"]
