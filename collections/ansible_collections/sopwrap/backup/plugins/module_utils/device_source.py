# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the device that an asset's `source` describes, and the spare one its drills may use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Asset, Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform


@dataclass(frozen=True)
class Spare:
    """A spare device: as it is reached with the configuration of its own, and once it has the stored one."""

    own: Device
    loaded: Device


def device_of(asset: Asset, platform: Platform, serial: str | None = None) -> Device:
    """Return the asset's device; `serial` is the one it had when it was asked before, where that is known."""
    source = asset["source"]
    jump = source.get("jump")
    return Device(
        name=str(asset.get("host") or asset["id"]),
        platform=platform,
        way=_way(source),
        jump=_way(jump) if jump else None,
        enable=source.get("enable"),
        hostname=source.get("hostname"),
        serial=source.get("serial") or serial,
        timeout=source["timeout"],
        retries=source.get("retries") or 0,
        undo_after=300.0 if source.get("undo_after") is None else source["undo_after"],
        paths=tuple(source.get("paths") or ()),
    )


def spare_of(asset: Asset, device: Device) -> Spare | None:
    """Return the spare the asset's drills use, or None; raise a `Problem` when it may be the device itself.

    With the stored configuration it has the device's users, and perhaps its address.
    """
    given = asset["source"].get("spare")
    if not given:
        return None
    way = replace(_way(given), algorithms=device.way.algorithms)
    if given["hostname"] == device.hostname or (way.address, way.port) == (device.way.address, device.way.port):
        raise Problem(
            f"The spare device of {device.name} has the name or the address of {device.name} itself.",
            "Correct spare in its source: what it names is overwritten.",
            refused=True,
        )
    jump = _way(given["jump"]) if given.get("jump") else None
    own = replace(
        device,
        name=given["hostname"],
        way=way,
        jump=jump,
        enable=given.get("enable"),
        hostname=given["hostname"],
        serial=None,
    )
    own.check()
    later = replace(device.way, address=given.get("loaded_address") or way.address, port=way.port)
    return Spare(own, replace(own, way=later, enable=device.enable, hostname=None))


def _way(source: dict[str, Any]) -> Way:
    return Way(
        address=source["address"],
        port=source["port"] or (23 if source.get("telnet") else 22),
        user=source["user"],
        known_hosts=source["known_hosts"],
        password=source["password"],
        key_file=source["key_file"],
        algorithms=source.get("algorithms") or {},
        telnet=bool(source.get("telnet")),
    )
