#!/usr/bin/python
# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module of the stores themselves."""

from __future__ import annotations

DOCUMENTATION = r"""
module: store
short_description: Copy points between stores, read stores back, list them, check their media
version_added: 0.1.0
author: the sopwrap authors (@sopwrap)
description:
  - Works on stores as a whole, whatever the kinds of the assets in them.
requirements:
  - restic 0.14 or newer
extends_documentation_fragment: sopwrap.backup.point
options:
  verb:
    description:
      - V(copy) brings the newest or the named point of every asset from its first store to its further ones.
      - V(verify) reads every store the assets name back as a whole.
      - V(restore) fills a store anew; it needs O(target) with C(store) and C(from), two ids of stores.
      - V(list) returns the points there are.
      - V(check) looks whether every medium is there, is the right one, and can be written.
      - V(forget) destroys points; it needs O(target) with C(points) (C(point), C(asset), C(store), C(store_id)).
      - V(rekey) gives stores another key; it needs O(other_key), and in O(target) C(rekey) (add, remove) and C(stores).
    type: str
    required: true
    choices: [copy, verify, restore, list, check, forget, rekey]
  other_key:
    description: The key to be added, or the one to be removed. It reaches restic through a file in memory.
    type: str
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
      stores:
        description: The ids of the stores; the first is backed up to, the others are copied to.
        type: list
        elements: str
        required: true
"""

EXAMPLES = r"""
- name: Look at the media before a backup
  sopwrap.backup.store:
    verb: check
    host: "{{ inventory_hostname }}"
    assets: "{{ sopwrap_assets | sopwrap.backup.without_source }}"
    stores: "{{ sopwrap_stores | sopwrap.backup.used_by(sopwrap_assets) }}"
"""

RETURN = r"""
sopwrap_evidence:
  description: One evidence record for each asset or medium, store and action.
  returned: always
  type: list
  elements: dict
sopwrap_points:
  description: The recovery points, oldest first.
  returned: when O(verb=list)
  type: list
  elements: dict
msg:
  description: What was done in sentences, or what failed and why.
  returned: always
  type: str
  sample: "The medium HDD-01 is at /media/hdd-01 and can be written."
"""

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils import destroy, rekey, stores
from ansible_collections.sopwrap.backup.plugins.module_utils.job import Job
from ansible_collections.sopwrap.backup.plugins.module_utils.run import point_spec, run_module


def _work(job: Job, verb: str) -> dict[str, Any] | None:
    if verb == "list":
        return {"sopwrap_points": stores.list_points(job)}
    {
        "copy": stores.copy,
        "verify": stores.verify,
        "restore": stores.restore,
        "check": stores.check_media,
        "forget": destroy.destroy,
        "rekey": rekey.rekey,
    }[verb](job)
    return None


def main() -> None:
    """Run the module."""
    spec = point_spec(["copy", "verify", "restore", "list", "check", "forget", "rekey"])
    run_module({**spec, "other_key": {"type": "str", "no_log": True}}, _work)


if __name__ == "__main__":
    main()
