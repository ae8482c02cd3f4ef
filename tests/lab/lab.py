"""Start lab hosts, wait for them, cut their power, and take them down again.

Each host is a systemd-nspawn container in a network namespace, its root an overlay over the base tree. The tests run
Ansible within the lab's own network namespace, which has no way out. Nothing outside of the lab's folder and its
namespaces is touched, but for the number of inotify instances, of which each systemd takes some.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.base import base

NETWORK = "10.77.0"
_SSH = (
    "UserKnownHostsFile={folder}/known_hosts",
    "StrictHostKeyChecking=yes",
    "IdentitiesOnly=yes",
    "KexAlgorithms=curve25519-sha256",
    "ConnectTimeout=3",
)
_BOOT = """
echo $$ > {cgroup}/cgroup.procs
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec systemd-nspawn --quiet --directory={root} --boot --register=no --keep-unit --machine={name} \
  --network-namespace-path=/run/netns/{space} --link-journal=no --resolv-conf=off --timezone=off --console=pipe
"""


@dataclass
class Host:
    """One host: how it is called, its address and its files."""

    name: str
    address: str
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def root(self) -> Path:
        """Its root folder as this machine sees it."""
        return self.folder / "root"


class Lab:
    """Hosts below a folder; use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hosts: dict[str, Host] = {}
        self._mark = f"sw{secrets.token_hex(2)}"
        self._control = f"{self._mark}-ctl"
        self._cgroup = _cgroups() / self._mark

    def __enter__(self) -> Lab:
        self._tree = base()
        self.folder.mkdir(parents=True, exist_ok=True)
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "id"))
        (self.folder / "known_hosts").touch()
        limit = Path("/proc/sys/fs/inotify/max_user_instances")
        if int(limit.read_text()) < 1024:
            limit.write_text("1024")
        _run("ip", "netns", "add", self._control)
        for words in (
            "link set lo up",
            "link add lab0 type bridge",
            f"addr add {NETWORK}.254/24 dev lab0",
            "link set lab0 up",
        ):
            _run("ip", "-n", self._control, *words.split())
        return self

    def __exit__(self, *failure: object) -> None:
        for host in self.hosts.values():
            self.power_off(host.name)
            _run("umount", "--lazy", str(host.root))
            _run("ip", "netns", "del", f"{self._mark}-{host.name}")
        _run("ip", "netns", "del", self._control)
        for place in sorted(self._cgroup.rglob("*"), reverse=True):
            with suppress(OSError):
                place.rmdir()
        with suppress(OSError):
            self._cgroup.rmdir()
        for host in self.hosts.values():
            shutil.rmtree(host.folder, ignore_errors=True)

    def up(self, name: str) -> Host:
        """Make a host and start it."""
        host = Host(name, f"{NETWORK}.{len(self.hosts) + 1}", self.folder / name)
        self.hosts[name] = host
        for part in ("upper", "work", "root"):
            (host.folder / part).mkdir(parents=True)
        layers = f"lowerdir={self._tree},upperdir={host.folder}/upper,workdir={host.folder}/work"
        _run("mount", "-t", "overlay", f"{self._mark}-{name}", "-o", layers, str(host.root))
        self._equip(host)
        self._connect(host)
        self.boot(name)
        return host

    def boot(self, name: str) -> None:
        """Start a host that is off."""
        host, cgroup = self.hosts[name], self._cgroup / name
        cgroup.mkdir(parents=True, exist_ok=True)
        script = _BOOT.format(cgroup=cgroup, root=host.root, name=name, space=f"{self._mark}-{name}")
        with (host.folder / "console.log").open("ab") as console:
            host.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    def wait(self, seconds: float = 60) -> None:
        """Wait until every host answers and its systemd has settled; raise AssertionError with its console."""
        end = time.monotonic() + seconds
        for host in self.hosts.values():
            while self.ssh(host.name, "systemctl is-system-running --wait", check=False).strip() not in _SETTLED:
                if time.monotonic() > end:
                    raise AssertionError(f"{host.name} is not up:\n{(host.folder / 'console.log').read_text()[-3000:]}")
                time.sleep(0.2)

    def ssh(self, name: str, command: str, check: bool = True) -> str:
        """Run a command line on a host and return what it printed."""
        options = [word for one in _SSH for word in ("-o", one.format(folder=self.folder))]
        words = ["ssh", "-n", *options, "-i", str(self.folder / "id"), f"root@{self.hosts[name].address}", command]
        done = subprocess.run([*self.inside, *words], capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise AssertionError(f"{name}: {command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def cut_power(self, name: str) -> None:
        """Kill all of a host at once."""
        (self._cgroup / name / "cgroup.kill").write_text("1")
        self._wait_for_end(name)

    def power_off(self, name: str) -> None:
        """Shut a host down; what does not go is killed."""
        process = self.hosts[name].process
        if process is None or process.poll() is not None:
            return
        with suppress(AssertionError):
            self.ssh(name, "systemctl poweroff", check=False)
            self._wait_for_end(name)
            return
        self.cut_power(name)

    @property
    def inside(self) -> list[str]:
        """What to put before a command that is to run in the lab's network."""
        return ["ip", "netns", "exec", self._control]

    def variables(self, name: str) -> dict[str, Any]:
        """The host's variables of an inventory.

        Every lab has the same addresses, so a connection that is kept open must not be found by another lab.
        """
        options = " ".join(f"-o {one.format(folder=self.folder)}" for one in _SSH)
        return {
            "ansible_host": self.hosts[name].address,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self.folder / "id"),
            "ansible_ssh_common_args": options,
            "ansible_control_path_dir": str(self.folder / "cp"),
            "ansible_ssh_retries": 3,
            "ansible_python_interpreter": "/usr/bin/python3",
        }

    def _equip(self, host: Host) -> None:
        """Give a host its name, our key and keys of its own, which are known from the beginning."""
        root = host.root
        (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
        shutil.copy(self.folder / "id.pub", root / "root/.ssh/authorized_keys")
        key = root / "etc/ssh/ssh_host_ed25519_key"
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", host.name, "-f", str(key))
        (root / "etc/hostname").write_text(f"{host.name}\n", encoding="ascii")
        (root / "etc/machine-id").write_text(f"{secrets.token_hex(16)}\n", encoding="ascii")
        public = key.with_suffix(".pub").read_text(encoding="ascii").split()
        with (self.folder / "known_hosts").open("a", encoding="ascii") as known:
            known.write(f"{host.name},{host.address} {public[0]} {public[1]}\n")

    def _connect(self, host: Host) -> None:
        """Lay a cable from the host to the lab's bridge."""
        space, port = f"{self._mark}-{host.name}", f"v-{host.name}"[:15]
        _run("ip", "netns", "add", space)
        _run("ip", "link", "add", "e0", "netns", space, "type", "veth", "peer", "name", port, "netns", self._control)
        _run("ip", "-n", self._control, "link", "set", port, "master", "lab0", "up")
        _run("ip", "-n", space, "addr", "add", f"{host.address}/24", "dev", "e0")
        for device in ("e0", "lo"):
            _run("ip", "-n", space, "link", "set", device, "up")

    def _wait_for_end(self, name: str) -> None:
        process = self.hosts[name].process
        try:
            if process is not None:
                process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # type: ignore[union-attr]
            raise AssertionError(f"{name} did not end") from None


_SETTLED = ("running", "degraded")


def _cgroups() -> Path:
    """A cgroup2 hierarchy of this machine."""
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _device, place, kind, *_rest = line.split()
        if kind == "cgroup2":
            return Path(place)
    raise AssertionError("The lab cannot come up: this machine has no cgroup2 hierarchy mounted.")


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)}: {done.stderr.strip()}")
