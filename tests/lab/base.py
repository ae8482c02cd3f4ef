"""The file tree all lab hosts begin with: Debian with the programs of the tests, built once and kept in a cache.

It is built again when the list of packages or what is done with them changes. Old trees are not removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = (
    "acl",
    "ca-certificates",
    "dbus",
    "iproute2",
    "mariadb-server",
    "mediawiki",
    "nginx-light",
    "openssh-server",
    "php-fpm",
    "php-mysql",
    "php-pgsql",
    "postgresql",
    "procps",
    "python3",
    "restic",
    "systemd",
    "systemd-sysv",
    "wordpress",
)
SERVERS = ("mariadb", "nginx", "php8.2-fpm", "postgresql")
"""What tests start themselves, when they need it."""

SUITE = "bookworm"
PROGRAMS = ("mmdebstrap", "systemd-nspawn", "ip", "unshare", "ssh-keygen")
_QUIET = (
    "apache2.service",
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "console-getty.service",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "phpsessionclean.timer",
)
"""Units that would only cost time, or the port of another one."""


class LabError(RuntimeError):
    """The lab cannot come up on this machine, and why."""


def base() -> Path:
    """Return the tree, built if need be; a second caller waits for the first. Raise LabError with a sentence."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None]
    if missing or os.geteuid() != 0:
        reason = f"these programs are missing: {', '.join(missing)}" if missing else "it needs root"
        raise LabError(f"The lab cannot come up: {reason}. Run as root: python3 -m tests.office.packages")
    cache = Path(os.environ.get("SOPWRAP_LAB_CACHE") or Path(tempfile.gettempdir(), "sopwrap-lab"))
    cache.mkdir(parents=True, exist_ok=True)
    recipe = "\n".join([SUITE, *PACKAGES, *SERVERS, *_QUIET])
    tree = cache / f"base-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tree.exists():
            _build(tree)
    return tree


def _build(tree: Path) -> None:
    half = tree.with_suffix(".part")
    shutil.rmtree(half, ignore_errors=True)
    command = ["mmdebstrap", "--quiet", "--variant=minbase", '--aptopt=Apt::Install-Recommends "false"']
    command += [f"--include={','.join(PACKAGES)}", SUITE, str(half), *_sources()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"The lab cannot come up: mmdebstrap failed: {done.stderr.strip()[-600:]}")
    for key in (half / "etc/ssh").glob("ssh_host_*"):
        key.unlink()
    (half / "etc/machine-id").write_text("", encoding="ascii")
    (half / "etc/hosts").write_text("127.0.0.1 localhost\n", encoding="ascii")
    for words in (["disable", *SERVERS], ["mask", *_QUIET]):
        subprocess.run(["chroot", str(half), "systemctl", *words], capture_output=True, check=True)
    half.rename(tree)


def _sources() -> list[str]:
    """This machine's own sources of Debian, so that a mirror or proxy it uses is used here, too."""
    folder = Path("/etc/apt/sources.list.d")
    candidates = [
        Path("/etc/apt/sources.list"),
        *sorted(folder.glob("debian*.sources")),
        *sorted(folder.glob("*.list")),
    ]
    own = [path for path in candidates if path.exists() and SUITE in path.read_text(encoding="utf-8", errors="replace")]
    return [str(own[0])] if own else []
