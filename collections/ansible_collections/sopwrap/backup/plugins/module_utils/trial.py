# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load a configuration into the platform's own software, in namespaces that nothing leads out of, and compare.

How the software is started there and asked is the platform's data: a script that prints what it has taken. No user, no
network and no process of this computer is in reach of it, and it all ends with the script.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import in_memory
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem, Tried
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line
from ansible_collections.sopwrap.backup.plugins.module_utils.text_difference import difference

LONGEST = 60.0
"""Seconds after which software that was started for a trial is given up."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr"
_SPACES = ("--user", "--map-root-user", "--net", "--uts", "--ipc", "--mount", "--pid", "--fork")
_ALONE = ("unshare", *_SPACES, "--kill-child=KILL", "--mount-proc")


def tried(platform: Platform, text: str) -> Tried | None:
    """Say in a clause what loading the text has proven, or why it was not loaded; None where there is no software.

    Raise a `Problem` when the software does not take the text, or has something else afterwards.
    """
    plan = platform.shape.trial
    if not plan.get("script"):
        return None
    absent = [name for name in ("unshare", *plan["programs"]) if not shutil.which(name, path=_PATH)]
    if absent:
        return Tried(f"not loaded into its software, since {absent[0]} is not on the controller", proven=False)
    if subprocess.run([*_ALONE, "true"], env=_environment(), capture_output=True, check=False).returncode:
        return Tried("not loaded into its software, since this computer allows no namespaces", proven=False)
    ended = _loaded(str(plan["script"]), text)
    if ended.returncode:
        said = platform.masked(last_line(ended.stderr))
        raise Problem(f"The software of {platform.name} does not take the configuration: {said}.", "Use another point.")
    found = platform.cut_out(ended.stdout, f"The software of {platform.name}")
    require_same(platform, text, found, f"into the software of {platform.name}")
    return Tried(f"loaded into the software of {platform.name} in a namespace of its own, it is the same there")


def require_same(platform: Platform, text: str, found: str, where: str) -> None:
    """Raise a `Problem` with the first line that is otherwise where the text was loaded; of secrets only that."""
    left = difference(platform.but(platform.shape.trial.get("noise") or []), text, found)
    if left["removed"] + left["added"]:
        lines = [line for line in left["lines"] if line[0] in "+-"]
        raise Problem(
            f"Loaded {where} the configuration is another one, beginning with {(lines or ['a secret'])[0]!r}.",
            "Compare the version and model of the device with what it was loaded into.",
        )


def _loaded(script: str, text: str) -> subprocess.CompletedProcess[str]:
    with in_memory.folder() as folder:
        path = os.path.join(folder, "configuration")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
        words: dict[str, Any] = {"env": _environment(), "cwd": folder, "stdin": subprocess.DEVNULL}
        try:
            return subprocess.run(
                [*_ALONE, "sh", "-euc", script, "sh", path],
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=LONGEST,
                check=False,
                **words,
            )
        except subprocess.TimeoutExpired:
            raise Problem(f"The software did not end its trial within {LONGEST:g} seconds.", "Look at it.") from None


def _environment() -> dict[str, str]:
    return {"PATH": _PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "VTYSH_PAGER": "cat"}
