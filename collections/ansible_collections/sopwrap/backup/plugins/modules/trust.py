#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module that tells a host whose permits it believes."""

from __future__ import annotations

DOCUMENTATION = r"""
module: trust
short_description: Tell a host whose permits it believes
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Writes C(/etc/sopwrap/permit_signers) and C(/etc/sopwrap/permit_host), which only root can change.
  - What is there already is never changed; that is done by hand on the host.
options:
  host:
    description: What the inventory calls the host.
    type: str
    required: true
  signers:
    description: The keys, in the form of OpenSSH's allowed_signers, for the namespace C(sopwrap@permit).
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Nothing is written.
  diff_mode:
    support: none
    description: The files are written once.
"""

EXAMPLES = r"""
- name: Believe the office's permits
  sopwrap.backup.trust:
    host: "{{ inventory_hostname }}"
    signers: "{{ sopwrap_permit_signers }}"
"""

RETURN = r"""
msg:
  description: What was done, or why not.
  returned: always
  type: str
  sample: The host believes permits of these signers.
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.trust import establish


def main() -> None:
    """Run the module."""
    words = {"type": "str", "required": True}
    module = AnsibleModule(argument_spec={"host": dict(words), "signers": dict(words)}, supports_check_mode=True)
    try:
        changed = establish(module.params["host"], module.params["signers"], module.check_mode)
    except Problem as problem:
        module.fail_json(msg=f"{problem.message} {problem.hint}")
    module.exit_json(changed=changed, msg="The host believes permits of these signers.")


if __name__ == "__main__":
    main()
