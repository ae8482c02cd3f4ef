# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lines by which a platform replaces its configuration may name."""

from __future__ import annotations

import math
from typing import Any


class Values(dict):  # type: ignore[type-arg]
    """For `str.format_map`: the paths, the text, a mark of this replacement alone, and the time until it is undone in
    the unit the platform speaks."""

    def __init__(self, plan: dict[str, Any], seconds: float, text: str, mark: str) -> None:
        minutes = max(1, math.ceil(seconds / 60))
        hms = f"{minutes // 60:02}:{minutes % 60:02}:00"
        super().__init__(minutes=minutes, seconds=math.ceil(seconds), hms=hms, text=text, mark=mark)
        self.update({key: plan[key] for key in ("path", "safety") if plan.get(key)})

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
