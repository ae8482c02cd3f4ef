"""Make the virtual environment that `make demo` and `make test` run in; with the standard library alone.

    python3 tests/environment.py VENV

A fresh Debian has a Python without the venv module; as root it is installed, otherwise the one command
that is missing is printed. The environment is made again when pyproject.toml has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(venv: Path) -> int:
    """Given the folder of the environment, leave it ready; return 0, or 1 after saying what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is the one that an older Python may be asked to run
        return _say(
            f"Python {sys.version_info.major}.{sys.version_info.minor} is too old: sopwrap needs 3.11 or newer."
        )
    mark = venv / "sopwrap-ready"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == wanted:
        return 0
    if not (venv / "bin" / "pip").exists() and not _make(venv):
        return _say("Python's venv module is missing: run `apt-get install python3-venv` and try again.")
    print("Installing sopwrap and what it needs into the virtual environment (once, one to two minutes) …", flush=True)
    pip = [str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--editable", f"{ROOT}[dev]"]
    if subprocess.run(pip, check=False).returncode:
        return _say("pip could not install the packages named in pyproject.toml; its own message is above.")
    mark.write_text(wanted)
    return 0


def _make(venv: Path) -> bool:
    """Create the environment; install Debian's python3-venv first where that is what is missing and we may."""
    command = [sys.executable, "-m", "venv", str(venv)]
    if subprocess.run(command, check=False, capture_output=True).returncode == 0:
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-q"], check=False, env=quiet)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "python3-venv"]
    if subprocess.run(install, check=False, env=quiet).returncode:
        return False
    return subprocess.run([*command, "--clear"], check=False).returncode == 0


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
