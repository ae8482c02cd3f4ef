# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules that make, prove and bring back recovery points share; a kind adds its assets itself."""

from __future__ import annotations


class ModuleDocFragment:
    """The shared options."""

    DOCUMENTATION = r"""
options:
  host:
    description: The inventory name of the host whose assets these are.
    type: str
    required: true
  stores:
    description: The stores the assets name, each as an entry of C(sopwrap_stores) with its id.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The id in the inventory.
        type: str
        required: true
      placement:
        description: Whether the store is on the server itself or anywhere else.
        type: str
        required: true
        choices: [internal, external]
      repository:
        description: Where the repository is, in restic's words.
        type: str
        required: true
      password:
        description: The repository's password. It reaches restic through a file in memory.
        type: str
        required: true
      cache:
        description: Restic's cache folder, where what the store holds is remembered, too; by default restic's own.
        type: str
      access:
        description: What the store's server asks for. Secrets reach restic through files in memory.
        type: dict
        suboptions:
          ssh_key:
            description: The private key for SFTP; without it SSH looks where it always does.
            type: str
          known_hosts:
            description: The server's keys for SFTP, as lines of known_hosts; no other is believed.
            type: str
          password:
            description: The password of the account that the repository's address names (REST).
            type: str
          cacert:
            description: The certificates (PEM) of the authority that the server's own is believed by.
            type: str
          key_id:
            description: The id of the account's access key (S3).
            type: str
          secret:
            description: The secret of that access key.
            type: str
          region:
            description: The region of the bucket (S3).
            type: str
          timeout:
            description: Seconds in which the server may neither take nor give anything before it is given up.
            type: int
            default: 120
      keeper:
        description: The host on which points in it are destroyed, where that is not the asset's.
        type: str
      medium:
        description: The medium the store lies on. Nothing is written before it was found to be the right one.
        type: dict
        suboptions:
          label:
            description: The label that is written on it.
            type: str
          uuid:
            description: What tells it from others of the same label.
            type: str
          path:
            description: Where it is mounted.
            type: path
          mountpoint:
            description: Whether the path must be a mount point.
            type: bool
            default: true
          minimum_free:
            description: >-
              Bytes that must be free before something is written. Without it, what comes to a medium for the first time
              must not be larger than what is free.
            type: int
            default: 0
          serial:
            description: The maker's number on it.
            type: str
          form:
            description: What it is.
            type: str
            default: disk
            choices: [disk, tape, server, object_store]
          custodian:
            description: Who keeps it.
            type: str
          place:
            description: Where it is kept.
            type: str
          off_site:
            description: Whether it is kept in another building than the servers.
            type: bool
            default: false
          offline:
            description: Whether it is taken away between two uses.
            type: bool
            default: false
          append_only:
            description: Whether what writes to it can remove nothing.
            type: bool
            default: false
          immutable_until:
            description: The last day on which nobody can remove anything from it.
            type: str
  case:
    description: The case and step this is done for.
    type: dict
    default: {}
    suboptions:
      case:
        description: The id of the case.
        type: str
      step:
        description: The id of the step.
        type: str
  point:
    description: The recovery point to verify or restore; empty for the newest.
    type: str
    default: ""
  target:
    description:
      - The fresh place a restore goes to; or V(replace) set to true to replace living data, which needs a O(permit).
      - Kinds that store files take C(only) beside a fresh place, a list of the paths that are wanted.
      - The kind C(system) takes C(pieces) beside V(replace), a list of what of the machine is to be put back; the kind
        C(postgresql) takes it as a list of tables (V(table:NAME)).
      - V(undo) set to true takes the last such restore back; V(forget) removes what it need no longer keep.
    type: dict
    default: {}
  permit:
    description: The permit's whole text; it is checked on the host itself, which knows whose permits it believes.
    type: str
    default: ""
  refused:
    description:
      - Why the controller has refused this before it asked, as the action of the module says; nobody else gives it.
      - The host refuses, too, keeps the record, and does nothing else.
    type: dict
    suboptions:
      reason:
        description: The sentence.
        type: str
      hint:
        description: What to do next.
        type: str
      permit:
        description: The number of the permit that was shown.
        type: str
attributes:
  check_mode:
    support: full
    description: Every precondition is tried for real and nothing is written; the outcome is V(planned).
  diff_mode:
    support: none
    description: There is nothing to show that a record does not say.
"""
