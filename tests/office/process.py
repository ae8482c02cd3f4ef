"""Start the office's servers and end them: every one by its own pid, and all of them when this process dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

IS_ROOT = os.geteuid() == 0
_ADMIN_FOLDERS: tuple[str, ...] = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/frr")
_MARK = "SOPWRAP_DEMO_OFFICE"
_CAPABILITIES = {1: "dac_override", 2: "dac_read_search"}


class OfficeError(RuntimeError):
    """One sentence: what does not work, where, and what to do next."""


def find_program(name: str) -> Path | None:
    """The path of a program, looked for in PATH and where Debian puts servers; None when it is not installed."""
    found = shutil.which(name)
    if found:
        return Path(found)
    clusters = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    candidates = [*(Path(folder) / name for folder in _ADMIN_FOLDERS), *(folder / name for folder in clusters)]
    return next((path for path in candidates if os.access(path, os.X_OK)), None)


def program(name: str) -> str:
    """The path of a program that must be there; raise OfficeError that says how to get it."""
    path = find_program(name)
    if path is None:
        raise OfficeError(f"The program {name} is not installed: run `python3 -m tests.office.packages` first.")
    return str(path)


@dataclass(frozen=True)
class Account:
    """The user a server runs as: the package's own user when we are root, else ourselves."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, name: str, package: str) -> Account:
        """Look up ``name``; raise OfficeError that names the Debian package which would create it."""
        try:
            entry = pwd.getpwnam(name) if IS_ROOT else pwd.getpwuid(os.geteuid())
        except KeyError:
            raise OfficeError(f"The user {name} does not exist: install the Debian package {package}.") from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def own(self, *paths: Path) -> None:
        """Make the folders (0755) and give them to this account."""
        for path in paths:
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o755)
            if IS_ROOT:
                os.chown(path, self.uid, self.gid)

    def own_file(self, path: Path) -> None:
        """Give one file to this account."""
        if IS_ROOT:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def prefix(self, folder: Path) -> list[str]:
        """The words before a command that run it as this account and kill it when the thread that started it ends.

        A folder below one that is closed to others (a checkout in /root) is reached by one capability, so
        that nothing of the folder's own rights has to be opened (and access(2), which MariaDB asks, must not drop it).
        """
        words = [program("setpriv"), "--pdeathsig", "KILL"]
        if not IS_ROOT or self.uid == 0:
            return words
        words += ["--reuid", str(self.uid), "--regid", str(self.gid), "--init-groups"]
        if subprocess.run([*words, "test", "-x", str(folder)], check=False).returncode == 0:
            return words
        capability = _capability_to_pass_closed_folders()
        return [*words, "--securebits=+no_setuid_fixup", f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]


def _capability_to_pass_closed_folders() -> str:
    """The least capability of this machine that walks through closed folders; raise OfficeError when none is left."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    bounding = int(next(line for line in status if line.startswith("CapBnd:")).split()[1], 16)
    for bit in sorted(_CAPABILITIES, reverse=True):
        if bounding >> bit & 1:
            return _CAPABILITIES[bit]
    raise OfficeError(
        "The servers' users cannot reach the office's folder: put it below a folder that is open to all (0755)."
    )


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, alive: Callable[[], bool], log: Path, seconds: float = 30) -> None:
    """Ask ``ready`` every 50 ms; raise OfficeError with the end of the log when the server dies or the time is over."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not alive() or time.monotonic() > deadline:
            state = "did not become ready in time" if alive() else "ended while starting"
            raise OfficeError(f"{what} {state}; the end of {log}:\n{_tail(log)}")
        time.sleep(0.05)


def run(
    argv: Sequence[str], *, text: str | None = None, env: dict[str, str] | None = None, cwd: Path | None = None
) -> str:
    """Run a helper program to its end and return what it printed; raise OfficeError with its last lines."""
    try:
        ended = subprocess.run(
            argv,
            input=text,
            capture_output=True,
            env=env,
            cwd=cwd,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
        )
    except OSError as error:
        raise OfficeError(f"{argv[0]} could not be started: {error}.") from error
    if ended.returncode:
        said = (ended.stderr or ended.stdout).strip()[-1500:]
        raise OfficeError(f"{Path(argv[0]).name} ended with {ended.returncode}: {said}")
    return ended.stdout


class Keeper:
    """Starts and ends servers for one office folder, one office at a time.

    The kernel sends the death signal when the *thread* that started a process ends, so all servers are
    started from one thread that lives as long as the office. What an office that was killed left behind
    (a half-made cluster's helpers) is known by a variable of its environment and ended by the next start.
    """

    def __init__(self, folder: Path) -> None:
        self.logs = folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self._mark = f"{_MARK}={folder}"
        self._lock = (self.logs / "office.lock").open("w", encoding="ascii")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise OfficeError(f"An office is running in {folder} already: stop it or choose another folder.") from None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office-keeper")
        self._end_left_overs()

    def start(self, name: str, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start one server in the background, its output in ``log/<name>.log``."""
        return self._thread.submit(self._start, name, argv).result()

    def run(self, name: str, argv: Sequence[str]) -> None:
        """Run a helper that starts servers of its own to its end; raise OfficeError with the end of its log."""
        process = self.start(name, argv)
        if process.wait():
            log = self.logs / f"{name}.log"
            raise OfficeError(f"{name} ended with {process.returncode}; the end of {log}:\n{_tail(log)}")

    def _start(self, name: str, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        variable, _, folder = self._mark.partition("=")
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            variable: folder,
        }
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd="/",
                start_new_session=True,
                umask=0o022,
            )

    def end(self, process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float = 8) -> None:
        """End one server with ``how``, with KILL after ``seconds``; return when it is gone."""
        if process is None:
            return
        for way, patience in ((how, seconds), (signal.SIGKILL, 10.0)):
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(_namespace_head(process.pid) or process.pid, way)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(patience)

    def close(self) -> None:
        """Let the folder go; every server must have been ended before (what still runs dies with the thread)."""
        self._thread.shutdown()
        self._lock.close()

    def _end_left_overs(self) -> None:
        """Kill, each by its pid, what an office in this folder started and could not end; return when all are gone."""
        deadline = time.monotonic() + 10
        while (left := _processes_with(self._mark)) and time.monotonic() < deadline:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)


def _processes_with(variable: str) -> list[int]:
    """The pids of all living processes that were started with this line in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if os.fsencode(variable) in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else "(no log)"


def _namespace_head(pid: int) -> int | None:
    """The first process of the pid namespace that ``unshare`` made (killing it ends all the others), or None.

    A namespace's first process is told by its pid 1 inside; unshare itself only waits for it.
    """
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for child in children:
            status = Path(f"/proc/{child}/status").read_text(encoding="utf-8", errors="replace")
            inside = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if len(inside) > 2 and inside[-1] == "1":
                return int(child)
    except (OSError, StopIteration):
        return None
    return None
