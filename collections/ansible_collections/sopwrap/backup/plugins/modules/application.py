#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the kind `application`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: application
short_description: Back up, verify and restore applications
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Keeps each application from writing, stores its files, opens snapshots of its databases, lets it go on, and reads
    the databases from the snapshots. Everything is fingerprinted; all parts are one recovery point, which is copied on.
  - Verifying reads every part back as its own kind does; restoring brings all parts back, or none.
requirements:
  - restic 0.14 or newer
extends_documentation_fragment: sopwrap.backup.point
options:
  verb:
    description: What to do. V(restore) takes one asset and needs O(target) with a C(path), or a target for each part.
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
        description: What the application is made of.
        type: dict
        required: true
        suboptions:
          quiesce:
            description: What keeps the application from writing while it is taken; without it the services are stopped.
            type: dict
            suboptions:
              file:
                description: A file that puts it into maintenance as long as it is there.
                type: path
              text:
                description: What that file has to hold.
                type: str
              begin:
                description: A command that puts it into maintenance.
                type: list
                elements: str
              end:
                description: The command that ends this.
                type: list
                elements: str
              os_user:
                description: The operating system account to run the commands as.
                type: str
          parts:
            description: Its databases and files, each with a name and, under the name of its kind, that kind's source.
            type: list
            elements: dict
            required: true
            suboptions:
              name:
                description: What the part is called; small letters, digits and hyphens.
                type: str
                required: true
              files:
                description: As O(assets[].source) of M(sopwrap.backup.files).
                type: dict
                suboptions:
                  paths:
                    description: Absolute paths of folders or files.
                    type: list
                    elements: str
                    required: true
                  exclude:
                    description: What to leave out, in restic's patterns.
                    type: list
                    elements: str
                    default: []
              mariadb:
                description: As O(assets[].source) of M(sopwrap.backup.mariadb).
                type: dict
                suboptions:
                  database:
                    description: The database's name.
                    type: str
                    required: true
                  socket:
                    description: The server's socket; goes before the host and the port.
                    type: path
                  host:
                    description: Host name or address.
                    type: str
                  port:
                    description: The server's port.
                    type: int
                  user:
                    description: The account; it must be allowed to read everything, and should have RELOAD.
                    type: str
                    required: true
                  password:
                    description: Its password; reaches the programs through an option file in memory.
                    type: str
                  accounts:
                    description: Whether the accounts that may use the database are backed up, too.
                    type: bool
                    default: false
              openldap:
                description: As O(assets[].source) of M(sopwrap.backup.openldap).
                type: dict
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
              postgresql:
                description: As O(assets[].source) of M(sopwrap.backup.postgresql).
                type: dict
                suboptions:
                  database:
                    description: The database's name.
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
                    description: Whether the server's roles are backed up, too; needs a superuser.
                    type: bool
                    default: false
                  jobs:
                    description: How many processes load a restore; more than one needs room in C(/var/tmp).
                    type: int
                    default: 1
              redis:
                description: As O(assets[].source) of M(sopwrap.backup.redis).
                type: dict
                suboptions:
                  socket:
                    description: The server's socket; goes before the host and the port.
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
              sqlite:
                description: As O(assets[].source) of M(sopwrap.backup.sqlite).
                type: dict
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
  sopwrap.backup.application:
    verb: backup
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('application') }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"

- name: Bring the newest point back into a fresh place
  sopwrap.backup.application:
    verb: restore
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.of_kind('application', ['website']) }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
    target:
      path: /srv/uji
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
  sample: "Backed up website to internal: 5.1 MB, 214 items. It was kept from writing for 1.3 s."
"""

from ansible_collections.sopwrap.backup.plugins.module_utils.application import SOURCE, Application
from ansible_collections.sopwrap.backup.plugins.module_utils.run import run_kind


def main() -> None:
    """Run the module."""
    run_kind(Application(), SOURCE)


if __name__ == "__main__":
    main()
