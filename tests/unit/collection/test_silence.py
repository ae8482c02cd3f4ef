"""A program that waits for a server without an answer is told from one that works, and from one that waits for us."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import oversight
from ansible_collections.sopwrap.backup.plugins.module_utils.declared import Declared
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child, run
from ansible_collections.sopwrap.backup.plugins.module_utils.silence import Patience

ASK = "import socket; socket.create_connection(('127.0.0.1', {})).recv(1)"
LONG = 1.2


def explain(status: int, complaints: str) -> Problem:
    return Problem(f"{status}: {complaints}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oversight, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(oversight, "GRACE", 0.2)


@pytest.fixture
def silent() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_who_waits_for_a_server_without_an_answer_is_ended_and_the_next_does_not_wait(silent: int) -> None:
    patience, words = Patience(0.5), [sys.executable, "-c", ASK.format(silent)]
    for longest in (5, 0.3):
        began = time.monotonic()
        with pytest.raises(Problem, match=oversight.NO_ANSWER):
            run(words, explain, patience=patience)
        assert time.monotonic() - began < longest


@pytest.mark.parametrize(
    "script",
    [
        f"import time; end = time.time() + {LONG}\nwhile time.time() < end: pass",
        f"import time\nfor n in range(40): open('/dev/zero', 'rb').read(512); time.sleep({LONG} / 40)",
    ],
    ids=["computes", "reads"],
)
def test_who_works_is_left_alone(script: str) -> None:
    assert run([sys.executable, "-c", f"{script}\nprint('done')"], explain, patience=Patience(0.5)) == b"done\n"


@pytest.mark.parametrize("way", [lambda: subprocess.PIPE, Declared], ids=["pipe", "declared"])
def test_who_waits_for_what_we_have_not_sent_or_read_yet_is_left_alone(way: Callable[[], int | Declared]) -> None:
    with Child(["cat"], explain, stdin=way(), patience=Patience(0.4)) as child:
        time.sleep(LONG)
        child.stdin.write(b"x" * 100)
        child.stdin.close()
        time.sleep(LONG)
        assert child.stdout.read() == b"x" * 100
        child.finish()
