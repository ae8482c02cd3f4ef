"""A machine of its own in namespaces: its own network, names and folders, with a real sshd; links join machines.

What a program finds at its usual place (`/etc/frr`, `/run`, `/var/log`) is the machine's own, so that a platform's data
is tried exactly as it is shipped. Only root can make one.
"""

from __future__ import annotations

import contextlib
import ctypes
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Way

from tests.office.process import program

_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)
_BEGIN = """set -eu
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=0755 tmpfs /var/log
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
mkdir -p /run/sshd /var/log/frr
hostname "$1"
ip link set lo up
shift
for pair in "$@"; do mount --bind "${pair%%:*}" "${pair#*:}"; done
touch /run/up
exec sleep 3600
"""
_SSHD = """HostKey {keys}/host
AuthorizedKeysFile {keys}/user.pub
PidFile none
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
MaxStartups 100
KexAlgorithms ^curve25519-sha256
Subsystem sftp internal-sftp
{more}
"""


class Machine:
    """One machine; ``own`` maps folders of this computer to a folder below ``folder`` that it has in their place."""

    def __init__(self, name: str, folder: Path, own: Sequence[str] = ()) -> None:
        self.name, self.folder = name, folder
        pairs = []
        for path in own:
            (folder / path.strip("/")).mkdir(parents=True)
            pairs.append(f"{folder / path.strip('/')}:{path}")
        folder.mkdir(parents=True, exist_ok=True)
        spaces = ["--net", "--uts", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child=KILL"]
        words = [program("setpriv"), "--pdeathsig", "KILL", program("unshare"), *spaces, "sh", "-c", _BEGIN, "sh", name]
        self._holder = subprocess.Popen([*words, *pairs], env=_environment())
        self._enter = [program("nsenter"), f"--target={self._holder.pid}", "--net", "--uts", "--mount"]
        self._enter += [f"--pid=/proc/{self._holder.pid}/ns/pid_for_children"]
        self.await_(Path(f"/proc/{self._holder.pid}/root/run/up").exists)

    def run(self, command: str, check: bool = True) -> str:
        """Run a command on the machine's console; return what it prints."""
        done = subprocess.run(
            [*self._enter, "sh", "-c", command], env=_environment(), capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"{self.name}: {command}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def begin(self, command: str) -> None:
        """Start a command that goes on in the background."""
        subprocess.Popen([*self._enter, "sh", "-c", f"exec {command}"], env=_environment(), stdin=subprocess.DEVNULL)

    def link(self, port: str, address: str, other: Machine, other_port: str, other_address: str) -> None:
        """Lay a cable to another machine and give both ends an address."""
        ends = (f"netns {self._holder.pid}", f"netns {other._holder.pid}")
        words = f"ip link add {port} {ends[0]} type veth peer name {other_port} {ends[1]}"
        subprocess.run([*words.split()], check=True, env=_environment())
        for machine, name, own in ((self, port, address), (other, other_port, other_address)):
            machine.run(f"ip addr add {own} dev {name} && ip link set {name} up" if own else f"ip link set {name} up")

    def let_in(self, address: str, more: str = "") -> Way:
        """Start sshd at port 22; ``more`` is added to its configuration. Return the way to it at ``address``."""
        keys = self.folder / "ssh"
        keys.mkdir()
        for name in ("host", "user"):
            quiet = ["-q", "-t", "ed25519", "-N", "", "-C", name]
            subprocess.run([program("ssh-keygen"), *quiet, "-f", str(keys / name)], check=True)
        (keys / "sshd_config").write_text(_SSHD.format(keys=keys, more=more), encoding="ascii")
        known = keys / "known_hosts"
        known.write_text(f"{address} {(keys / 'host.pub').read_text(encoding='ascii')}", encoding="ascii")
        self.run(f"{program('sshd')} -f {keys / 'sshd_config'} -E {keys / 'log'}")
        return Way(address, 22, "root", str(known), key_file=str(keys / "user"))

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Within the block, what this thread opens on the network is opened on the machine."""
        ours, there = (Path(f"/proc/{which}/ns/net") for which in ("thread-self", self._holder.pid))
        with ours.open("rb") as back, there.open("rb") as away:
            _enter(away.fileno())
            try:
                yield
            finally:
                _enter(back.fileno())

    def await_(self, ready: Callable[[], bool], seconds: float = 20) -> None:
        """Ask every 50 ms until it is so."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end or self._holder.poll() is not None:
                raise AssertionError(f"{self.name} did not become ready")
            time.sleep(0.05)

    def end(self) -> None:
        """Switch it off: with the namespaces all its processes end."""
        self._holder.kill()
        self._holder.wait()


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr", "LC_ALL": "C.UTF-8", "HOME": "/root"}


def _enter(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
