"""`python -m tests.bench.hosts`: many hosts over SSH with one unchanged asset each, beside playbooks of stock modules.

The hosts are names for one sshd on loopback, each with a connection, a folder and a store of its own; they share this
machine's processors with the controller. *Single* is one task, `command: restic backup`; *calls* is one task, too, that
calls restic as often as a proven point does: for the data and for its manifest. *Usual* is what one writes for the same
job from stock modules: folder, dump, restic backup, check, forget, report. Only root can start that sshd.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.bench.place import Place, asset
from tests.bench.tree import processor_seconds, watched
from tests.office.process import Keeper, free_port, program, wait_until

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
LIMITS = {"single": "1.3", "calls": "", "usual": "0.5"}
"""What a run may cost beside each of the others, where the project has set an aim."""

_SSHD = """ListenAddress 127.0.0.1:{port}
HostKey {keys}/host
AuthorizedKeysFile {keys}/user.pub
PidFile none
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PrintMotd no
MaxStartups 200
"""


class ManyHosts(Place):
    """An office of ``count`` hosts; each has a store of its own and so many assets, every fifth of them a database.

    The others are folders of a few files. As in the example of an office, a host's variables are in a file of its own:
    Ansible needs twice the memory to read a thousand assets out of one.
    """

    def __init__(self, folder: Path, count: int, port: int, keys: Path, assets: int = 1) -> None:
        super().__init__(folder, asset("files", {"paths": [str(folder)]}))
        path = self.office / "inventory" / "hosts.yml"
        shared = yaml.safe_load(path.read_text(encoding="utf-8"))["all"]["hosts"]["here"]
        said = ["-F", "none", "-o", "IdentitiesOnly=yes", "-o", f"UserKnownHostsFile={keys}/known_hosts"]
        said += ["-o", "HostKeyAlias=host"]
        shared |= {"ansible_connection": "ssh", "ansible_port": port, "ansible_user": "root"}
        shared |= {"ansible_ssh_private_key_file": f"{keys}/user"}
        shared |= {"ansible_python_interpreter": sys.executable}
        (entry,) = shared.pop("sopwrap_assets")
        (path.parent / "host_vars").mkdir()
        for number in range(1, count + 1):
            own = folder / f"host-{number}"
            shutil.copytree(self.store, own / "store")
            taken = [_declared(own, number, one) for one in range(1, assets + 1)]
            store = {**shared["sopwrap_stores"]["internal"], "repository": f"{own}/store", "cache": f"{own}/cache"}
            own_variables = {
                "ansible_host": "127.0.0.1",
                "ansible_ssh_common_args": " ".join([*said, "-o", f"ControlPath={own}/ssh"]),
                "own": str(own),
                "sopwrap_stores": {"internal": store},
                "sopwrap_assets": [{**entry, **one} for one in taken],
            }
            self._write(f"inventory/host_vars/srv-{number:03d}.yml", own_variables)
        key = self.environment["RESTIC_PASSWORD_FILE"]
        hosts = {f"srv-{number:03d}": None for number in range(1, count + 1)}
        self._write("inventory/hosts.yml", {"all": {"vars": {**shared, "key": key}, "hosts": hosts}})
        for name in LIMITS:
            shutil.copy(HERE / f"{name}.yml", self.office)


def _declared(own: Path, host: int, number: int) -> dict[str, Any]:
    """Make what is to be backed up; return what its entry in the register says of it."""
    if number % 5 == 0:
        path = own / f"{number}.db"
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE surat (nomor INTEGER PRIMARY KEY, perihal TEXT)")
            database.executemany("INSERT INTO surat VALUES (?, ?)", ((row, f"{host} {row}") for row in range(500)))
        name = f"sqlite-{host}-{number}"
        return {"id": name, "title": name, "kind": "sqlite", "source": {"path": str(path)}}
    tree = own / ("tree" if number == 1 else f"tree-{number}")
    tree.mkdir()
    for piece in range(10):
        (tree / f"{piece}.txt").write_text(f"{host} {number} {piece}\n" * 500, encoding="ascii")
    name = f"files-{host}-{number}"
    return {"id": name, "title": name, "source": {"paths": [str(tree)]}}


@contextmanager
def sshd(folder: Path) -> Iterator[tuple[int, Path, int]]:
    """An sshd on loopback for as long as the block lasts; give its port, the folder with the keys, and its pid."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    for name in ("host", "user"):
        words = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(keys / name)]
        subprocess.run([program("ssh-keygen"), *words], check=True)
    (keys / "known_hosts").write_text(f"host {(keys / 'host.pub').read_text(encoding='ascii')}", encoding="ascii")
    port = free_port()
    (keys / "sshd_config").write_text(_SSHD.format(port=port, keys=keys), encoding="ascii")
    keeper = Keeper(folder / "sshd")
    start = f'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$0" -D -e -f {keys}/sshd_config'
    server = keeper.start("sshd", [program("unshare"), "--mount", "sh", "-c", start, program("sshd")])
    try:
        wait_until(lambda: _listens(port), "sshd", lambda: server.poll() is None, keeper.logs / "sshd.log")
        yield port, keys, server.pid
    finally:
        keeper.end(server, signal.SIGTERM)
        keeper.close()


def lines(count: int, folder: Path) -> Iterator[str]:
    """Run all three after an untimed run (what is measured is the day after); give the rows of the table."""
    runs = {"sopwrap": [str(BIN / "sopwrap"), "run", "bench/backup", "--ci"]}
    runs |= {name: [str(BIN / "ansible-playbook"), "-i", "inventory", f"{name}.yml"] for name in LIMITS}
    ours = 0.0
    with sshd(folder) as (port, keys, server):
        place = ManyHosts(folder / "place", count, port, keys)
        watched(runs["sopwrap"], place.office)
        for name, command in runs.items():
            begun, used = time.perf_counter(), _used(server)
            peak = watched(command, place.office)
            seconds, used = time.perf_counter() - begun, _used(server) - used
            ours = ours or seconds
            beside = f"{ours / seconds:.2f} | {LIMITS[name]}" if name in LIMITS else "|"
            memory = f"{peak.together:.0f} | {peak.largest:.0f}"
            yield f"| {count} | {name} | {seconds:.0f} | {used / count:.2f} | {memory} | {beside} |"


def crowded(count: int, assets: int, folder: Path) -> Iterator[str]:
    """Back up so many assets on each host twice, the first time and unchanged; give the rows of the table."""
    with sshd(folder) as (port, keys, server):
        place = ManyHosts(folder / "place", count, port, keys, assets)
        for name in ("first", "unchanged"):
            begun, hosts, ours = time.perf_counter(), processor_seconds(server), _ended()
            peak = watched([str(BIN / "sopwrap"), "run", "bench/backup", "--ci"], place.office)
            seconds, hosts, ours = time.perf_counter() - begun, processor_seconds(server) - hosts, _ended() - ours
            yield (
                f"| {count} | {count * assets} | {name} | {seconds:.0f} | {ours:.0f} | {hosts:.0f} "
                f"| {peak.together:.0f} | {peak.largest:.0f} |"
            )


def _used(server: int) -> float:
    """The processor seconds of the commands that have ended and of the hosts, which are all that sshd has started."""
    return _ended() + processor_seconds(server)


def _ended() -> float:
    """The processor seconds of the commands that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _listens(port: int) -> bool:
    words = [program("ssh-keyscan"), "-p", str(port), "-t", "ed25519", "127.0.0.1"]
    return bool(subprocess.run(words, capture_output=True, check=False).stdout)


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0, or 2 for anybody but root."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hosts", description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--assets", type=int, help="so many on each host, first and unchanged, and nothing beside it")
    options = parser.parse_args(argv)
    if os.geteuid():
        print("Only root can start an sshd that lets one in.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sopwrap-") as name:
        if options.assets:
            print("| hosts | assets | run | s | controller CPU s | hosts CPU s | all processes MiB | largest MiB |")
            rows = crowded(options.hosts, options.assets, Path(name))
        else:
            print("| hosts | run | s | CPU s per host | all processes MiB | largest MiB | sopwrap : this | at most |")
            rows = lines(options.hosts, Path(name))
        for row in rows:
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
