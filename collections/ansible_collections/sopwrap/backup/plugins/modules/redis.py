#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `redis`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: redis
short_description: Back up, verify and restore Redis servers
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Has each server send its data as of one moment into a folder only its owner can enter, streams it into the asset's
    first store, has a second server read and digest it, commits the recovery point, and copies it further.
  - Verifying reads a point back whole and lets a second server read it; restoring makes a new RDB file and compares it.
requirements:
  - restic 0.14 or newer
  - redis-cli and redis-server of the server's version
extends_documentation_fragment: sopwrap.backup.point
options:
  verb:
    description: What to do. V(restore) takes exactly one asset and needs O(target) with the C(path) of a new file.
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
        description: The server and how to reach it.
        type: dict
        required: true
        suboptions:
          socket:
            description: The server's socket; goes before O(assets[].source.host) and O(assets[].source.port).
            type: path
          host:
            description: Host name or address; this host when it is left out.
            type: str
          port:
            description: The server's port; 6379 when it is left out.
            type: int
          user:
            description: The account, where there are such.
            type: str
          password:
            description: The password; reaches the programs through their environment, which only root can read.
            type: str
          scratch:
            description: A folder with room for a copy of the data.
            type: path
            default: /var/tmp
"""

EXAMPLES = r"""
- name: Back up the assets of this kind on this host
  sopwrap.backup.redis:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('redis') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back into a fresh place
  sopwrap.backup.redis:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('redis', ['antrian']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      path: /srv/uji/dump.rdb
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
  sample: "Backed up antrian to internal: 5.1 MB, 14 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.redis import SOURCE, Redis
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind


def main() -> None:
    """Run the module."""
    run_kind(Redis(), SOURCE)


if __name__ == "__main__":
    main()
