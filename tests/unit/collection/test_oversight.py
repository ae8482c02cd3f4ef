"""A program that tries in vain is ended; one that only complains is left alone."""

from __future__ import annotations

import time

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import oversight
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import run


def explain(status: int, complaints: str) -> Problem:
    return Problem(f"{status}: {complaints}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oversight, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(oversight, "GRACE", 0.2)


@pytest.mark.parametrize(("deaf", "status"), [("", -15), ("trap '' TERM;", -9)])
def test_a_program_that_tries_in_vain_is_asked_to_end_and_then_killed(deaf: str, status: int) -> None:
    began = time.monotonic()
    with pytest.raises(Problem, match=f"{status}: the disk is full"):
        run(["sh", "-c", f"{deaf} echo the disk is full >&2; while :; do sleep 0.1; done"], explain,
            hopeless=lambda said: "full" in said)  # fmt: skip
    assert time.monotonic() - began < 5


def test_a_program_that_complains_and_goes_on_is_left_alone() -> None:
    script = "echo slow >&2; sleep 0.2; echo done"
    assert run(["sh", "-c", script], explain, hopeless=lambda said: "full" in said) == b"done\n"
