from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sopwrap.children import MARK
from sopwrap.interrupt import Interrupt

# A shell without job control starts what it puts behind itself deaf to an interrupt.
OBEDIENT = """
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    print(1, flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    raise SystemExit(7)
"""


def start(folder: Path, code: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, MARK: str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_told_and_passed_on_as_an_interrupt(tmp_path: Path, number: signal.Signals) -> None:
    told: list[str] = []
    before = signal.getsignal(number)
    with start(tmp_path, OBEDIENT) as process:
        with Interrupt(tmp_path, lambda: told.append("stopping")) as interrupt:
            assert not interrupt.asked
            os.kill(os.getpid(), number)
            assert interrupt.asked
            assert not interrupt.overdue()
        assert process.wait(5) == 7
    assert told == ["stopping"]
    assert signal.getsignal(number) == before


def test_what_starts_only_after_the_signal_gets_it_too(tmp_path: Path) -> None:
    with Interrupt(tmp_path, lambda: None) as interrupt:
        os.kill(os.getpid(), signal.SIGINT)
        with start(tmp_path, OBEDIENT) as process:
            assert not interrupt.overdue()
            assert process.wait(5) == 7


def test_a_second_signal_ends_the_patience(tmp_path: Path) -> None:
    code = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint(1, flush=True); time.sleep(60)"
    with start(tmp_path, code) as process, Interrupt(tmp_path, lambda: None):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        assert process.wait(1) == -signal.SIGTERM


def test_an_error_inside_leaves_no_process_behind(tmp_path: Path) -> None:
    with start(tmp_path, OBEDIENT) as process:
        with pytest.raises(ZeroDivisionError), Interrupt(tmp_path, lambda: None):
            raise ZeroDivisionError
        assert process.wait(1) == -signal.SIGTERM


def test_in_another_thread_there_is_nothing_to_catch(tmp_path: Path) -> None:
    done: list[bool] = []

    def body() -> None:
        with Interrupt(tmp_path, lambda: None) as interrupt:
            done.append(interrupt.asked)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert done == [False]
