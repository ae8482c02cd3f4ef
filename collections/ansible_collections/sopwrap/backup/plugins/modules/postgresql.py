#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `postgresql`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: postgresql
short_description: Back up, verify and restore PostgreSQL databases
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Takes each database in one exported snapshot with C(pg_dump), streams it into the asset's first store, fingerprints
    every table in the same snapshot, commits the recovery point with a manifest, and copies it to the further stores.
  - A dump that fails leaves nothing in the store.
  - Verifying reads a point back whole; restoring makes a new database and compares its fingerprint with the point's.
requirements:
  - restic 0.14 or newer
  - psql, pg_dump and pg_restore, not older than the server
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
            description: The database's name, or V(*) for the whole server (but its own C(postgres)) with its roles.
            type: str
            required: true
          host:
            description: Host name or folder of the socket.
            type: str
            default: /var/run/postgresql
          port:
            description: The server's port.
            type: int
            default: 5432
          user:
            description: The role to connect as; it must be allowed to read everything.
            type: str
            default: postgres
          password:
            description: Its password; reaches the programs through a password file in memory.
            type: str
          os_user:
            description: The operating system account to run the client programs as.
            type: str
          roles:
            description: Whether the server's roles with their passwords' hashes are backed up, too; needs a superuser.
            type: bool
            default: false
          jobs:
            description:
              - How many processes load a restore; C(jobs) in O(target) says otherwise for one restore.
              - More than one needs room for the dump in C(/var/tmp) of this host.
            type: int
            default: 1
"""

EXAMPLES = r"""
- name: Back up the databases of this host
  sopwrap.backup.postgresql:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('postgresql') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back beside the living database
  sopwrap.backup.postgresql:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('postgresql', ['siakad-db']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      database: siakad_uji
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
  sample: "Backed up siakad-db to internal: 5.1 MB, 14 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import SOURCE
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_kind import PostgresqlKind
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind


def main() -> None:
    """Run the module."""
    run_kind(PostgresqlKind(), SOURCE)


if __name__ == "__main__":
    main()
