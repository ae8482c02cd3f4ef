"""Find the programs the demo office and the tests need; install the Debian packages that are missing, or list them.

    python3 -m tests.office.packages [--list]

Installing starts no service: a policy-rc.d refuses every start meanwhile and is taken away (or put back as it was).
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.office.process import find_program

PROGRAMS = {
    "initdb": "postgresql",
    "pg_dump": "postgresql-client",
    "psql": "postgresql-client",
    "mariadbd": "mariadb-server",
    "mariadb-install-db": "mariadb-server",
    "mariadb-dump": "mariadb-client",
    "sqlite3": "sqlite3",
    "slapd": "slapd",
    "slapcat": "slapd",
    "ldapadd": "ldap-utils",
    "redis-server": "redis-server",
    "redis-cli": "redis-tools",
    "restic": "restic",
    "rclone": "rclone",
    "zebra": "frr",
    "vtysh": "frr",
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "ip": "iproute2",
    "faketime": "faketime",
    "mkfs.ext4": "e2fsprogs",
    "mount": "mount",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "mmdebstrap": "mmdebstrap",
    "systemd-nspawn": "systemd-container",
    "setfacl": "acl",
    "getfattr": "attr",
    "git": "git",
    "nft": "nftables",
    "frr-reload.py": "frr-pythontools",
    "bird": "bird2",
    "ovs-vswitchd": "openvswitch-switch",
    "ovsdb-tool": "openvswitch-common",
    "netconfd": "netconfd",
    "telnetd": "inetutils-telnetd",
    "nsenter": "util-linux",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "promtool": "prometheus",
    "openssl": "openssl",
    "chromium": "chromium",
}
# What WeasyPrint loads when it makes a page, by the names it asks for.
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
# The letters of our papers.
FONTS = {"LiberationSans-Regular.ttf": "fonts-liberation"}
_GUARD = Path("/usr/sbin/policy-rc.d")
_GUARD_TEXT = "#!/bin/sh\n# Made by the demo office's package script: no service is started by an install.\nexit 101\n"


def missing() -> dict[str, str]:
    """What is not there, each with the Debian package that brings it."""
    programs = {name: package for name, package in PROGRAMS.items() if find_program(name) is None}
    libraries = {f"lib{name}": package for name, package in LIBRARIES.items() if ctypes.util.find_library(name) is None}
    known = {path.name for path in Path("/usr/share/fonts").rglob("*.ttf")}
    return programs | libraries | {name: package for name, package in FONTS.items() if name not in known}


def main(argv: list[str] | None = None) -> int:
    """Leave everything installed and return 0, or say what to install and return 1."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.office.packages", description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say what is missing")
    only_list = parser.parse_args(argv).list
    absent = missing()
    if not absent:
        return 0
    packages = sorted(set(absent.values()))
    if only_list or os.geteuid() != 0 or not shutil.which("apt-get"):
        return _tell(absent, packages)
    print(f"Installing Debian packages (once): {' '.join(packages)} …", flush=True)
    log = _install(packages)
    left = missing()
    if left:
        print(f"apt-get could not install everything; its last lines:\n{log[-1500:]}", file=sys.stderr)
        return _tell(left, sorted(set(left.values())))
    return 0


def _tell(absent: dict[str, str], packages: list[str]) -> int:
    print("These are missing: " + ", ".join(sorted(absent)) + ".", file=sys.stderr)
    print("On Debian, as root:\n    apt-get install --no-install-recommends " + " ".join(packages), file=sys.stderr)
    print("Elsewhere install what brings them, and run this again.", file=sys.stderr)
    return 1


def _install(packages: list[str]) -> str:
    """Install with apt-get while no service may start; return what it printed."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    said = ""
    with _no_service_starts():
        for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words]
            ended = subprocess.run(
                command,
                env=quiet,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
            said += ended.stdout + ended.stderr
    return said


@contextlib.contextmanager
def _no_service_starts() -> Iterator[None]:
    """Put a policy-rc.d in place that refuses every start; afterwards leave what was there before."""
    before = _GUARD.read_text(encoding="utf-8") if _GUARD.exists() else None
    if before == _GUARD_TEXT:
        before = None  # left by an install of ours that was killed
    mode = _GUARD.stat().st_mode if before is not None else 0
    if before is None:
        _GUARD.write_text(_GUARD_TEXT, encoding="utf-8")
        _GUARD.chmod(0o755)
    elif "exit 101" not in before:
        saved = _GUARD.with_name("policy-rc.d.before-demo-office")
        _GUARD.rename(saved)
        _GUARD.write_text(_GUARD_TEXT, encoding="utf-8")
        _GUARD.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            _GUARD.unlink(missing_ok=True)
        elif "exit 101" not in before:
            _GUARD.with_name("policy-rc.d.before-demo-office").rename(_GUARD)
            _GUARD.chmod(mode)


if __name__ == "__main__":
    sys.exit(main())
