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
from typing import Any

from ansible.plugins.action import ActionBase

_PACKAGE = "ansible_collections.sopwrap.backup.plugins.module_utils"
_ROOT = os.path.abspath(__file__)
for _folder in range(6):
    _ROOT = os.path.dirname(_ROOT)


def carried_out(action: ActionBase, program: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run the file `program` of the module_utils with the arguments of its module; return the module's result.

    It works in Ansible's own Python, whose libraries it needs, in the folder in which Ansible has local modules work,
    and ends when this process does (see `lifeline`).
    """
    environment = dict(os.environ)
    action._compute_environment_string(environment)
    environment["PYTHONSAFEPATH"] = "1"  # no file of the folder it works in is a library
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_ROOT, environment.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", f"{_PACKAGE}.{program}"],
        input=json.dumps({"arguments": arguments, "check": action._task.check_mode}),
        capture_output=True,
        text=True,
        check=False,
        cwd=action._loader.get_basedir(),
        env=environment,
    )
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        action._display.vvv(done.stderr)
        what = f"The program {program} ended with status {done.returncode} and no result."
        return {"failed": True, "msg": f"{what} Run again with -vvv, and report what it says as an error of sopwrap."}
    return result
