"""An FRR router (zebra, staticd, bgpd) in its own network namespace, reached over SSH as one would reach a real one."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.office.process import IS_ROOT, Account, Keeper, OfficeError, free_port, program, run, wait_until
from tests.office.router_text import HOSTNAME, configuration
from tests.office.seeded import Seed

_USER = "cadangan"
_DAEMONS = ("zebra", "staticd", "bgpd")
_INSIDE = Path("/run/office")
# Inside, /run and /var/tmp are ours: sshd wants /run/sshd and FRR writes crash logs to /var/tmp/frr. The users of the
# namespace are ours too, so that the key-only user exists nowhere else; and they reach the folder wherever it lies.
_PREPARE = f"""set -eu
PATH="$PATH:/usr/sbin:/sbin"
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount --bind "$1/tmp" /var/tmp
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -m 0755 /run/sshd {_INSIDE}
mount --bind "$1" {_INSIDE}
"""
_ROUTE = f"""
hostname {HOSTNAME}
ip link set lo up
for port in ether1 ether2; do
  ip link add "$port" type veth peer name "$port-peer" || continue  # without veth FRR keeps the interface as text
  ip link set "$port" up
  ip link set "$port-peer" up
done
"""
_LOGIN = """#!/bin/sh
# The forced command of the router's users: a command goes to vtysh as one word, no shell ever reads it.
export HOME={tmp} VTYSH_PAGER=cat
if [ -n "${{SSH_ORIGINAL_COMMAND:-}}" ]; then
  exec {vtysh} --config_dir {etc} --vty_socket {run} -c "$SSH_ORIGINAL_COMMAND"
fi
exec {vtysh} --config_dir {etc} --vty_socket {run}
"""


class Router:
    """The router and its SSH server; a text of configuration is loaded as the device would at power-on."""

    address = "127.0.0.1"

    def __init__(self, folder: Path, secrets_folder: Path, keeper: Keeper, seed: Seed) -> None:
        self.folder = folder
        self.port = 0
        self.user = _USER if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
        self.key_file = secrets_folder / f"{HOSTNAME}.key"
        self.known_hosts = folder / "known_hosts"
        self._keeper = keeper
        self._text = configuration(seed)
        self._frr = Account.of("frr", "frr")
        self._router: subprocess.Popen[bytes] | None = None
        self._ssh: subprocess.Popen[bytes] | None = None

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says."""
        places = {"key_file": str(self.key_file), "known_hosts": str(self.known_hosts)}
        return {"platform": "frr", "address": self.address, "port": self.port, "user": self.user, **places}

    def start(self) -> None:
        """Start routing and SSH, with the first configuration."""
        self._write_folder()
        self._start_daemons()
        self._start_ssh()

    def stop(self) -> None:
        """End sshd with its sessions, then the router."""
        self._keeper.end(self._ssh, signal.SIGKILL)
        self._keeper.end(self._router, signal.SIGKILL)
        self._ssh = self._router = None

    def reset(self) -> None:
        """Power the router off and on: it has its first configuration again. SSH keeps its port."""
        self._keeper.end(self._router, signal.SIGKILL)
        self._start_daemons()

    reseed = reset

    def vtysh(self, *commands: str) -> str:
        """Run commands on the router's console (not over SSH) and return what it prints."""
        return run(
            [*self._console(), *(word for command in commands for word in ("-c", command))], env=self._environment()
        )

    def ssh(self, command: str) -> str:
        """Run one command over SSH, strictly as the inventory says it is reached, and return what it prints."""
        return run([*self._ssh_words(), command])

    def configuration(self) -> str:
        """The running configuration as the console prints it."""
        return self.vtysh("show running-config")

    def damage(self) -> str:
        """Change the running configuration as a slip of the hand does; return what is different."""
        lines = (
            "configure terminal",
            "no ip route 10.20.0.0/16 192.0.2.1",
            "ip route 0.0.0.0/0 192.0.2.66",
            "no ip prefix-list KE-HULU seq 10",
        )
        self.vtysh(*lines)
        return (
            "The route to 10.20.0.0/16 and a line of prefix-list KE-HULU are gone, and there is a second default route."
        )

    def _write_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in ("run", "etc", "tmp", "ssh"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir()
        self._frr.own(self.folder / "run", self.folder / "tmp")
        (self.folder / "etc" / "vtysh.conf").write_text(
            f"hostname {HOSTNAME}\nservice integrated-vtysh-config\n", encoding="ascii"
        )
        (self.folder / "etc" / "frr.conf").write_text(self._text, encoding="utf-8")
        (self.folder / "route.sh").write_text(_PREPARE + _ROUTE + self._daemon_lines() + "wait\n", encoding="utf-8")
        self._write_users()
        login = self.folder / "login"
        places = {name: shlex.quote(str(self._inside / name)) for name in ("etc", "run", "tmp")}
        login.write_text(_LOGIN.format(vtysh=shlex.quote(program("vtysh")), **places), encoding="utf-8")
        login.chmod(0o755)

    def _daemon_lines(self) -> str:
        """One background line for each daemon; without root the only user inside (ourselves) is called root."""
        who = "frr" if IS_ROOT else "root"
        runs = f"{_INSIDE}/run"
        common = f"-u {who} -g {who} -A 127.0.0.1 -P 0 -f /dev/null --vty_socket {runs} -z {runs}/zserv.api"
        return "".join(f"{shlex.quote(program(name))} {common} -i {runs}/{name}.pid &\n" for name in _DAEMONS)

    def _write_users(self) -> None:
        frr = self._frr
        if IS_ROOT:
            users, groups = (
                Path("/etc/passwd").read_text(encoding="utf-8"),
                Path("/etc/group").read_text(encoding="utf-8"),
            )
            users += f"{_USER}:*:{frr.uid}:{frr.gid}:operator:{_INSIDE}/tmp:/bin/sh\n"
        else:
            users, groups = "root:x:0:0::/:/bin/sh\n", "root:x:0:\nfrr:x:0:\nfrrvty:x:0:root\n"
        (self.folder / "passwd").write_text(users, encoding="utf-8")
        (self.folder / "group").write_text(groups, encoding="utf-8")

    def _start_daemons(self) -> None:
        for stale in (self.folder / "run").iterdir():
            stale.unlink()
        _refuse_without_namespaces()
        words = ["--net", "--uts", "--mount", "--mount-proc", "--pid", "--fork", "--kill-child=KILL"]
        shell = ["sh", str(self.folder / "route.sh"), str(self.folder)]
        self._router = self._keeper.start(
            "frr", [*_die_with_us(), program("unshare"), *_as_root_inside(), *words, *shell]
        )
        wait_until(self._all_answer, "The router", lambda: _runs(self._router), self._keeper.logs / "frr.log")
        run([*self._console(), "-b"], env=self._environment())

    def _start_ssh(self) -> None:
        keys = self.folder / "ssh"
        self.key_file.unlink(missing_ok=True)
        for path in (keys / "host_key", self.key_file):
            run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", path.name, "-f", str(path)])
        shutil.move(f"{self.key_file}.pub", keys / "authorized_keys")
        (keys / "authorized_keys").chmod(0o644)
        self.port = free_port()
        host_key = (keys / "host_key.pub").read_text(encoding="ascii").rsplit(" ", 1)[0]
        self.known_hosts.write_text(f"[{self.address}]:{self.port} {host_key}\n", encoding="ascii")
        (keys / "sshd_config").write_text(self._sshd_config(), encoding="utf-8")
        words = ["--pid", "--fork", "--kill-child=KILL"]
        server = [program("sshd"), "-D", "-e", "-f", str(keys / "sshd_config")]
        if IS_ROOT:
            words += ["--mount", "--mount-proc", "sh", "-c", f'{_PREPARE}shift\nexec "$@"\n', "sh", str(self.folder)]
        else:
            words += ["--user", "--map-current-user"]
        self._ssh = self._keeper.start("sshd", [*_die_with_us(), program("unshare"), *words, *server])
        wait_until(self._lets_us_in, "The router's sshd", lambda: _runs(self._ssh), self._keeper.logs / "sshd.log")

    def _sshd_config(self) -> str:
        keys = str(self._inside / "ssh" / "authorized_keys").replace("%", "%%")
        return f"""ListenAddress {self.address}:{self.port}
HostKey "{self.folder / "ssh" / "host_key"}"
AuthorizedKeysFile "{keys}"
PidFile none
AllowUsers {self.user}
AuthenticationMethods publickey
ForceCommand {shlex.quote(str(self._inside / "login"))}
StrictModes no
UsePAM no
DisableForwarding yes
PermitUserRC no
PrintMotd no
MaxStartups 200
KexAlgorithms ^curve25519-sha256
"""

    @property
    def _inside(self) -> Path:
        """Where the router's folder is seen from an SSH session: as root it is bound to a place everybody reaches."""
        return _INSIDE if IS_ROOT else self.folder

    def _console(self) -> list[str]:
        return [program("vtysh"), "--config_dir", str(self.folder / "etc"), "--vty_socket", str(self.folder / "run")]

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder / "tmp"), "VTYSH_PAGER": "cat", "LC_ALL": "C.UTF-8"}

    def _ssh_words(self) -> list[str]:
        options = {
            "IdentitiesOnly": "yes",
            "IdentityFile": f'"{self.key_file}"',
            "UserKnownHostsFile": f'"{self.known_hosts}"',
            "StrictHostKeyChecking": "yes",
            "BatchMode": "yes",
            "ConnectTimeout": "5",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return [program("ssh"), "-F", "none", *words, "-p", str(self.port), f"{self.user}@{self.address}"]

    def _all_answer(self) -> bool:
        """Whether every daemon is behind its socket: vtysh leaves out, without an error, the ones that are not."""
        if not all((self.folder / "run" / f"{name}.vty").exists() for name in _DAEMONS):
            return False
        ended = subprocess.run(
            [*self._console(), "-c", "show daemons"],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment(),
        )
        return ended.returncode == 0 and all(name in ended.stdout for name in _DAEMONS)

    def _lets_us_in(self) -> bool:
        words = [*self._ssh_words(), "show version"]
        ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return "FRRouting" in ended.stdout


def _die_with_us() -> list[str]:
    return [program("setpriv"), "--pdeathsig", "KILL"]


def _as_root_inside() -> list[str]:
    """Without root, a user namespace of our own in which we are root."""
    return [] if IS_ROOT else ["--user", "--map-root-user"]


def _runs(process: subprocess.Popen[bytes] | None) -> bool:
    return process is not None and process.poll() is None


def _refuse_without_namespaces() -> None:
    """Raise OfficeError where the kernel does not let us make a network of our own."""
    probe = [program("unshare"), *_as_root_inside(), "--net", "--mount", "--pid", "--fork", "true"]
    ended = subprocess.run(probe, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise OfficeError(
            f"The demo router needs a network namespace, which this machine does not allow ({ended.stderr.strip()}): "
            "run as root, switch unprivileged user namespaces on, or leave the part `router` out."
        )
