"""Replacing living data: the order of things, and that every way it can fail ends where it began."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import guard, permit_register, replace, services
from ansible_collections.sopwrap.backup.plugins.module_utils import journal as journals
from ansible_collections.sopwrap.backup.plugins.module_utils.backup import back_up
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.recall import restore
from ansible_collections.sopwrap.backup.plugins.module_utils.run import carry_out
from ansible_collections.sopwrap.backup.plugins.module_utils.settle import settle
from ansible_collections.sopwrap.backup.plugins.module_utils.undo import forget

from tests.office.permits import Authority
from tests.unit.collection.live_toy import LiveToy
from tests.unit.collection.toy import Shelf, asset, make_job

Do = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def toy(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> LiveToy:
    """A toy on a host that believes the approver; services are a list of words."""
    monkeypatch.setattr(permit_register, "TRUST", str(tmp_path / "etc"))
    monkeypatch.setattr(permit_register, "STATE", str(tmp_path / "var"))
    authority.trusted_by(tmp_path / "etc", "srv-uji")
    toy = LiveToy(tmp_path / "mainan")
    toy.path.write_text("satu\ndua")
    monkeypatch.setattr(guard, "set_up", lambda journal, kind, asset: toy.log.append("guard"))
    monkeypatch.setattr(services, "require", lambda asset: ["web.service"])
    monkeypatch.setattr(services, "stop", lambda units: toy.log.append("stop"))
    monkeypatch.setattr(services, "start", lambda units: toy.log.append("start") or [])
    return toy


@pytest.fixture
def do(shelf: Shelf, toy: LiveToy, authority: Authority, tmp_path: Path) -> Do:
    """Back the toy up, change it, and give a function that restores with a permit."""
    config = shelf.config(tmp_path, "internal")

    def job(**more: Any) -> Job:
        return make_job([asset("a", "internal")], config, **more)

    back_up(job(), toy)
    toy.path.write_text("rusak")

    def run(target: str = "replace", permit: str | None = None, **changed: Any) -> list[dict[str, Any]]:
        plan = job(target={"replace": True}, check=True)
        carry_out(plan, "restore", toy)
        if changed.pop("check", False):
            return plan.records
        text = authority.permit(plan.records[0], **changed) if permit is None else permit
        made = job(target={target: True}, options={"permit": text})
        carry_out(made, "restore", toy)
        return made.records

    return run


def test_the_data_is_loaded_and_compared_before_anything_is_stopped(do: Do, toy: LiveToy) -> None:
    safety, done = do()
    assert toy.log == ["guard", "stop", "swap", "start"]
    assert toy.path.read_text() == "satu\ndua"
    assert (safety["action"], done["outcome"], done["case"]) == ("safety", "ok", "K-1")
    assert done["restore"]["safety"] == safety["point"]


def test_a_plan_says_what_would_be_stopped_and_lost_and_changes_nothing(do: Do, toy: LiveToy) -> None:
    (plan,) = do(check=True)
    assert plan["outcome"] == "planned" and plan["restore"]["services"] == ["web.service"]
    assert plan["restore"]["lost_seconds"] >= 0 and len(plan["restore"]["manifest"]) == 64
    assert toy.log == [] and toy.path.read_text() == "rusak"


def test_too_little_room_is_refused_early(do: Do, toy: LiveToy) -> None:
    toy.free = 9
    (plan,) = do(check=True)
    assert plan["outcome"] == "refused" and "10 B are needed" in plan["message"]


@pytest.mark.parametrize("fault", ["busy", "swap", "start", "safety", "health"])
def test_every_failure_ends_with_what_lived_before_and_running_services(
    fault: str, do: Do, toy: LiveToy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> Any:
        raise Problem("It broke.")

    toy.busy, toy.fail_at = fault == "busy", "swap" if fault == "swap" else ""
    if fault == "start":
        answers = iter([["web.service is dead"], []])
        monkeypatch.setattr(services, "start", lambda units: toy.log.append("start") or next(answers))
    if fault == "safety":
        monkeypatch.setattr(replace, "safety_copy", broken)
    if fault == "health":
        monkeypatch.setattr(services, "require_health", broken)
    record = do()[-1]
    assert record["outcome"] == ("refused" if fault == "busy" else "failed")
    assert record["restore"]["returned"] and "web.service run again" in record["message"]
    assert toy.path.read_text() == "rusak" and toy.log[-1] == "start"
    assert [path.name for path in toy.path.parent.glob("mainan.*")] == []


def test_a_finished_restore_is_taken_back_once(do: Do, toy: LiveToy) -> None:
    do()
    toy.path.write_text("satu\ndua\ntiga, written since")
    (record,) = do("undo")
    assert (record["action"], record["outcome"]) == ("undo", "ok") and toy.path.read_text() == "rusak"
    assert "was taken back already" in do("undo")[0]["message"]


def test_what_was_out_of_order_before_a_restore_can_be_taken_back_as_it_was(
    do: Do, toy: LiveToy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page did not answer; that it still does not is no reason to keep the data from coming back."""
    monkeypatch.setattr(services, "answers", lambda asset: False)
    do()
    monkeypatch.setattr(services, "require_health", lambda asset: pytest.fail("it was asked for its page"))
    (record,) = do("undo")
    assert record["outcome"] == "ok" and toy.path.read_text() == "rusak"
    assert "did not answer before the restore" in record["message"]


def test_a_taking_back_that_fails_leaves_what_was_restored(
    do: Do, toy: LiveToy, monkeypatch: pytest.MonkeyPatch
) -> None:
    do()
    toy.busy = True
    (record,) = do("undo")
    assert record["outcome"] == "refused" and toy.path.read_text() == "satu\ndua"
    toy.busy = False
    assert do("undo")[0]["outcome"] == "ok"


def test_what_broke_off_is_settled_by_the_next_call_even_without_a_permit(do: Do, toy: LiveToy) -> None:
    do()
    (journal,) = journals.of_asset("a")
    journal.reach(journals.SWAPPED)
    again = make_job([asset("a", "internal")], target={"forget": True})
    forget(again, toy)
    assert "was settled: the data of before is back" in again.records[0]["message"]
    assert toy.path.read_text() == "rusak" and journals.of_asset("a") == []
    assert settle(journals.Journal("x", "a", "toy", state=journals.DONE), toy, {}) == ""


def test_two_restores_of_one_asset_never_meet(do: Do, toy: LiveToy) -> None:
    with journals.alone("a"):
        assert "Another restore of a is running" in do()[0]["message"]
    assert toy.path.read_text() == "rusak"


@pytest.mark.parametrize("target", [{"replace": "yes"}, {"replace": True, "name": "x"}, {"undo": False}])
def test_a_target_that_is_half_one_thing_and_half_another_is_refused(
    target: dict[str, Any], do: Do, toy: LiveToy, shelf: Shelf, tmp_path: Path
) -> None:
    job = make_job([asset("a", "internal")], shelf.config(tmp_path, "internal"), target=target)
    carry_out(job, "restore", toy)
    assert job.records[0]["outcome"] == "refused" and toy.path.read_text() == "rusak"


def test_a_fresh_restore_never_goes_to_the_living_place(do: Do, toy: LiveToy, shelf: Shelf, tmp_path: Path) -> None:
    toy.path.unlink()
    job = make_job([asset("a", "internal")], shelf.config(tmp_path, "internal"), target={"name": str(toy.path)})
    restore(job, toy)
    assert "where a itself lives" in job.records[0]["message"] and not toy.path.exists()
