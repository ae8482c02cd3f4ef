"""`python3 -m tests.office up FOLDER`: an office to play with by hand, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from tests.office.office import ALL_PARTS, Office
from tests.office.process import OfficeError


def main(argv: list[str] | None = None) -> int:
    """Start the office, say where it is, wait for Ctrl-C or TERM, stop it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.office", description=__doc__)
    parser.add_argument("command", choices=["up"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--part", action="append", choices=sorted(ALL_PARTS), help="only these parts")
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier office left in the folder")
    given = parser.parse_args(argv)
    begun = time.monotonic()
    for name in (signal.SIGTERM, signal.SIGINT):  # INT too: a shell's background job starts with it ignored
        signal.signal(name, signal.default_int_handler)
    try:
        with Office(
            given.folder, seed=given.seed, scale=given.scale, parts=given.part or ALL_PARTS, fresh=given.fresh
        ) as office:
            print(f"Ready after {time.monotonic() - begun:.1f} s; Ctrl-C ends it.\n{_places(office)}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("Stopped.")
        return 0
    except OfficeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _places(office: Office) -> str:
    lines = [f"inventory   {office.inventory}"]
    if server := office.postgresql:
        lines.append(f"postgresql  psql -h {server.host} -p {server.port} -U postgres {server.database}")
    if server := office.mariadb:
        lines.append(f"mariadb     mariadb --defaults-file={office.secrets}/mariadb.cnf {server.database}")
    if office.sqlite:
        lines.append(f"sqlite      sqlite3 {office.sqlite.path}")
    if office.files:
        lines.append(f"files       {office.files.path}")
    if router := office.router:
        trust = f"-o UserKnownHostsFile={router.known_hosts}"
        lines.append(f"router      ssh -i {router.key_file} {trust} -p {router.port} {router.user}@{router.address}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
