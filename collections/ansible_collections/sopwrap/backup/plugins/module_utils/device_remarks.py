# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator has to know of devices' backups that succeeded."""

from __future__ import annotations

from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import Outcome


def remark(answer: Answer, device: Device) -> str:
    """What one device did or left undone, in sentences; empty where all is as it should be."""
    unsaved = "The running configuration is not saved on the device." if answer.unsaved else ""
    silent = "It gave no answer when it was asked for its version and serial number." if answer.silent else ""
    telnet = "It came over Telnet, as the password went there: anybody on the way could read both."
    return " ".join(filter(None, (unsaved, silent, telnet if device.way.telnet else "")))


def same_device(devices: dict[str, Device], outcomes: dict[str, Outcome]) -> dict[str, str]:
    """For each asset whose device is that of another asset, say so: one of their addresses is wrong, it seems.

    No more than a warning: what was fetched is whole, and virtual devices have been seen that share all they tell.
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for asset, device in devices.items():
        answer = outcomes[asset]
        if isinstance(answer, Answer) and answer.facts.get("serial"):
            name = device.platform.name_in(answer.text)
            if name:
                found.setdefault((device.platform.name, answer.facts["serial"], name), []).append(asset)
    told = {}
    for (_platform, serial, name), assets in found.items():
        for asset in assets if len(assets) > 1 else []:
            other = assets[asset == assets[0]]
            others = f"{other} and {len(assets) - 2} more" if len(assets) > 2 else other
            told[asset] = (
                f"The same device answered for {others}, {name} with the serial number {serial}:"
                " look whether the addresses are right."
            )
    return told
