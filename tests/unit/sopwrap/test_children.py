from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sopwrap.children import MARK, Process, family, finish, first, wait


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A marked process with a child that has dropped the mark and lives in a session of its own."""
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '60'], env={}, start_new_session=True)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, MARK: str(tmp_path)}, stdout=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def test_the_family_is_the_marked_ones_and_their_descendants(tree: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert tree.stdout
    child = int(tree.stdout.readline())
    found = family(tmp_path)
    assert {one.pid for one in found} == {tree.pid, child}
    assert [one.pid for one in first(tmp_path)] == [tree.pid]
    assert family(tmp_path / "another") == set()
    finish(found, 0.0)
    assert wait(found, 5) == set()
    assert family(tmp_path) == set()


def test_what_does_not_listen_is_forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    monkeypatch.setattr("sopwrap.children.wait", lambda processes, seconds: wait(processes, min(seconds, 0.3)))
    environment = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) as stubborn:
        assert stubborn.stdout
        stubborn.stdout.readline()
        finish(family(tmp_path), 0.0)
        assert stubborn.wait(5) == -signal.SIGKILL


def test_a_process_that_cleans_up_in_time_is_let_alone(tmp_path: Path) -> None:
    environment = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen(["sleep", "0.5"], env=environment) as brief:
        time.sleep(0.1)
        finish(family(tmp_path), 10.0)
        assert brief.wait() == 0


def test_a_later_process_of_the_same_number_is_not_taken_for_it() -> None:
    gone = Process(os.getpid(), 1)
    assert not gone.alive
    gone.send(signal.SIGKILL)  # would be the end of this test
    assert Process(os.getppid(), 0).name
    assert Process(2**22 + 1, 0).name == ""
