"""`python -m tests.bench.devices`: hundreds of network devices beside bare asyncssh on the same devices, in one run.

A device is a session of one small SSH server in a process of its own; it thinks 5 ms before each answer and has 20 KB
of configuration. Bare is asyncssh alone: the same login, the same commands, the text thrown away; one task is the same
as the only task of a playbook for all these hosts, with Ansible's own settings. First and
unchanged are `sopwrap run`: Ansible, comparison, history, store, evidence and ledger. Verified is `sopwrap point
verify` of all of them. With `--peers`, what others need for as many devices, or for as many as they can do in a
minute. The table is printed; nothing is written.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import yaml

from tests.bench import peers
from tests.bench.place import Place

AT_ONCE = 50
THINK = 0.005
SIZE = 20_000
OURS = [sys.executable, "-m", "tests.bench.devices"]
COMMANDS = ("terminal length 0", "terminal width 0", "show running-config", "show version")


class Fleet(Place):
    """An office whose every host is one device behind the same port; the user's name tells which."""

    def __init__(self, folder: Path, port: int, known_hosts: Path, count: int) -> None:
        super().__init__(folder, self._asset("none", port, known_hosts))
        path = self.office / "inventory" / "hosts.yml"
        values = yaml.safe_load(path.read_text(encoding="utf-8"))["all"]["hosts"]["here"]
        values.pop("sopwrap_assets")
        devices = [self._asset(name_of(number), port, known_hosts) for number in range(count)]
        hosts = {device["title"]: {"sopwrap_assets": [{**device, "stores": ["internal"]}]} for device in devices}
        self._write("inventory/hosts.yml", {"all": {"vars": values, "hosts": hosts}})

    @staticmethod
    def _asset(name: str, port: int, known_hosts: Path) -> dict[str, Any]:
        reached = {"address": "127.0.0.1", "port": port, "user": name, "password": "sandi"}
        source = {**reached, "known_hosts": str(known_hosts), "platform": "ios", "hostname": name, "timeout": 120}
        said = {"title": name, "owner": "bench", "classification": "terbuka", "personal_data": False}
        times = {"rpo": "P1D", "rto": "P1D", "retention": "P30D"}
        return {"id": f"{name}-config", "kind": "network_config", **said, **times, "source": source}


def name_of(number: int) -> str:
    """The name of a device."""
    return f"rtr-{number:04}"


def configuration(name: str) -> str:
    """About SIZE characters as a router of that name shows them."""
    lines, number = ["version 15.2", f"hostname {name}", "enable secret 5 abcdef"], 0
    while sum(map(len, lines)) + 2 * len(lines) < SIZE:
        lines += [f"interface GigabitEthernet0/{number}", f" description port {number} of {name}", " shutdown"]
        number += 1
    return "\r\n".join([*lines, "end"])


class _Doorman(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


async def _device(process: asyncssh.SSHServerProcess[str]) -> None:
    name, waiting = process.get_extra_info("username"), ""
    process.stdout.write(f"\r\n{name}#")
    while data := await process.stdin.read(4096):
        waiting += data.replace("\r", "\n")  # network_cli ends its lines like a keyboard
        while "\n" in waiting:
            line, _newline, waiting = waiting.partition("\n")
            await asyncio.sleep(THINK)
            answer = f"{configuration(name)}\r\n" if line == "show running-config" else ""
            process.stdout.write(f"{line}\r\n{answer}{name}#")


async def _serve(known_hosts: str) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=_Doorman, server_host_keys=[key], process_factory=_device, line_editor=False
    )
    port = server.get_port()
    Path(known_hosts).write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}", encoding="ascii")
    print(port, flush=True)
    await asyncio.Event().wait()


async def _bare(port: int, known_hosts: str, count: int) -> None:
    known, gate = asyncssh.read_known_hosts(known_hosts), asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> None:
        where = {"port": port, "username": name, "password": "sandi", "known_hosts": known}
        async with gate, asyncssh.connect("127.0.0.1", config=[], client_keys=(), agent_path=None, **where) as line:
            process = await line.create_process(term_type="vt100")
            for command in ("", *COMMANDS):
                if command:
                    process.stdin.write(f"{command}\n")
                heard = ""
                while not heard.endswith(f"{name}#"):
                    heard += await process.stdout.read(65536)

    await asyncio.gather(*(one(name_of(number)) for number in range(count)))


def measured(argv: list[str], cwd: Path) -> tuple[float, float, int]:
    """Run a command; return its wall and CPU seconds (all its processes) and the most memory one had, in MiB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(argv, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        output.seek(0)
        if status:
            raise RuntimeError(f"{argv[0]} failed: {output.read()[-2000:].decode(errors='replace')}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def lines(counts: list[int], others: bool = False) -> Iterator[str]:
    """Measure fleets of so many devices, `others` with the peers; give the rows of the table as they come."""
    with tempfile.TemporaryDirectory(prefix="sopwrap-bench-") as name:
        folder = Path(name)
        programs = peers.environment(folder / "peers") if others else None
        known_hosts = folder / "known_hosts"
        server = subprocess.Popen([*OURS, "serve", str(known_hosts)], stdout=subprocess.PIPE, text=True)
        try:
            port = int((server.stdout.readline() if server.stdout else "") or 0)
            for count in counts:
                fleet = Fleet(folder / "place", port, known_hosts, count)
                bare = measured([*OURS, "bare", str(port), str(known_hosts), str(count)], Path.cwd())
                yield f"| {count} | bare | {bare[0]:.1f} | {bare[1]:.1f} | {bare[2]} | | |"
                task = _one_task(fleet.office, [*OURS, "bare", str(port), str(known_hosts), str(count)])
                yield from _rows(bare[0] / count, _runs(fleet, count, port, task, programs))
        finally:
            server.terminate()
            server.wait()


@dataclass(frozen=True)
class Run:
    """Something that is run on so many devices: its name, its command, and in which folder."""

    name: str
    count: int
    argv: list[str]
    place: Path


def _one_task(office: Path, argv: list[str]) -> list[str]:
    """The command that has Ansible run this command once for all hosts of the office; writes its playbook."""
    task = {"ansible.builtin.command": {"argv": argv, "chdir": str(Path.cwd())}, "run_once": True}
    play = [{"hosts": "all", "gather_facts": False, "tasks": [task]}]
    (office / "one_task.yml").write_text(yaml.safe_dump(play), encoding="utf-8")
    (office / "one_task.cfg").write_text("[defaults]\npipelining = true\n", encoding="ascii")
    ansible = str(Path(sys.executable).parent / "ansible-playbook")
    return ["env", "ANSIBLE_CONFIG=one_task.cfg", ansible, "-i", "inventory", "one_task.yml"]


def _runs(fleet: Fleet, count: int, port: int, task: list[str], programs: Path | None) -> Iterator[Run]:
    ours = str(Path(sys.executable).parent / "sopwrap")
    backup = [ours, "run", "bench/backup", "--ci"]
    yield Run("first", count, backup, fleet.office)
    yield Run("unchanged", count, backup, fleet.office)
    yield Run("verified", count, [ours, "point", "verify", "--ci"], fleet.office)
    yield Run("bare, from one task of Ansible", count, task, fleet.office)
    if programs is not None:
        place = fleet.office.parent / "peers"
        yield Run(f"netmiko, {peers.AT_ONCE} threads", count, peers.netmiko(programs, port, count), fleet.office)
        few = min(count, peers.FEW)
        argv = peers.network_cli(programs, place, port, [name_of(number) for number in range(few)])
        yield Run(f"network_cli, {peers.AT_ONCE} forks", few, argv, place)


def _rows(bare: float, runs: Iterator[Run]) -> Iterator[str]:
    """The rows of the table; `bare` is the time one device takes, and ratios are for each device."""
    first = 0.0
    for run in runs:
        wall, cpu, most = measured(run.argv, run.place)
        each = wall / run.count
        first = first or each
        times = f"{wall:.1f} | {cpu:.1f} | {most} | {each / bare:.2f} | {each / first:.2f}"
        yield f"| {run.count} | {run.name} | {times} |"


def main(argv: list[str] | None = None) -> int:
    """Measure and print; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.devices", description=__doc__)
    parser.add_argument("--count", type=int, action="append", help="how many devices; may be repeated (200 and 1000)")
    parser.add_argument("--peers", action="store_true", help="measure netmiko and network_cli, too")
    options = parser.parse_args(argv)
    print("| devices | run | s | CPU s | largest process MiB | this : bare | this : first |")
    print("|---|---|---|---|---|---|---|")
    for line in lines(options.count or [200, 1000], options.peers):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(_serve(sys.argv[2]))
    elif sys.argv[1:2] == ["bare"]:
        asyncio.run(_bare(int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
    else:
        sys.exit(main())
