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

from ansible_collections.sopwrap.backup.plugins.module_utils.history import History
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.network_config import NetworkConfig
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import read_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.run import carry_out, kind_spec, run_module

NAMES = {"type": "list", "elements": "str", "default": []}
WAY = {
    "address": {"type": "str", "required": True},
    "port": {"type": "int", "default": 22},
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "key_file": {"type": "path"},
}
DOOR = {**WAY, "known_hosts": {"type": "path", "required": True}}
SOURCE = {
    **WAY,
    "port": {"type": "int"},
    "telnet": {"type": "bool", "default": False},
    "platform": {"type": "str", "required": True},
    "known_hosts": {"type": "path"},
    "hostname": {"type": "str"},
    "serial": {"type": "str"},
    "enable": {"type": "str", "no_log": True},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 1},
    "undo_after": {"type": "float", "default": 300},
    "paths": dict(NAMES),
    "algorithms": {
        "type": "dict",
        "default": {},
        "options": {
            "kex": dict(NAMES),
            "ciphers": dict(NAMES),
            "macs": dict(NAMES),
            "host_keys": dict(NAMES, no_log=False),
        },
    },
    "jump": {"type": "dict", "options": DOOR},
    "spare": {
        "type": "dict",
        "options": {
            **DOOR,
            "hostname": {"type": "str", "required": True},
            "enable": {"type": "str", "no_log": True},
            "loaded_address": {"type": "str"},
            "jump": {"type": "dict", "options": DOOR},
        },
    },
}


def work(job: Job, verb: str) -> None:
    """Do what the module was asked for."""
    known = [*read_folders(job.options["platform_folders"]), *job.options["platforms"]]
    history = History(job.options["history"]) if job.options["history"] else None
    if verb == "restore":  # the guard of a restore onto the device is another process, which knows the asset alone
        for asset in job.assets:
            asset["platforms"] = known
    carry_out(job, verb, NetworkConfig(known, history))


def main() -> None:
    """Run the module."""
    spec = kind_spec(SOURCE)
    spec["platforms"] = {"type": "list", "elements": "dict", "default": []}
    spec["history"] = {"type": "path"}
    spec["platform_folders"] = {"type": "list", "elements": "path", "default": []}
    run_module(spec, work)


if __name__ == "__main__":
    main()
