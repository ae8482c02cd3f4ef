# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module `network_config` takes and does: for Ansible, and as a program of its own for its action."""

from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.apart import answer
from ansible_collections.sopwrap.backup.plugins.module_utils.history import History
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.network_config import NetworkConfig
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import read_folders
from ansible_collections.sopwrap.backup.plugins.module_utils.run import Spec, carry_out, kind_spec

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


def spec() -> Spec:
    """The arguments of the module `network_config`."""
    made = kind_spec(SOURCE)
    made["platforms"] = {"type": "list", "elements": "dict", "default": []}
    made["history"] = {"type": "path"}
    made["platform_folders"] = {"type": "list", "elements": "path", "default": []}
    return made


def work(job: Job, verb: str) -> None:
    """Do what the module was asked for."""
    known = [*read_folders(job.options["platform_folders"]), *job.options["platforms"]]
    history = History(job.options["history"]) if job.options["history"] else None
    if verb == "restore":  # the guard of a restore onto the device is another process, which knows the asset alone
        for asset in job.assets:
            asset["platforms"] = known
    carry_out(job, verb, NetworkConfig(known, history))


if __name__ == "__main__":
    answer("network_config", spec(), work)
