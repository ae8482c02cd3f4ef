"""A killed worker is noticed, unless Ansible still works."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sopwrap.children import MARK
from sopwrap.workers import Workers

CODE = """import os, sys, time
for end in sys.argv[1:]:
    if os.fork() == 0:
        if end == "killed":
            os.kill(os.getpid(), 9)
        time.sleep(60) if end == "works" else os._exit(int(end))
print(1, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("ends", "killed", "lost"),
    [
        (["killed"], True, True),
        (["0", "killed"], True, True),
        (["killed", "works"], True, False),
        (["1"], False, False),
    ],
)
def test_a_worker_is_lost_when_it_was_killed_and_no_other_is_at_work(
    ends: list[str], killed: bool, lost: bool, tmp_path: Path
) -> None:
    marked = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", CODE, *ends], env=marked, stdout=subprocess.PIPE, start_new_session=True
    ) as ansible:
        try:
            assert ansible.stdout
            ansible.stdout.readline()
            workers = Workers(tmp_path, patience=0.2)
            end = time.monotonic() + 5
            while not workers.lost() and time.monotonic() < end and (lost or workers.killed != killed):
                time.sleep(0.05)
            assert (workers.killed, workers.lost()) == (killed, lost)
            assert not Workers(tmp_path, patience=60).lost(), "Ansible may notice by itself"
        finally:
            os.killpg(ansible.pid, 9)
