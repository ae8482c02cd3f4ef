"""A small network of real software in namespaces: the office's computer, a router, and the device behind it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way, library
from ansible_collections.sopwrap.backup.plugins.module_utils.device_line import Roads
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask, asking

from tests.office.machine import Machine
from tests.office.platforms import platform

ADDRESS = "10.9.2.2"
UNDO_AFTER = 5
SOCKET = "/run/netconf.sock"


class Network:
    """The office's computer, the router it is behind, and the device that is restored, joined by two cables."""

    def __init__(self, folder: Path) -> None:
        self.office = Machine("kantor", folder / "kantor")
        self.edge = Machine("rtr-1", folder / "rtr-1", ["/etc/frr"])
        self.device = Machine("rtr-2", folder / "rtr-2", ["/etc/frr", "/etc/bird", "/etc/openvswitch", "/root"])
        self.office.link("eth0", "10.9.1.1/24", self.edge, "eth0", "")
        self.edge.link("eth1", "", self.device, "eth0", "")
        self.office.run("ip route add 10.9.2.0/24 via 10.9.1.2")
        _route(self.edge, EDGE)
        _route(self.device, ROUTER)
        self.way = self.device.let_in(
            ADDRESS, f"Subsystem netconf /usr/sbin/netconf-subsystem --ncxserver-sockname=22@{SOCKET}"
        )
        self.kept: dict[str, str] = {}
        self.device.await_(lambda: "10.9.1.0/24" in self.device.run("ip route"))

    def end(self) -> None:
        """Switch everything off."""
        for machine in (self.office, self.edge, self.device):
            machine.end()

    def fetched(self, name: str) -> str:
        """The configuration, asked for from the office."""
        with self.office.inside():
            answer = ask([described(name, self.way)])[0]
        assert isinstance(answer, Answer), answer
        return answer.text

    def replace(self, name: str, text: str) -> None:
        """Give the device a configuration, from the office."""
        with self.office.inside():
            device_replace.replace(described(name, self.way), text)
        self.kept[name] = text


EDGE = """hostname rtr-1
interface eth0
 ip address 10.9.1.2/24
exit
interface eth1
 ip address 10.9.2.1/24
exit
router bgp 64512
 bgp router-id 10.9.2.1
 no bgp ebgp-requires-policy
 neighbor 10.9.2.2 remote-as 64513
 neighbor 10.9.2.2 timers connect 1
 address-family ipv4 unicast
  network 10.9.1.0/24
 exit-address-family
exit
"""
ROUTER = """hostname rtr-2
password sandi-uji
interface eth0
 description Ke penyedia
 ip address 10.9.2.2/24
exit
ip route 10.88.0.0/16 Null0
ip prefix-list KANTOR seq 5 permit 10.9.0.0/16 le 24
router bgp 64513
 bgp router-id 10.9.2.2
 no bgp ebgp-requires-policy
 neighbor 10.9.2.1 remote-as 64512
 neighbor 10.9.2.1 timers connect 1
 address-family ipv4 unicast
  neighbor 10.9.2.1 prefix-list KANTOR in
 exit-address-family
exit
"""


def _route(machine: Machine, text: str) -> None:
    """Start FRR with a configuration."""
    etc = machine.folder / "etc" / "frr"
    (etc / "frr.conf").write_text(text, encoding="utf-8")
    (etc / "vtysh.conf").write_text("service integrated-vtysh-config\n", encoding="ascii")
    machine.run("mkdir /run/frr && chown -R frr:frr /etc/frr /run/frr /var/log/frr && sysctl -qw net.ipv4.ip_forward=1")
    for daemon in ("zebra", "staticd", "bgpd"):
        machine.run(f"{daemon} -d -A 127.0.0.1")
    machine.run("vtysh -b")


def described(name: str, way: Way) -> Device:
    return Device("rtr-2", platform(name), way, timeout=4, undo_after=UNDO_AFTER)


def begin_netconf(network: Network) -> None:
    server = f"netconfd --target=candidate --no-startup --superuser=root --ncxserver-sockname={SOCKET} --port=22"
    network.device.begin(f"{server} --module=ietf-interfaces --module=iana-if-type > /run/netconfd.log 2>&1")
    network.device.await_(lambda: "yes" in network.device.run(f"test -S {SOCKET} && echo yes", check=False))
    edit(network, INTERFACES.format(name="lantai-1", words="Ke ruang &lt;rapat&gt;"))
    edit(network, INTERFACES.format(name="lantai-2", words="Ke gudang"))


INTERFACES = (
    '<edit-config><target><candidate/></target><config><interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces">'
    '<interface><name>{name}</name><description>{words}</description><type xmlns:t="urn:ietf:params:xml:ns:yang:'
    'iana-if-type">t:ethernetCsmacd</type></interface></interfaces></config></edit-config>'
)


def edit(network: Network, line: str) -> None:
    """Change something by NETCONF and keep it, as the device's owner does."""
    say(network, line, "<commit/>")


def say(network: Network, *lines: str) -> list[str]:
    """Say something by NETCONF and return the answers."""

    async def told() -> list[str]:
        here = described("netconf", network.way)
        async with Roads(library()).open(here) as connection, asking(connection, here) as put:
            answers = [await put(one) for one in lines]
        assert "rpc-error" not in "".join(answers)
        return answers

    with network.office.inside():
        for attempt in range(4):  # on a busy computer netconfd may lose what comes right after the greeting
            try:
                return asyncio.run(asyncio.wait_for(told(), 5))
            except TimeoutError:
                if attempt == 3:
                    raise
    raise AssertionError("it was tried four times")
