"""Programs are started, fed, read and ended so that nothing stays behind and every failure is a sentence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import process
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import (
    Child,
    Secret,
    ended_by,
    last_line,
    pump,
    reading,
    run,
)


def explain(status: int, complaints: str) -> Problem:
    return Problem(f"{ended_by(status)}: {last_line(complaints)}")


def test_a_program_gets_its_input_and_gives_its_output_however_large() -> None:
    data = os.urandom(3_000_000)
    assert run(["cat"], explain, data) == data


def test_a_failed_program_is_its_status_and_last_line() -> None:
    with pytest.raises(Problem, match="exit status 3: gone"):
        run(["sh", "-c", "echo first >&2; echo gone. >&2; exit 3"], explain)


def test_a_killed_program_is_named_by_its_signal_even_after_all_its_output() -> None:
    with pytest.raises(Problem, match="SIGKILL"), reading(["sh", "-c", "echo x; kill -9 $$"], explain) as stream:
        assert stream.read() == b"x\n"


def test_a_program_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(Problem, match="tidak-ada is not installed"):
        run(["tidak-ada"], explain)


def test_a_writer_is_told_why_the_program_went_away() -> None:
    with (
        pytest.raises(Problem, match="exit status 4: full"),
        Child(["sh", "-c", "echo full >&2; exit 4"], explain, stdin=subprocess.PIPE) as child,
    ):
        for _ in range(100):
            child.stdin.write(bytes(1_000_000))


@pytest.mark.parametrize("end", ["exit 4", "exit 0"])
def test_a_program_that_went_away_before_its_last_input_has_failed(end: str) -> None:
    with (
        pytest.raises(Problem, match="full"),
        Child(["sh", "-c", f"exec <&-; echo full >&2; {end}"], explain, stdin=subprocess.PIPE) as child,
    ):
        child.process.wait()
        child.stdin.write(b"the last of it, still in our buffer")
        child.finish()


def test_an_abandoned_program_is_ended_before_its_input_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads a pipe must not take our failure for the good end of its input."""
    monkeypatch.setattr(process, "PATIENCE", 0.5)
    mark = tmp_path / "mark"
    argv = ["sh", "-c", f"trap 'exit 9' TERM; cat > /dev/null; touch {mark}"]
    with pytest.raises(ValueError), Child(argv, explain, stdin=subprocess.PIPE) as child:
        time.sleep(0.2)
        child.process.args = argv
        os.kill(child.process.pid, 0)
        raise ValueError
    assert not mark.exists()
    assert child.process.returncode is not None


def test_a_secret_is_read_by_the_program_and_lies_in_no_folder() -> None:
    secret = Secret("s3cr3t")
    assert run(["cat", secret.path], explain, secrets=(secret,)) == b"s3cr3t"
    assert run(["cat", secret.path], explain, secrets=(secret,)) == b"s3cr3t", "it can be read again"
    assert "memfd" in str(Path(f"/proc/self/fd/{secret.fd}").readlink())
    assert os.fstat(secret.fd).st_mode & 0o777 == 0o600
    secret.close()


def test_settings_of_the_callers_environment_do_not_reach_the_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPASSWORD", "RESTIC_PASSWORD", "MYSQL_PWD"):
        monkeypatch.setenv(name, "x")
    seen = run(["env"], explain, env={"OWN": "1"}).decode()
    assert "OWN=1" in seen and "LC_ALL=C.UTF-8" in seen
    assert "PGPASSWORD" not in seen and "RESTIC_PASSWORD" not in seen and "MYSQL_PWD" not in seen


def test_passwords_in_addresses_are_not_repeated() -> None:
    with pytest.raises(Problem, match=r"rest:http://budi:\*\*\*@host"):
        run(["sh", "-c", "echo Fatal: rest:http://budi:rahasia@host >&2; exit 1"], explain)


def test_an_unknown_account_is_said_so() -> None:
    with pytest.raises(Problem, match="tidak_ada does not exist"):
        run(["true"], explain, user="tidak_ada")


def test_pump_moves_and_shows_every_byte() -> None:
    data, sink, seen = os.urandom(2_500_000), io.BytesIO(), []
    assert pump(io.BytesIO(data), sink, lambda piece: seen.append(bytes(piece))) == len(data)
    assert sink.getvalue() == data == b"".join(seen)


class Trickle(io.RawIOBase):
    """Holds 4 KiB, then what was written to it while its reader slept."""

    there, later = 4096, [8 * 4096]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count, self.there = self.there, 0
        return count

    def gather(self, seconds: float) -> None:
        self.there, self.later = (self.later[0], self.later[1:]) if self.later else (0, [])


def test_pump_lets_little_pieces_gather(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dump is written by 4 KiB, and being woken for each of them costs as much as hashing it."""
    source, seen = Trickle(), []
    monkeypatch.setattr(process.time, "sleep", source.gather)
    pump(io.BufferedReader(source, 8192), io.BytesIO(), lambda piece: seen.append(len(piece)))
    assert seen == [9 * 4096]


def test_a_child_dies_with_us(tmp_path: Path) -> None:
    code = (
        "import os, signal\n"
        "from ansible_collections.sopwrap.backup.plugins.module_utils.process import Child\n"
        "child = Child(['sleep', '60'], None)\n"
        "print(child.process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=_paths())
    pid = int(done.stdout)
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the child outlived its parent")


def _paths() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
