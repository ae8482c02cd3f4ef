"""A module notices that it is to stop, or that nobody waits for it, and leaves its blocks in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys, time, pathlib
from ansible_collections.sopwrap.backup.plugins.module_utils.lifeline import Interrupted, lifeline
try:
    with lifeline():
        print('begun', flush=True)
        time.sleep(30)
except Interrupted:
    pathlib.Path(sys.argv[1]).write_text('clean')
"""


@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM", "SIGHUP", "the reader is gone"])
def test_the_open_blocks_are_left_when(end: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    process = subprocess.Popen([sys.executable, "-c", CODE, str(mark)], stdout=subprocess.PIPE, env=env)
    assert process.stdout is not None and process.stdout.readline() == b"begun\n"
    if end.startswith("SIG"):
        process.send_signal(signal.Signals[end])
    process.stdout.close()
    process.wait(15)
    assert mark.read_text() == "clean"
