# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services that use an asset: stopped for the moment of the exchange, running again afterwards, and answering."""

from __future__ import annotations

import os
import time
import urllib.error
from contextlib import suppress
from typing import Any

from ansible.module_utils.urls import open_url
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import last_line, run

PATIENCE = 60.0
"""Seconds a service is given to answer after it was started."""


_SUFFIXES = (".service", ".socket", ".target", ".timer", ".path", ".slice", ".scope", ".mount")
"""What the name of a unit ends with; that of a service may hold a dot before it (php8.2-fpm)."""


def of(asset: Asset) -> list[str]:
    """The systemd units an asset names in `services`, in the order in which they are stopped."""
    return [unit if unit.endswith(_SUFFIXES) else f"{unit}.service" for unit in asset.get("services") or []]


def require(asset: Asset) -> list[str]:
    """Refuse units that this host does not have; return those that run at present."""
    units = of(asset)
    if units and not os.path.isdir("/run/systemd/system"):
        raise Problem(
            f"{asset['id']} names services, and this host has no systemd to stop them with.",
            "Remove services from the asset, and stop what uses it yourself.",
            refused=True,
        )
    for unit in units:
        if _shown(unit, "LoadState") != "loaded":
            raise Problem(f"This host has no service {unit}.", "Correct services of the asset.", refused=True)
    return [unit for unit in units if _shown(unit, "ActiveState") in ("active", "activating", "reloading")]


def stop(units: list[str]) -> None:
    """Stop units and see that they have stopped."""
    for unit in units:
        _systemctl("stop", unit)
        state = _shown(unit, "ActiveState")
        if state not in ("inactive", "failed"):
            raise Problem(f"The service {unit} did not stop: it is {state}.", "Look into its journal.")


def stop_all(units: list[str]) -> None:
    """Stop what can be stopped before the data is exchanged back; what cannot must not keep the data from it."""
    for unit in units:
        with suppress(Problem):
            stop([unit])


def start(units: list[str]) -> list[str]:
    """Start units, the last stopped first; return sentences about those that do not run."""
    trouble = []
    for unit in reversed(units):
        try:
            _systemctl("start", unit)
            state = _shown(unit, "ActiveState")
            if state != "active":
                trouble.append(f"the service {unit} is {state}")
        except Problem as problem:
            trouble.append(problem.message.rstrip("."))
    return trouble


def read_again() -> None:
    """Have systemd, where there is one, read the files of its units again; what runs goes on as it was started."""
    if os.path.isdir("/run/systemd/system"):
        _systemctl("daemon-reload")


def require_health(asset: Asset) -> str | None:
    """Ask the page the asset names in `health` until it answers as it should; return what was proven."""
    page = asset.get("health") or {}
    if not page.get("url"):
        return None
    end = time.monotonic() + PATIENCE
    while True:
        said = _asked(page)
        if said is None:
            return f"{page['url']} answers" + (f" with {page['contains']!r}" if page.get("contains") else "")
        if time.monotonic() > end:
            raise Problem(f"{page['url']} does not answer as it should: {said}.", "Look into the service's log.")
        time.sleep(0.5)


def answers(asset: Asset) -> bool:
    """Whether the page the asset names in `health` answers as it should at this moment; true where none is named."""
    page = asset.get("health") or {}
    return not page.get("url") or _asked(page) is None


def _asked(page: dict[str, Any]) -> str | None:
    """Say what is wrong with a page, or None."""
    try:
        with open_url(page["url"], timeout=5, use_proxy=False) as answer:
            text = answer.read(1024 * 1024).decode("utf-8", "replace")
    except (OSError, urllib.error.URLError, ValueError) as error:
        return str(getattr(error, "reason", error)).rstrip(".") or type(error).__name__
    wanted = page.get("contains")
    return f"it does not hold {wanted!r}" if wanted and wanted not in text else None


def _shown(unit: str, name: str) -> str:
    return _systemctl("show", "--value", f"--property={name}", "--", unit).decode().strip()


def _systemctl(*words: str) -> bytes:
    def explain(status: int, complaints: str) -> Problem:
        return Problem(f"systemctl {words[0]} {words[-1]} failed: {last_line(complaints)}.", "Look into its journal.")

    return run(["systemctl", "--no-pager", *words], explain)
