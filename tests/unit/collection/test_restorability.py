"""Whether a configuration could go back: every planted defect is found, no good text is refused."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_data import Since
from ansible_collections.sopwrap.backup.plugins.module_utils.restorability import defects, missing, whole

from tests.office.platforms import files, platform
from tests.office.texts import TEXTS


def faults(name: str, text: str, hostname: str | None = None) -> str:
    return " ".join(what for what, _hint in defects(platform(name), text, hostname))


@pytest.mark.parametrize("name", TEXTS)
def test_a_good_configuration_has_no_defect(name: str) -> None:
    assert whole(platform(name), TEXTS[name], "rtr", "rtr-uji") == TEXTS[name]


@pytest.mark.parametrize("name", TEXTS)
def test_truncation_is_found_wherever_the_platform_marks_an_end(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    shape = platform(name).shape
    assert "cut off" in faults(name, TEXTS[name][:-4])
    for count in range(2, len(lines)):
        part = "".join(lines[:count])
        between = shape.pairs and not lines[count - 1].startswith(" ") and not shape.pairs[0].search(lines[count - 1])
        if (shape.pairs or not shape.open_end) and not (
            between and (shape.end is None or shape.end.search(lines[count - 1]))
        ):
            assert "cut off" in faults(name, part), f"after {count} lines"


@pytest.mark.parametrize("name", TEXTS)
def test_a_beginning_that_is_missing_is_found(name: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)[3:]
    begin = platform(name).shape.begin
    rest = "".join(lines)
    if begin and not any(begin.search(line) for line in lines):
        with pytest.raises(Problem, match="no backup"):
            whole(platform(name), rest, "rtr")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "mark",
    [
        "<secret hidden>",
        "<removed>",
        "<suppressed>",
        "<configuration removed>",
        "[REDACTED]",
        "[masked]",
        "__REDACTED__",
        "ACCESS-DENIED",
        "FortinetPasswordMask",
    ],
)
def test_marks_of_redaction_are_found_on_every_platform(name: str, mark: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    planted = "".join([*lines[:2], f"set something {mark}\n", *lines[2:]])
    assert "masked" in faults(name, planted)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", ["*****", "<hidden>", "xxxxxxxx", "••••••", "REDACTED", "**removed**"])
def test_a_secret_that_is_no_value_is_found_on_every_platform(name: str, value: str) -> None:
    if "rahasia" in TEXTS[name]:
        found = faults(name, TEXTS[name].replace("rahasia-satu", value))
        assert "masked" in found or (platform(name).shape.form == "xml" and "cut off" in found)


@pytest.mark.parametrize(
    "line",
    [
        " --More-- ",
        "---- More ----",
        "<--- More --->",
        "\x1b[24;1H",
        "\x00",
        "x\x07",
        "x\x08",
        "Terminated",
        "KILLED",
        "Connection to 192.0.2.1 closed.",
        "client_loop: send disconnect: Broken pipe",
        "Session timed out",
        "packet_write_wait: Connection to 192.0.2.1 port 22: Broken pipe",
    ],
)
@pytest.mark.parametrize("name", TEXTS)
def test_what_the_way_to_the_device_leaves_is_found(name: str, line: str) -> None:
    lines = TEXTS[name].splitlines(keepends=True)
    assert "no configuration in line 3" in faults(name, "".join([*lines[:2], line + "\n", *lines[2:]]))


@pytest.mark.parametrize("name", TEXTS)
def test_another_devices_configuration_is_found(name: str) -> None:
    if platform(name).shape.hostname:
        assert "of rtr-uji instead of rtr-lain" in faults(name, TEXTS[name], "rtr-lain")


def test_an_error_within_the_configuration_is_found_and_masked() -> None:
    text = TEXTS["ios"].replace("line vty", "% Authorization failed.\nline vty")
    assert "'% Authorization failed.'" in faults("ios", text)


def test_a_banner_of_stars_is_no_mask() -> None:
    text = TEXTS["ios"].replace("line vty", "banner login ^C\n*********\n** Dilarang **\n^C\nline vty")
    assert faults("ios", text) == ""


def test_what_a_restore_of_the_text_alone_would_not_bring_back_is_said() -> None:
    ios = platform("ios")
    text = TEXTS["ios"].replace(
        "line vty", "crypto pki certificate chain CA\n certificate ca 01 nvram:CA#1CA.cer\nline vty"
    )
    assert missing(ios, text) == ["A certificate, key or password is not in it (line 9); keep it elsewhere."]
    assert missing(ios, TEXTS["ios"]) == []
    assert missing(ios, TEXTS["ios"], known="+interface x") == [
        "The running configuration had not been saved on the device."
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aosw", "version 8.10\nmgmt-user admin root ******************** node /mm "),
        ("ironware", "ver 08.0.95\nusername budi password ....."),
        ("ironware", "ver 08.0.95\nsnmp-server community ..... ro"),
    ],
)
def test_what_a_platform_never_shows_is_said_and_no_reason_to_refuse_the_rest(name: str, text: str) -> None:
    text = f"{text}\nend\n"
    assert faults(name, text) == ""
    assert missing(platform(name), text) == ["A certificate, key or password is not in it (line 2); keep it elsewhere."]


def test_commands_of_vyos_are_a_configuration_without_braces_and_part_of_one_with_braces_is_none() -> None:
    commands = "set interfaces ethernet eth0 address '192.0.2.2/30'\nset system host-name 'rtr-uji'\n"
    assert whole(platform("vyos"), commands, "rtr", "rtr-uji") == commands
    assert "cut off" in faults("vyos", TEXTS["vyos"].rpartition("}")[0] + "\n")


def test_commands_the_version_does_not_know_are_said() -> None:
    text = TEXTS["routeros"].replace("/ip address", "/routing bgp connection\nadd name=hulu\n/ip address")
    assert "Version 6.49.10 does not know the command in line 6." in missing(platform("routeros"), text, "6.49.10")
    assert missing(platform("routeros"), text, "7.10.1") == []
    assert missing(platform("routeros"), text) == [], "without a version nothing is said"


@pytest.mark.parametrize(
    ("name", "version", "older"),
    [
        ("aoscx", "FL.10.13.0005", "FL.10.06.0010"),
        ("aosw", "8.10.0.7", "8.6.0.15"),
        ("procurve", "WC.16.11.0012", "WC.16.09.0004"),
        ("vrp", "5.170", "5.160"),
        ("pfsense", "2.7.2-RELEASE", "2.7.0-RELEASE"),
        ("ios", "17.03.05", "16.12.4"),
    ],
)
def test_a_configuration_of_a_later_version_than_the_device_has_now_is_told(
    name: str, version: str, older: str
) -> None:
    """Whoever puts an old image on a device, or another device in its place, learns it before the restore."""
    told = [f"It is of version {version}; the device has {older}, which is older and may not know all of it."]
    assert missing(platform(name), "satu\n", version, has=older) == told
    assert missing(platform(name), "satu\n", older, has=version) == []
    assert missing(platform(name), "satu\n", version, has=version) == []
    assert missing(platform(name), "satu\n", has=older) == [], "nobody knows which version wrote it"


def test_commands_are_looked_for_in_the_version_the_device_has_now() -> None:
    text = TEXTS["routeros"].replace("/ip address", "/routing bgp connection\nadd name=hulu\n/ip address")
    said = missing(platform("routeros"), text, "7.10.1", has="6.49.10")
    assert said[0] == "Version 6.49.10 does not know the command in line 6."


KNOWN = [
    ("asa", "global (outside) 1 interface", "8.3(1)", "8.2(5)"),
    ("asa", "nat (inside) 1 0.0.0.0 0.0.0.0", "9.14(3)18", "8.0(4)"),
    ("asa", " nat (inside,outside) dynamic interface", "8.2(5)", "9.14(3)18"),
    ("asa", "nat (inside,outside) source static LAN LAN", "8.2(5)", "8.3(1)"),
    ("frr", " bmp targets pusat", "7.1", "8.4.4"),
    ("frr", " neighbor 192.0.2.1 graceful-shutdown", "8.4.4", "8.5"),
    ("frr", " neighbor 192.0.2.1 ip-transparent", "10.3.1", "10.4.0"),
    ("frr", " ip pim dm", "10.3.1", "10.4.0"),
    ("ios", "device-tracking policy ASING", "15.1", "15.2(7)E3"),
    ("junos", "    management-instance;", "17.2R1.13", "22.4R3-S2.11"),
    ("ios", "username budi privilege 15 secret 9 rahasia", "15.2(7)E3", "15.3"),
    ("ios", "telemetry ietf subscription 101", "16.9.4", "17.03.05"),
    ("iosxr", "telemetry model-driven", "5.3.4", "6.1.4"),
    ("nxos", "feature telemetry", "6.0(2)U6(10)", "7.3(13)N1(1)"),
    ("eos", "service routing protocols model ribd", "4.32.0F", "4.29.2F"),
    ("fortios", "config system sdwan", "6.4.0", "7.4.7"),
    ("fortios", "config system virtual-wan-link", "7.4.7", "6.2.11"),
    ("comware", "line vty 0 63", "5.20.99", "7.1.070"),
    ("comware", " authorization-attribute user-role network-admin", "5.20.99", "7.1.070"),
    ("vyos", "zone-policy {", "1.4.1", "1.3.6"),
    ("bird", "  ipv4;", "1.6.8", "2.0.12"),
    ("bird", "roa6 table r6;", "1.6.8", "2.0.12"),
    ("bird", "roa table r;", "2.0.12", "1.6.8"),
    ("opnsense", '    <Swanctl version="1.0.0">', "22.7.11", "23.7"),
    ("opnsense", "    <Kea>", "23.7.12", "24.1"),
    ("nftables", "\ttypeof ip saddr . tcp dport", "0.9.3", "1.0.6"),
    ("cumulus", "net add interface swp1 mtu 9216", "5.0.1", "4.3.0"),
    ("pfsense", "\t<version>8.0</version>", "1.2.3", "2.0.3"),
    ("pfsense", "\t<version>9.8</version>", "2.0.3", "2.1"),
    ("pfsense", "\t<version>10.1</version>", "2.1", "2.1.1"),
    ("pfsense", "\t<version>11.6</version>", "2.1.5-RELEASE", "2.2-RELEASE"),
    ("pfsense", "\t<version>12.0</version>", "2.2.4-RELEASE", "2.2.5-RELEASE"),
    ("pfsense", "\t<version>15.8</version>", "2.2.6-RELEASE", "2.3.5-RELEASE-p2"),
    ("pfsense", "\t<version>17.3</version>", "2.3.5-RELEASE-p2", "2.4.1-RELEASE"),
    ("pfsense", "\t<version>18.9</version>", "2.4.3-RELEASE", "2.4.4-RELEASE-p1"),
    ("pfsense", "\t<version>19.1</version>", "2.4.4-RELEASE-p2", "2.4.4-RELEASE-p3"),
    ("pfsense", "\t<version>23.3</version>", "2.4.5-RELEASE-p1", "2.7.2-RELEASE"),
    ("pfsense", "\t<version>23.3</version>", "2.4.5-RELEASE", "23.09.1-RELEASE"),
    ("routeros", "/interface wifi", "7.12.1", "7.13"),
    ("routeros", "/interface wifiwave2", "6.49.10", "7.10.1"),
    ("routeros", "/interface wifiwave2", "7.13", "7.12.1"),
    ("routeros", "/routing bgp connection", "6.49.10", "7.10.1"),
    ("routeros", "/routing ospf network", "7.10.1", "6.49.10"),
]


@pytest.mark.parametrize(("name", "line", "not_by", "by"), KNOWN)
def test_what_a_version_does_not_know_is_told_and_what_it_knows_is_not(
    name: str, line: str, not_by: str, by: str
) -> None:
    told = f"Version {not_by} does not know the command in line 2."
    assert missing(platform(name), f"satu\n{line}\ntiga\n", not_by) == [told]
    assert missing(platform(name), f"satu\n{line}\ntiga\n", by) == []


RULES = [(str(data["name"]), rule) for data in files() for rule in platform(data["name"]).shape.versions]


@pytest.mark.parametrize(("name", "since"), RULES)
def test_every_rule_about_versions_is_tried(name: str, since: Since) -> None:
    assert any(since.line.search(line) for own, line, _not_by, _by in KNOWN if own == name), since.line.pattern


def test_the_zones_of_edgeos_are_not_those_of_vyos() -> None:
    assert missing(platform("edgeos"), "zone-policy {\n}\n", "v2.0.9-hotfix.7") == []


def test_a_blank_behind_each_line_is_kept_and_hides_nothing() -> None:
    text = TEXTS["ios"].replace("\n", " \n")
    assert whole(platform("ios"), text, "rtr", "rtr-uji") == text
    assert "rahasia-satu" not in platform("ios").masked(text)
