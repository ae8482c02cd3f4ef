# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show what a restore would change in a configuration, in lines that may be read by those who may know no secret."""

from __future__ import annotations

import difflib
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

MOST = 200
"""Lines that are shown; who wants more compares the texts in the history."""

_WIDEST = 300


def difference(platform: Platform, present: str, wanted: str) -> dict[str, Any]:
    """Compare the text a device has with the one it is to get, without what changes by itself.

    `removed` and `added` count lines; `hidden` says how many of them cannot be shown, because they differ in secrets
    alone. `lines` is a unified difference, its beginning only when `cut` is true.
    """
    texts = [platform.meaningful(text) for text in (present, wanted)]
    shown = _changes(*(platform.masked("\n".join(lines)).split("\n") for lines in texts))
    removed, added = _counted(_changes(*texts))
    return {
        "removed": removed,
        "added": added,
        "hidden": max(0, removed + added - sum(_counted(shown))),
        "lines": [line[:_WIDEST] for line in shown[:MOST]],
        "cut": len(shown) > MOST,
    }


def _changes(before: list[str], after: list[str]) -> list[str]:
    return list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]  # the first two name files


def _counted(changes: list[str]) -> tuple[int, int]:
    return sum(line.startswith("-") for line in changes), sum(line.startswith("+") for line in changes)
