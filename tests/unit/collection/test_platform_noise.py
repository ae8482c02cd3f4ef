"""What changes on each shipped platform although nobody changed anything, and what looks like it but is a change."""

from __future__ import annotations

import pytest

from tests.office.platforms import platform

ALONE = {
    "ios": [("ntp clock-period 36029056", "ntp clock-period 36029061")],
    "nxos": [
        ("!Time: Sat Nov 21 14:00:00 2026", "!Time: Sun Nov 22 14:00:00 2026"),
        (
            "!Running configuration last done at: Sat Nov 21 10:00:00 2026",
            "!No configuration change since last restart",
        ),
        ("!Startup config saved at: Sat Nov 21 10:00:00 2026", "!Startup config saved at: Sun Nov 22 10:00:00 2026"),
    ],
    "eos": [
        ("! Startup-config last modified at Sat Nov 21 by budi", "! Startup-config last modified at Sun Nov 22 by x"),
        ("! Saved By: budi at 2026-11-21T10:00:00+00:00", None),
    ],
    "asa": [
        ("Cryptochecksum:1f", "Cryptochecksum:2e"),
        (": Written by budi at 10:00:00.123 WIB Sat Nov 21 2026", ": Written by budi at 11:00:00 WIB Sat Nov 21 2026"),
    ],
    "iosxr": [
        ("!! Last configuration change at Sat Nov 21 10:00:00 2026 by budi", "!! Last configuration change at x by y"),
        ("Sat Nov 21 10:00:00.123 WIB", "Sat Nov 21 11:00:00.123 WIB"),
    ],
    "junos": [("## Last commit: 2026-11-21 11:41:05 UTC by budi", "## Last commit: 2026-11-22 11:41:05 UTC by andi")],
    "routeros": [
        ("# 2026-11-21 06:08:35 by RouterOS 7.10.1", "# 2026-11-22 06:08:35 by RouterOS 7.10.1"),
        ("# nov/21/2026 06:08:35 by RouterOS 6.49.10", "# nov/22/2026 06:08:35 by RouterOS 6.49.10"),
        ("# inactive time", None),
        ("# received packet from ether3 with own address as source address", None),
        ("# poe-out status: short_circuit", None),
        ("# Interface not running", None),
    ],
    "fortios": [
        ("#conf_file_ver=440000000000001", "#conf_file_ver=440000000000002"),
        ("        set password ENC abc==", "        set password ENC def=="),
    ],
    "vrp": [("!Last configuration was updated at 2026-11-21 by budi", "!Last configuration was saved at 2026-11-22")],
    "frr": [("! Last configuration change: 2026", None)],
    "nftables": [("tcp dport 22 counter packets 1 bytes 60 accept", "tcp dport 22 counter packets 9 bytes 600 accept")],
    "linux": [
        ("10.20.0.0/16 via 10.9.1.2 dev eth0 proto bgp metric 20", None),
        ("default via 10.9.1.1 dev eth0 proto ra metric 100 expires 1780sec", None),
        ("        ct state new counter packets 3 bytes 180", "        ct state new counter packets 4 bytes 240"),
    ],
    "netgear": [("!System Up Time          3 days", "!System Up Time          4 days")],
    "aoscx": [("!Time: 2026", "!Time: 2027")],
}
CHANGES = {
    "ios": ("! mohon jangan diubah", "ntp server 192.0.2.9"),
    "routeros": ("# model = RB4011iGS+", "# serial number = AAAA", 'add comment="# inactive time"'),
    "fortios": ("        set passwd-time 3", "        set alias x"),
    "linux": ("10.20.0.0/16 via 10.9.1.2 dev eth0 proto static", "default via 10.9.1.1 dev eth0"),
    "nxos": ("!Command: show running-config",),
}


def compared(name: str, line: str | None) -> list[str]:
    lines = ["satu", *([line] if line is not None else []), "dua"]
    return platform(name).meaningful("\n".join(lines))


@pytest.mark.parametrize(
    ("name", "before", "after"), [(name, *pair) for name, pairs in ALONE.items() for pair in pairs]
)
def test_what_changes_by_itself_is_no_change(name: str, before: str, after: str | None) -> None:
    assert compared(name, before) == compared(name, after)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, lines in CHANGES.items() for line in lines])
def test_what_a_person_writes_is_one(name: str, line: str) -> None:
    assert compared(name, line) != compared(name, None)
