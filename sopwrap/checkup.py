"""The check-up of the installation: Python, Ansible, the collection, restic, and what makes the papers.

A check never raises for what it looks at: what is wrong is its finding.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sopwrap import __version__
from sopwrap.errors import SopError
from sopwrap.finding import Finding, fail, ok, warn
from sopwrap.workspace import resources

PYTHON = (3, 11)
CORE = (2, 19)
"""The line of ansible-core that sopwrap is made for and tested with."""
RESTIC = (0, 14)
"""The oldest restic the collection works with."""
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def installation() -> Iterator[Finding]:
    """Every check that needs no office."""
    yield _python()
    yield _ansible()
    yield _collection()
    yield _restic()
    yield _papers()


def _python() -> Finding:
    have = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        return fail("python", f"Python {have} is too old.", "sopwrap needs 3.11 or newer.")
    return ok("python", f"Python {have}")


def _ansible() -> Finding:
    beside = Path(sys.executable).parent / "ansible-playbook"
    try:
        have = importlib.metadata.version("ansible-core")
    except importlib.metadata.PackageNotFoundError:
        return fail("ansible", "ansible-core is not installed.", "Install sopwrap again with pip.")
    if _numbers(have)[:2] != CORE:
        return fail(
            "ansible", f"ansible-core {have} is not of the line 2.19.", "Install sopwrap in an environment of its own."
        )
    if not beside.exists() and not shutil.which("ansible-playbook"):
        return fail(
            "ansible", f"There is no ansible-playbook beside {sys.executable}.", "Install sopwrap again with pip."
        )
    return ok("ansible", f"ansible-core {have}")


def _collection() -> Finding:
    try:
        folder = resources().collection
        found = re.search(
            r"^version:\s*[\"']?([\w.]+)", (folder / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE
        )
    except (SopError, OSError):
        return fail(
            "collection", "The collection sopwrap.backup is not beside sopwrap.", "Install sopwrap again with pip."
        )
    have = found[1] if found else "without a version"
    if __version__.startswith("0+"):
        return warn("collection", f"sopwrap.backup {have} in {folder}, sopwrap was never installed.", "pip install it.")
    if have != __version__:
        return fail(
            "collection", f"sopwrap.backup is {have}, sopwrap {__version__}.", "Install sopwrap again with pip."
        )
    kinds = ", ".join(sorted(resources().kinds))
    return ok("collection", f"sopwrap.backup {have} with {kinds}")


def _restic() -> Finding:
    program = shutil.which("restic")
    hint = "Hosts need restic 0.14 or newer; on Debian: apt-get install restic."
    if program is None:
        return warn("restic", "restic is not on this machine; it has to be on the hosts that are backed up.", hint)
    said = subprocess.run([program, "version"], capture_output=True, text=True, check=False).stdout
    have = (re.search(r"restic (\S+)", said) or ["", "of no known version"])[1]
    if _numbers(have)[:2] < RESTIC:
        return warn("restic", f"restic {have} is too old.", hint)
    return ok("restic", f"restic {have}")


def _papers() -> Finding:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        reason = str(error).splitlines()[0]
        return warn(
            "papers", f"No PDF can be made: {reason}", "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0."
        )
    folders = [Path(folder).expanduser() for folder in FONTS]
    if not any(next(folder.rglob("*.[to]t[fc]"), None) for folder in folders if folder.is_dir()):
        return warn(
            "papers", "There is no font, so a PDF would be empty.", "On Debian: apt-get install fonts-liberation."
        )
    return ok("papers", f"WeasyPrint {weasyprint.__version__} and fonts")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
