# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say in Ansible's words what evidence records say, or that there are none."""

from __future__ import annotations

from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem


def summary(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Say in Ansible's words (`changed`, `failed`, `msg`) what these records say, and give them along."""
    bad = [record for record in records if record["outcome"] in ("failed", "refused")]
    done = [record for record in records if record["outcome"] == "ok"]
    message = " ".join([_of(record) for record in bad] or [record["message"] for record in records])
    return {
        "changed": any(record["action"] not in ("verify", "check_media") for record in done),
        "failed": bool(bad),
        "msg": message or "Nothing was asked for.",
        "sopwrap_evidence": records,
    }


def _of(record: dict[str, Any]) -> str:
    what = record["asset"] or record["store"]
    return f"{what}, {record['action']}: {sentence(record['message'], record['hint'])}"


def sentence(message: str, hint: str | None) -> str:
    """What was said, and what to do about it."""
    return f"{message} {hint}" if hint else message


def no_asset(host: str) -> Problem:
    """What to say where a host is asked for what it has not."""
    return Problem(f"{host} has no asset that was asked for.", "Look at sopwrap_assets and sopwrap_only.")
