# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option `assets` of the module that works on network devices: what a device's `source` takes."""

from __future__ import annotations

import textwrap

_LOGIN = """
password:
  description: His password.
  type: str
key_file:
  description: His private key, without a passphrase, on the controller.
  type: path
"""

_WAY = f"""
address:
  description: Its name or address.
  type: str
  required: true
port:
  description: The port of its SSH server.
  type: int
  default: 22
user:
  description: {{user}}
  type: str
  required: true
{_LOGIN.strip()}
known_hosts:
  description: The file with the {{whose}} public key, on the controller.
  type: path
  required: true
"""


def _way(depth: int, user: str = "Whom to log in as.", whose: str = "server's") -> str:
    """How an SSH server is reached and who logs in there, as suboptions that are so far to the right."""
    return textwrap.indent(_WAY.format(user=user, whose=whose).strip("\n"), " " * depth)


class ModuleDocFragment:
    """Documentation of `assets`."""

    # Annotated: the text of a plain assignment must be a literal to those who lint it.
    DOCUMENTATION: str = rf"""
options:
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
        description: The device it belongs to, where that is not O(host).
        type: str
      retention:
        description: How long a recovery point is kept, as an ISO 8601 duration.
        type: str
      services:
        description: Not used by this kind; a device works on while its configuration is replaced.
        type: list
        elements: str
        default: []
      health:
        description: Not used by this kind; a device works on while its configuration is replaced.
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
        description: The ids of the stores, which the controller must reach; the first is backed up to.
        type: list
        elements: str
        required: true
      source:
        description: The device and how to reach it.
        type: dict
        required: true
        suboptions:
          platform:
            description: The name of one of O(platforms).
            type: str
            required: true
          address:
            description: Its name or address.
            type: str
            required: true
          port:
            description: The port of its SSH server, 22 unless given (23 for Telnet).
            type: int
          telnet:
            description:
              - Whether it is asked over Telnet, which sends the password and the configuration in clear text. For
                devices that know nothing else, each by its own source; the papers say so.
            type: bool
            default: false
          user:
            description: Whom to log in as; reading the configuration is all he must be allowed to do.
            type: str
            required: true
{textwrap.indent(_LOGIN.strip(), " " * 10)}
          known_hosts:
            description: The file with the device's public key, in the format of OpenSSH, on the controller.
            type: path
          hostname:
            description: The name the device must call itself in its configuration.
            type: str
          serial:
            description: The serial number the device must have, where its platform tells it.
            type: str
          enable:
            description: The password for the privileged mode, where the platform has one; the user's own by default.
            type: str
          timeout:
            description: Seconds after which a device that has not answered is given up.
            type: float
            default: 30
          retries:
            description: How often a device is tried again that could not be reached or ended the session too early.
            type: int
            default: 1
          undo_after:
            description:
              - Seconds after which the device undoes a restore that was not kept; some round up to minutes.
              - Has to be V(0) for a platform without such a timer, which says that somebody stands beside the device.
            type: float
            default: 300
          paths:
            description: The files to fetch, for a platform that gives files instead of a text.
            type: list
            elements: str
            default: []
          algorithms:
            description: Old algorithms that are allowed for this device alone, in the names of SSH.
            type: dict
            default: {{}}
            suboptions:
              kex:
                description: Key exchanges, such as V(diffie-hellman-group14-sha1).
                type: list
                elements: str
                default: []
              ciphers:
                description: Ciphers, such as V(aes128-cbc).
                type: list
                elements: str
                default: []
              macs:
                description: Message authentication codes, such as V(hmac-sha1).
                type: list
                elements: str
                default: []
              host_keys:
                description: Signatures of the host key, such as V(ssh-rsa).
                type: list
                elements: str
                default: []
          spare:
            description:
              - A device of the same platform that is in nobody's use and on no network of the office. A restore into a
                fresh place also loads the text onto it, fetches it again, compares it, and has the spare go back to
                the configuration of its own. It is left alone where it does not say of itself what is said here.
              - With the stored configuration it has the addresses and users of the device.
            type: dict
            suboptions:
{_way(14, "Whom to log in as; he must be allowed to replace its configuration.", "spare's")}
              hostname:
                description: The name that it has of its own, which no other device may have.
                type: str
                required: true
              enable:
                description: The password for the privileged mode, where the platform has one.
                type: str
              loaded_address:
                description: Where it is reached once it has the stored configuration, the same address unless given.
                type: str
              jump:
                description: The SSH server through which alone it is reached, such as the door of a network of its own.
                type: dict
                suboptions:
{_way(18)}
          jump:
            description: The SSH server through which alone the device is reached.
            type: dict
            suboptions:
{_way(14)}
"""
