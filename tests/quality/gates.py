"""Run the quality gates' own programs the way a developer would by hand, and say what they said.

`ansible-test sanity` makes virtual environments of its own and fetches pip for them from a site that a
closed network does not reach; ``prepare_ansible_test`` puts the same pip, taken from the package index,
where it looks first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = ROOT / "collections" / "ansible_collections" / "sopwrap" / "backup"
BIN = Path(sys.executable).parent

STAND_IN = '''"""Install the pip wheel that lies beside this file; stands in for the script ansible-test would fetch."""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
wheel = os.path.join(here, "{wheel}")
sys.path.insert(0, wheel)
from pip._internal.cli.main import main

keep = [word for word in sys.argv[1:] if not word.startswith("pip==") and word not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--no-index", *[word for word in keep if word.startswith("-")], wheel]))
'''


def run(
    *argv: str, cwd: Path = ROOT, home: Path | None = None, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one program of the virtual environment (or by path) with its output captured; never raises on a bad exit."""
    environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1")
    environment.pop("ANSIBLE_CONFIG", None)
    if home:
        environment["HOME"] = str(home)
    if path:
        environment["ANSIBLE_COLLECTIONS_PATH"] = str(path)
    return subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The last part of what a program printed, for an assertion's message."""
    return f"{' '.join(done.args)} ended with {done.returncode}\n{(done.stdout + done.stderr)[-6000:]}"


def prepare_ansible_test(home: Path) -> None:
    """Given the home folder ansible-test will use, put the pip it wants (pinned by ansible-core) into its cache."""
    import ansible_test

    requirements = Path(next(iter(ansible_test.__path__))) / "_internal" / "python_requirements.py"
    pinned = re.search(r"pip='([0-9.]+)'", requirements.read_text(encoding="utf-8"))
    assert pinned, (
        "ansible-test no longer pins its pip where this looked; see ansible_test/_internal/python_requirements.py"
    )
    pip = pinned.group(1)
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    wheel = f"pip-{pip}-py3-none-any.whl"
    if not (cache / wheel).exists():
        fetched = run(str(BIN / "pip"), "download", "--quiet", "--no-deps", "--dest", str(cache), f"pip=={pip}")
        assert fetched.returncode == 0, said(fetched)
    (cache / f"get_pip_{pip.replace('.', '_')}.py").write_text(STAND_IN.format(wheel=wheel), encoding="utf-8")
