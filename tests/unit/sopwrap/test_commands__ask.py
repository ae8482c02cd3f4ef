from __future__ import annotations

import subprocess
import sys

ASK = "from sopwrap.commands._ask import unseen\nprint(unseen('Share 1'))"


def asked(given: str) -> subprocess.CompletedProcess[str]:
    """Ask in a session of its own: there is no terminal to type at."""
    return subprocess.run(
        [sys.executable, "-c", ASK], input=given, capture_output=True, text=True, start_new_session=True, check=False
    )


def test_a_secret_through_a_pipe_is_taken_without_a_warning() -> None:
    done = asked("satu dua\n")
    assert (done.returncode, done.stdout.strip()) == (0, "satu dua") and "Warning" not in done.stderr


def test_an_input_that_ends_too_early_is_told_as_what_is_missing() -> None:
    done = asked("")
    assert "UsageError: Share 1 was not given." in done.stderr and "Abort" not in done.stderr.splitlines()[-1]
