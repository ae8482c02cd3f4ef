from __future__ import annotations

from typing import Any

import pytest

from sopwrap.events import LONGEST, Failure, fold, shorten
from tests.unit.sopwrap.small_office import record


def event(kind: str, host: str = "srv-a", **data: Any) -> dict[str, Any]:
    return {"event": kind, "stdout": "", "event_data": {"host": host, "task": "backup | Copy", **data}}


def evidence(asset: str, outcome: str = "ok") -> dict[str, Any]:
    return record("backup", asset, outcome=outcome).as_dict()


def test_records_come_from_good_and_failed_results_in_their_order() -> None:
    heard = fold(
        [
            event("playbook_on_start"),
            event("runner_on_ok", res={"sopwrap_evidence": [evidence("a"), evidence("b")]}),
            event("runner_on_failed", res={"msg": "c broke", "sopwrap_evidence": [evidence("c", "failed")]}),
        ]
    )
    assert [(one.asset, one.outcome) for one in heard.records] == [("a", "ok"), ("b", "ok"), ("c", "failed")]
    assert heard.failures == [Failure("srv-a", "c broke")]


def test_a_record_told_by_an_item_and_again_by_its_loop_counts_once() -> None:
    published = {"sopwrap_evidence": [evidence("a")]}
    heard = fold(
        [
            event("runner_item_on_ok", res=published),
            event("runner_on_ok", res={"results": [published, {"skipped": True}]}),
        ]
    )
    assert len(heard.records) == 1


def test_the_last_failure_of_the_assets_own_role_explains_it_before_any_other() -> None:
    heard = fold(
        [
            event("runner_on_failed", res={"msg": "no disk"}, resolved_role="sopwrap.backup.files"),
            event("runner_on_failed", res={"msg": "a kind failed"}),
            event("runner_on_unreachable", host="srv-b", res={"msg": "no route"}),
        ]
    )
    told = heard.failure_of("srv-a", "files"), heard.failure_of("srv-a", "system"), heard.failure_of("srv-c", "files")
    assert [one and one.message for one in told] == ["no disk", "a kind failed", None]
    assert heard.failures[-1].unreachable


def test_a_failure_that_the_playbook_ignores_is_none() -> None:
    assert fold([event("runner_on_failed", res={"msg": "never mind"}, ignore_errors=True)]).failures == []


def test_ansibles_wrapping_colours_and_line_breaks_are_taken_off_a_message() -> None:
    text = "Task failed: Module failed: \x1b[31mno\x1b[0m\n  space"
    assert fold([event("runner_on_failed", res={"msg": text})]).failures[0].message == "no space"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            'Data could not be sent to remote host "10.0.0.9". Make sure this host can be reached over ssh: '
            "ssh: connect to host 10.0.0.9 port 22: Connection refused",
            "connect to host 10.0.0.9 port 22: Connection refused",
        ),
        ("Failed to connect to the host via ssh: root@10.0.0.9: Permission denied", "root@10.0.0.9: Permission denied"),
        (
            'Data could not be sent to remote host "10.0.0.9". Make sure this host can be reached over ssh: ',
            "the connection broke off",
        ),
    ],
)
def test_why_a_host_was_not_reached_is_told_without_ansibles_preamble(text: str, cause: str) -> None:
    assert fold([event("runner_on_unreachable", res={"msg": text})]).failures[0].message == cause


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("ImportError: No module named encodings", "gave no answer but: ImportError: No module named encodings"),
        *[
            (f"SyntaxError: {what}", "is too old for Ansible: name a newer one in ansible_python_interpreter")
            for what in ("future feature annotations is not defined", "invalid syntax")  # 3.6 and 2.7
        ],
    ],
)
def test_where_a_module_gave_no_answer_its_last_line_is_told_instead(last: str, told: str) -> None:
    result = {"msg": "Module result deserialization failed: No start of json char found", "module_stdout": ""}
    lines = f"Traceback (most recent call last):\n{last}\n"
    (failure,) = fold([event("runner_on_failed", res={**result, "module_stderr": lines})]).failures
    assert failure.message == f"Python on the host {told}"
    (failure,) = fold([event("runner_on_failed", res=result)]).failures
    assert failure.message == result["msg"]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"module_stderr": "Segmentation fault"}, "Segmentation fault"),
        ({"msg": " ", "stderr": "x"}, "x"),
        ({}, "no reason was given"),
    ],
)
def test_a_failure_without_a_message_is_told_by_what_there_is(result: dict[str, Any], message: str) -> None:
    assert fold([event("runner_on_failed", res=result)]).failures[0].message == message


def test_why_a_playbook_did_not_even_begin_is_ansibles_first_error() -> None:
    lines = ["\x1b[31m[ERROR]: the playbook x.yml could not be found\x1b[0m", "[ERROR]: later"]
    assert fold({"event": "verbose", "stdout": line} for line in lines).error == "the playbook x.yml could not be found"


def test_evidence_of_another_form_is_noted_and_not_believed() -> None:
    heard = fold(
        [
            event(
                "runner_on_ok", res={"sopwrap_evidence": [{**evidence("a"), "outcome": "splendid"}, {"schema": "x"}, 7]}
            )
        ]
    )
    assert heard.records == []
    assert "sopwrap.evidence/1" in heard.odd


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        "text",
        {},
        {"event": None},
        {"event": "runner_on_ok"},
        {"event": "runner_on_ok", "event_data": []},
        {"event": "runner_on_ok", "event_data": {"res": "censored"}},
        {"event": "runner_on_ok", "event_data": {"host": 3, "res": {"sopwrap_evidence": "no", "results": "no"}}},
        {"event": "runner_on_failed", "event_data": {"res": {"msg": 5}}, "stdout": 9},
        {"event": "runner_retry", "event_data": {"res": {"msg": "x"}}},
        {"event": "brand_new_event", "event_data": {"host": "x"}},
    ],
)
def test_an_odd_event_is_passed_over(odd: Any) -> None:
    heard = fold([odd, event("runner_on_ok", res={"sopwrap_evidence": [evidence("a")]})])
    assert [one.asset for one in heard.records] == ["a"]


def test_news_name_host_and_task_and_only_what_is_new() -> None:
    heard = fold([])
    first = heard.take(event("runner_on_ok", res={"sopwrap_evidence": [evidence("a")]}))
    assert [one.asset for one in first.records] == ["a"]
    assert (first.host, first.task) == ("srv-a", "backup | Copy")
    assert heard.take(event("runner_on_start")).records == ()


def test_a_long_message_is_cut() -> None:
    assert len(shorten("x" * 5000)) == LONGEST
