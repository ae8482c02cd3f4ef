# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of the module `system`."""

from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.plugin_utils.guarded_restore import GuardedRestore


class ActionModule(GuardedRestore):
    """A restore onto living data needs a permit."""
