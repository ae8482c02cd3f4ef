"""A job tries everything, writes a record for each attempt, and keeps a second backup of an asset away."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.job import human
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.unit.collection.toy import PASSWORD, asset, make_job

STORE = {"id": "internal", "placement": "internal", "repository": "/nowhere/x", "password": PASSWORD}


def test_what_goes_wrong_becomes_the_record_of_that_action_and_no_more() -> None:
    job = make_job([asset("a", "internal")], STORE)
    trace = job.trace("backup", job.assets[0], "internal")

    def work() -> None:
        raise Problem("It is gone.", "Find it.", refused=True)

    assert trace.attempt(work) is None
    (record,) = job.records
    assert (record["outcome"], record["message"], record["hint"]) == ("refused", "It is gone.", "Find it.")
    assert (record["asset"], record["store"], record["case"], record["host"]) == ("a", "internal", "K-1", "srv-uji")


def test_what_has_to_be_told_beside_is_told_whatever_comes_of_the_action() -> None:
    job = make_job([asset("a", "internal")], STORE)
    for end in (lambda trace: trace.close("ok", "Done."), lambda trace: trace.fail(Problem("It is gone."))):
        trace = job.trace("restore", job.assets[0], "internal")
        trace.remark = "Something else is wrong."
        end(trace)
    assert [one["message"] for one in job.records] == [
        f"{said} Something else is wrong." for said in ("Done.", "It is gone.")
    ]


def test_an_error_of_ours_is_named_by_place_and_its_text_is_kept_back() -> None:
    job = make_job([asset("a", "internal")], STORE)

    def work() -> None:
        raise ValueError("rahasia-4711")

    job.trace("backup", job.assets[0], "internal").attempt(work)
    (record,) = job.records
    assert record["outcome"] == "failed"
    assert "ValueError in test_job.py" in record["message"] and "rahasia" not in str(record)


def test_an_asset_may_belong_to_another_host_than_the_one_that_works() -> None:
    job = make_job([asset("a", "internal", host="rtr-1")], STORE)
    job.trace("backup", job.assets[0], "internal").close("ok", "Done.")
    assert job.records[0]["host"] == "rtr-1"


def test_a_second_backup_of_the_same_asset_is_refused_until_the_first_has_ended() -> None:
    first, second = (make_job([asset("terkunci", "internal")], STORE) for _ in range(2))
    with first.held:
        first.hold(first.assets[0])
        with pytest.raises(Problem, match="Another backup of terkunci is running"):
            second.hold(second.assets[0])
    with second.held:
        second.hold(second.assets[0])


def test_another_office_may_back_up_an_asset_of_the_same_id_at_the_same_time() -> None:
    elsewhere = {**STORE, "repository": "/nowhere/y"}
    first, second = make_job([asset("sama", "internal")], STORE), make_job([asset("sama", "internal")], elsewhere)
    with first.held, second.held:
        first.hold(first.assets[0])
        second.hold(second.assets[0])


def test_an_unknown_store_is_said_so() -> None:
    with pytest.raises(Problem, match="store lain is not in sopwrap_stores"):
        make_job([], STORE).store("lain")


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2.5e12, "2.5 TB")])
def test_sizes_are_written_as_people_read_them(size: int, words: str) -> None:
    assert human(size) == words
