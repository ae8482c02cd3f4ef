#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `mariadb`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mariadb
short_description: Back up, verify and restore MariaDB databases
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Takes each database with C(mariadb-dump) in one transaction, streams it into the asset's first store, fingerprints
    every table as of the same moment, commits the recovery point with a manifest, and copies it to the further stores.
  - A short global read lock makes both begin at the same moment. Without the privilege RELOAD the fingerprint may be
    of a moment a little earlier; the manifest then says so. Tables that are not InnoDB keep the lock till the end.
  - A dump that fails leaves nothing in the store.
  - Verifying reads a point back whole; restoring makes a new database and compares its fingerprint with the point's.
requirements:
  - restic 0.14 or newer
  - mariadb and mariadb-dump
extends_documentation_fragment: sopwrap.backup.point
options:
  verb:
    description: What to do. V(restore) takes exactly one asset and needs O(target) with the C(database) to make.
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
        description: The database and how to reach it.
        type: dict
        required: true
        suboptions:
          database:
            description: The database's name.
            type: str
            required: true
          socket:
            description: The server's socket; goes before O(assets[].source.host) and O(assets[].source.port).
            type: path
          host:
            description: Host name or address.
            type: str
          port:
            description: The server's port.
            type: int
          user:
            description: The account; it must be allowed to read everything in the database, and should have RELOAD.
            type: str
            required: true
          password:
            description: Its password; reaches the programs through an option file in memory.
            type: str
          accounts:
            description: Whether the accounts that may use the database are backed up, too, with hashes of passwords.
            type: bool
            default: false
"""

EXAMPLES = r"""
- name: Back up the databases of this host
  sopwrap.backup.mariadb:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('mariadb') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back beside the living database
  sopwrap.backup.mariadb:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('mariadb', ['website-db']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      database: website_uji
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
  sample: "Backed up website-db to internal: 2.3 MB, 12 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.mariadb import SOURCE, Mariadb
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind


def main() -> None:
    """Run the module."""
    run_kind(Mariadb(), SOURCE)


if __name__ == "__main__":
    main()
