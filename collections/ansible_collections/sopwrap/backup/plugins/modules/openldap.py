#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `openldap`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: openldap
short_description: Back up, verify and restore OpenLDAP directories
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Has slapcat write the entries of each suffix as of one moment, streams them into the asset's first store,
    fingerprints every entry, stores the configuration with them, commits the recovery point, and copies it further.
  - Verifying reads a point back whole and compares every entry; restoring makes a new database and compares it.
requirements:
  - restic 0.14 or newer
  - slapcat and slapadd of the server's version
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
        description: The directory.
        type: dict
        required: true
        suboptions:
          suffix:
            description: The suffix of its database.
            type: str
            required: true
          config:
            description: The configuration folder of slapd.
            type: path
            default: /etc/ldap/slapd.d
          scratch:
            description: A folder with room for all entries as text.
            type: path
            default: /var/tmp
"""

EXAMPLES = r"""
- name: Back up the assets of this kind on this host
  sopwrap.backup.openldap:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('openldap') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back into a fresh place
  sopwrap.backup.openldap:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('openldap', ['direktori-pegawai']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      path: /srv/uji/direktori
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
  sample: "Backed up direktori-pegawai to internal: 1.2 MB, 812 items."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.openldap import SOURCE, Openldap
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind


def main() -> None:
    """Run the module."""
    run_kind(Openldap(), SOURCE)


if __name__ == "__main__":
    main()
