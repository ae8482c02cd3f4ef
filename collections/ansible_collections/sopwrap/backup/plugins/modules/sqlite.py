#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `sqlite`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: sqlite
short_description: Back up, verify and restore SQLite databases
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Copies each database under SQLite's read lock (in WAL mode with its online backup) while others use it, streams the
    copy into the asset's first store, fingerprints every table of it, commits the recovery point with a manifest, and
    copies it further.
  - The copy lies in a folder only its owner can enter, and is removed in every case.
  - Verifying reads a point back whole and lets SQLite check it; restoring makes a new file and compares its rows.
requirements:
  - restic 0.14 or newer
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
        description: The database.
        type: dict
        required: true
        suboptions:
          path:
            description: The database's file.
            type: path
            required: true
          scratch:
            description: A folder with room for a copy of the database.
            type: path
            default: /var/tmp
"""

EXAMPLES = r"""
- name: Back up the assets of this kind on this host
  sopwrap.backup.sqlite:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('sqlite') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back into a fresh place
  sopwrap.backup.sqlite:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('sqlite', ['perpustakaan-db']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      path: /srv/uji/perpustakaan.db
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
  sample: "Backed up perpustakaan-db to internal: 5.1 MB, 14 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind
from ansible_collections.sopwrap.backup.plugins.module_utils.sqlite import SOURCE, Sqlite


def main() -> None:
    """Run the module."""
    run_kind(Sqlite(), SOURCE)


if __name__ == "__main__":
    main()
