#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `network_config`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network_config
short_description: Back up, verify and restore configurations of network devices
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Asks all devices for their configurations at once, over SSH, from one process on the controller, and stores them
    together. Each device has recovery points and evidence of its own.
  - Used as a task with C(delegate_to=localhost), one host's task does the work for all hosts of the play, and every
    host gets its own result. The assets of the other hosts are those in their C(sopwrap_assets).
  - A text that is empty, cut off, masked, an error, or from another device is refused. So is a device whose key is not
    known.
  - Restoring writes the text that can be given back to the device into a new file, or, with a permit, replaces the one
    the device has.
requirements:
  - restic 0.14 or newer
  - asyncssh, in the Python that runs Ansible
  - lxml, in the same Python, for devices that speak NETCONF
  - telnetlib3, in the same Python, for devices that know only Telnet
  - git, for O(history)
extends_documentation_fragment:
  - sopwrap.backup.point
  - sopwrap.backup.device
options:
  verb:
    description: What to do. V(restore) takes exactly one asset and needs O(target) with the C(path) of a new file.
    type: str
    required: true
    choices: [backup, verify, restore]
  platform_folders:
    description: Folders on the controller with files that describe platforms; a folder that is not there holds none.
    type: list
    elements: path
    default: []
  platforms:
    description:
      - Further platforms, each like such a file; of two with one name the last counts. What is wrong with one is said
        when an asset uses it.
    type: list
    elements: dict
    default: []
  history:
    description:
      - Folder of a git repository on the controller in which the texts are kept for people to look at, their secrets
        masked; none when empty. It also tells when a device has another serial number than before.
    type: path
"""

EXAMPLES = r"""
- name: Back up the configurations of all devices of the play
  sopwrap.backup.network_config:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('network_config') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    platform_folders: [/etc/sopwrap/network_platforms]
  delegate_to: localhost
  become: false
"""

RETURN = r"""
sopwrap_evidence:
  description: One evidence record for each asset of this device, store and action.
  returned: always
  type: list
  elements: dict
msg:
  description: What was done in sentences, or which assets failed and why.
  returned: always
  type: str
  sample: "Backed up rtr-kampus-konfigurasi to internal: 2.1 kB, 74 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.network_work import spec, work
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_module


def main() -> None:
    """Run the module."""
    run_module(spec(), work)


if __name__ == "__main__":
    main()
