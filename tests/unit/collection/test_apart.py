"""A module's work as a plain program: the arguments are checked, and no secret comes back."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.apart import answer
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.run import carry_out, kind_spec

from tests.unit.collection.test_run import SOURCE, request_for
from tests.unit.collection.toy import Shelf, Toy


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    def call(work: Any, arguments: dict[str, Any], check: bool = False) -> dict[str, Any]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"arguments": arguments, "check": check})))
        answer("toy", kind_spec(SOURCE), work)
        result: dict[str, Any] = json.loads(capfd.readouterr().out)
        return result

    return call


def test_the_work_is_done_as_the_module_does_it(program: Any, shelf: Shelf, tmp_path: Path) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a")
    told = program(lambda job, verb: carry_out(job, verb, Toy({"a": b"x"})), given)
    assert (told["failed"], told["changed"]) == (False, True)
    assert [(one["asset"], one["kind"], one["outcome"]) for one in told["sopwrap_evidence"]] == [("a", "toy", "ok")]


def test_no_secret_of_the_arguments_comes_back_whoever_says_it(program: Any, shelf: Shelf, tmp_path: Path) -> None:
    def work(job: Job, verb: str) -> None:
        raise Problem("The device said: sandi-4711 is old.")

    told = program(work, request_for(shelf.config(tmp_path, "internal"), "a"))
    assert told["failed"] and told["msg"] == "The device said: ******** is old."


def test_wrong_arguments_are_named_and_nothing_is_done(program: Any, shelf: Shelf, tmp_path: Path) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", tujuan="x")
    told = program(lambda job, verb: pytest.fail("nothing is to be done"), given)
    assert told["failed"] and told["msg"].startswith(
        "The arguments of toy are wrong: there is no tujuan. Supported parameters"
    )


def test_one_wrong_entry_costs_none_of_the_others(program: Any, shelf: Shelf, tmp_path: Path) -> None:
    given = request_for(shelf.config(tmp_path, "internal"), "a", "b")
    given["assets"][0] |= {"source": {"sandi": "x"}, "host": "rtr-1"}
    told = program(lambda job, verb: carry_out(job, verb, Toy({"b": b"x"})), given)
    assert [(one["asset"], one["host"], one["outcome"]) for one in told["sopwrap_evidence"]] == [
        ("a", "rtr-1", "refused"),
        ("b", "srv", "ok"),
    ]


def test_a_dry_run_stays_one(program: Any, shelf: Shelf, tmp_path: Path) -> None:
    seen: list[bool] = []
    program(lambda job, verb: seen.append(job.check), request_for(shelf.config(tmp_path, "internal"), "a"), check=True)
    assert seen == [True]
