"""Fetch every device's configuration with netmiko in threads, as scripts of network people do.

Run by the Python of an environment of its own, which has netmiko and nothing of ours: `PYTHON FILE PORT COUNT THREADS`.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from netmiko import ConnectHandler


def fetch(port: int, name: str) -> int:
    """Log in to one device and read its configuration and its version; return the characters."""
    known = {"device_type": "cisco_ios", "host": "127.0.0.1", "port": port, "username": name, "password": "sandi"}
    with ConnectHandler(**known, conn_timeout=60) as line:
        texts = [line.send_command(command, read_timeout=60) for command in ("show running-config", "show version")]
    return sum(map(len, texts))


def main(port: int, count: int, threads: int) -> None:
    """Fetch them all; fail when one of them gave too little."""
    with ThreadPoolExecutor(threads) as pool:
        sizes = list(pool.map(lambda number: fetch(port, f"rtr-{number:04}"), range(count)))
    if min(sizes) < 15_000:
        raise SystemExit(f"a device gave {min(sizes)} characters only")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
