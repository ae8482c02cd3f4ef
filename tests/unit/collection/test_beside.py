"""What runs beside raises where it is asked for, and does not go on waiting for programs nobody wants any more."""

from __future__ import annotations

import time

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import ended_by, run


def explain(status: int, complaints: str) -> Problem:
    return Problem(ended_by(status))


def test_what_runs_beside_raises_where_it_is_asked_for() -> None:
    assert Beside(lambda: 7).result() == 7
    with pytest.raises(ZeroDivisionError):
        Beside(lambda: 1 // 0).result()


def test_leaving_the_block_ends_the_programs_a_function_beside_waits_for() -> None:
    begun = time.monotonic()
    with Beside(run, ["sleep", "30"], explain) as beside:
        time.sleep(0.3)
    with pytest.raises(Problem, match="SIGTERM"):
        beside.result()
    assert time.monotonic() - begun < 10
