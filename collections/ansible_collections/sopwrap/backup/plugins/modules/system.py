#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `system`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: system
short_description: Back up, verify and restore the set-up of operating systems
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Stores C(/etc) as it is, and a list of the packages, accounts, services, crontabs and mounts, as one recovery point.
  - The list holds no password hash; those are in C(/etc), which is encrypted in the store.
  - Restoring fills an empty folder with C(etc/) and C(state.json) for reading and comparing.
  - With a permit, pieces of the running system (C(pieces) beside C(replace) in O(target)) are put back as they were.
    Pieces are files, units, accounts, groups, crontabs and packages in their versions.
requirements:
  - restic 0.14 or newer
extends_documentation_fragment: sopwrap.backup.point
options:
  verb:
    description: What to do. V(restore) takes exactly one asset and needs O(target) with the C(path) of a new folder.
    type: str
    required: true
    choices: [backup, verify, restore]
  assets:
    description: The assets, as the filter P(sopwrap.backup.of_kind#filter) gives them.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The id of the asset, unique in the office.
        type: str
        required: true
      title:
        description: The asset's name in papers.
        type: str
      host:
        description: The host it belongs to, where that is not O(host).
        type: str
      retention:
        description: How long a recovery point is kept, as an ISO 8601 duration.
        type: str
      services:
        description: The systemd units that use it; they are stopped for the moment in which living data is replaced.
        type: list
        elements: str
        default: []
      health:
        description: A page that answers when the services run well.
        type: dict
        suboptions:
          url:
            description: Its address.
            type: str
            required: true
          contains:
            description: A text that it holds.
            type: str
      stores:
        description: The ids of the stores; the first is backed up to, the others are copied to.
        type: list
        elements: str
        required: true
      source:
        description: What of the system.
        type: dict
        required: true
        suboptions:
          etc:
            description: The folder with the system's settings.
            type: path
            default: /etc
          exclude:
            description: What to leave out, in restic's patterns (without those that begin with an exclamation mark).
            type: list
            elements: str
            default: []
"""

EXAMPLES = r"""
- name: Back up the assets of this kind on this host
  sopwrap.backup.system:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('system') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back into a fresh place
  sopwrap.backup.system:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('system', ['srv-akademik-sistem']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      path: /srv/uji/srv-akademik

- name: Put pieces of the running system back
  sopwrap.backup.system:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('system', ['srv-akademik-sistem']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      replace: true
      pieces: [/etc/nginx, "unit:siakad.service", "user:siakad", "package:nginx-light"]
    permit: "{{ sopwrap_permit }}"
"""

RETURN = r"""
sopwrap_evidence:
  description: One evidence record for each asset, store and action.
  returned: always
  type: list
  elements: dict
msg:
  description: What was done in sentences, or which assets failed and why.
  returned: always
  type: str
  sample: "Backed up srv-akademik-sistem to internal: 5.1 MB, 14 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind
from ansible_collections.sopwrap.backup.plugins.module_utils.system import System

SOURCE = {
    "etc": {"type": "path", "default": "/etc"},
    "exclude": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Run the module."""
    run_kind(System(), SOURCE)


if __name__ == "__main__":
    main()
