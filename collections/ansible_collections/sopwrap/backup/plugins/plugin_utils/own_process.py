# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of a module that works there and nowhere else: it is run as the plain program it is.

Ansible packs a module with all that it imports into an archive, whose text is compiled anew by each process that opens
it. That is of use on another machine, and takes half a second here; a program finds what was compiled before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from ansible.plugins.action import ActionBase

_PACKAGE = "ansible_collections.sopwrap.backup.plugins.module_utils"
_ROOT = os.path.abspath(__file__)
for _folder in range(6):
    _ROOT = os.path.dirname(_ROOT)


@contextmanager
def begun(action: ActionBase, program: str) -> Iterator[Callable[[dict[str, Any]], dict[str, Any]]]:
    """Start the file `program` of the module_utils, and give what takes the arguments of its module for its result.

    It reads its libraries while the arguments are put together; without any it ends with the block. It works in
    Ansible's own Python, whose libraries it needs, in the folder in which Ansible has local modules work, and ends when
    this process does (see `lifeline`).
    """
    with subprocess.Popen(
        [sys.executable, "-m", f"{_PACKAGE}.{program}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=action._loader.get_basedir(),
        env=_environment(action),
    ) as process:
        try:
            yield partial(_result, action, program, process)
        finally:
            if process.poll() is None:
                process.kill()


def _environment(action: ActionBase) -> dict[str, str]:
    """This process's own, and what the playbook sets; no file of the folder the program works in is a library."""
    asked: dict[str, str] = {}
    action._compute_environment_string(asked)  # which empties what it is given
    path = os.pathsep.join(filter(None, (_ROOT, asked.get("PYTHONPATH") or os.environ.get("PYTHONPATH"))))
    return {**os.environ, **asked, "PYTHONSAFEPATH": "1", "PYTHONPATH": path}


def _result(
    action: ActionBase, program: str, process: subprocess.Popen[str], arguments: dict[str, Any]
) -> dict[str, Any]:
    told, complaints = process.communicate(json.dumps({"arguments": arguments, "check": action._task.check_mode}))
    try:
        result: dict[str, Any] = json.loads(told)
    except ValueError:
        action._display.vvv(complaints)
        what = f"The program {program} ended with status {process.returncode} and no result."
        return {"failed": True, "msg": f"{what} Run again with -vvv, and report what it says as an error of sopwrap."}
    return result
