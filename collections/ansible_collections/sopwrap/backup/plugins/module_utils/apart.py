# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do a module's work as a plain program on the controller: arguments come in, and the result goes out, as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from ansible.module_utils.common.parameters import remove_values
from ansible_collections.sopwrap.backup.plugins.module_utils.arguments import sorted_out
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.run import Spec, result_of


def answer(name: str, spec: Spec, work: Callable[[Job, str], Spec | None]) -> None:
    """Read `{"arguments": ..., "check": bool}`, do the work of the module `name`, and print its result.

    The arguments are checked, and secrets among them taken out of the result, as Ansible does it for a module.
    """
    given = json.load(sys.stdin)
    arguments = sorted_out(spec, given["arguments"])
    result = result_of(name, arguments, given["check"], work)
    sys.stdout.write(json.dumps(remove_values(result, arguments.secrets)))
