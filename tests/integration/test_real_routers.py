"""Real software takes a whole configuration back, over real SSH, by its shipped platform."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.trial import tried

from tests.integration.routers import ADDRESS, INTERFACES, UNDO_AFTER, Network, begin_netconf, edit
from tests.office.platforms import platform

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace of its own needs root")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    made = Network(tmp_path_factory.mktemp("jaringan"))
    yield made
    made.end()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_replace, "_BETWEEN", 0.2)


def test_routers_take_a_whole_configuration_back_and_what_was_added_is_gone(network: Network) -> None:
    good = network.fetched("frr")
    lines = ("configure terminal", "no ip route 10.88.0.0/16 Null0", "ip route 10.66.0.0/16 Null0")
    network.device.run("vtysh " + " ".join(f"-c '{line}'" for line in lines))
    network.device.run("vtysh -c 'configure terminal' -c 'ip prefix-list KANTOR seq 4 deny 10.9.7.0/24'")
    network.replace("frr", good)
    assert network.fetched("frr") == good


def test_a_restore_that_takes_away_the_route_it_came_by_is_taken_back_by_the_routers_timer(network: Network) -> None:
    before = network.fetched("frr")
    deaf = before.replace("neighbor 10.9.2.1 remote-as 64512", "neighbor 10.9.2.1 remote-as 64999")
    assert deaf != before
    with pytest.raises(Problem, match="its timer took that back; it has its former configuration again"):
        network.replace("frr", deaf)
    assert network.fetched("frr") == before


RULES = """
nft add table inet saring
nft add chain inet saring masuk '{ type filter hook input priority 0 ; policy accept ; }'
nft add rule inet saring masuk tcp dport 22 counter accept comment '"pintu kantor"'
"""


def _nftables(network: Network) -> None:
    network.device.run(RULES)


def _bird(network: Network) -> None:
    text = "protocol device {\n}\nprotocol static pusat {\n  ipv4;\n  route 10.77.0.0/16 blackhole;\n}\n"
    (network.device.folder / "etc/bird/bird.conf").write_text(f"router id {ADDRESS};\n{text}", encoding="ascii")
    network.device.run("mkdir /run/bird && bird -c /etc/bird/bird.conf")


def _openvswitch(network: Network) -> None:
    schema, database = "/usr/share/openvswitch/vswitch.ovsschema", "/etc/openvswitch/conf.db"
    remote = "--remote=punix:/run/openvswitch/db.sock"
    network.device.run(f"mkdir -p /run/openvswitch /var/log/openvswitch && ovsdb-tool create {database} {schema}")
    network.device.run(f"ovsdb-server {remote} --pidfile --detach --log-file {database} && ovs-vsctl --no-wait init")
    network.device.run("ovs-vswitchd --pidfile --detach --log-file")
    network.device.run("ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev")
    network.device.run("ovs-vsctl add-port br0 lantai-1 tag=30 -- set interface lantai-1 type=internal")
    network.device.run("ovs-vsctl add-port br0 lantai-2 tag=40 -- set interface lantai-2 type=internal")


SOFTWARE: dict[str, tuple[Callable[[Network], None], str | Callable[[Network], None], tuple[str, str]]] = {
    "netconf": (
        begin_netconf,
        lambda network: edit(network, INTERFACES.format(name="lantai-9", words="Salah")),
        ("ethernetCsmacd", "tidakAda"),
    ),
    "nftables": (
        _nftables,
        "nft add table ip asing; nft flush chain inet saring masuk",
        ("accept comment", "terima comment"),
    ),
    "bird": (
        _bird,
        "sed -i s/10.77/10.66/ /etc/bird/bird.conf; birdc configure",
        ("blackhole;", "lubang;"),
    ),
    "openvswitch": (
        _openvswitch,
        "ovs-vsctl del-port lantai-1 -- add-br br9 -- set bridge br9 datapath_type=netdev -- set port lantai-2 tag=41",
        ('"datapath_type":"netdev"', '"datapath_type":7'),
    ),
}
"""How each is started, what a slip of the hand does to it, and what makes its configuration one that it refuses."""


BROKEN = {name: words for name, (_start, _slip, words) in SOFTWARE.items()}


@pytest.fixture(scope="module", params=SOFTWARE)
def software(request: pytest.FixtureRequest, network: Network) -> str:
    """The name of a platform whose software runs now."""
    SOFTWARE[request.param][0](network)
    return str(request.param)


def test_it_goes_back_whole(software: str, network: Network) -> None:
    good, of = network.fetched(software), platform(software)
    slip = SOFTWARE[software][1]
    slip(network) if callable(slip) else network.device.run(slip)
    assert of.content(network.fetched(software)) != of.content(good)
    network.replace(software, good)
    assert of.content(network.fetched(software)) == of.content(good)


def test_what_the_software_does_not_understand_changes_nothing(software: str, network: Network) -> None:
    before, of = network.fetched(software), platform(software)
    with pytest.raises(Problem, match=r"refused a step.*its former configuration again"):
        network.replace(software, before.replace(*BROKEN[software]))
    assert of.content(network.fetched(software)) == of.content(before)


def test_a_drill_loads_it_into_software_of_its_own(software: str, network: Network) -> None:
    if platform(software).shape.trial.get("script"):
        _drilled(software, network.fetched(software), BROKEN[software])


def test_a_drill_loads_a_routers_configuration_into_daemons_of_its_own(network: Network) -> None:
    _drilled("frr", network.fetched("frr"), ("ip route", "ip rute"))


def _drilled(name: str, text: str, broken: tuple[str, str]) -> None:
    assert "it is the same there" in str(tried(platform(name), text))
    with pytest.raises(Problem, match="does not take the configuration"):
        tried(platform(name), text.replace(*broken))


def test_no_timer_takes_back_what_was_kept(network: Network) -> None:
    time.sleep(UNDO_AFTER)
    for name, text in network.kept.items():
        assert platform(name).content(network.fetched(name)) == platform(name).content(text), name


def test_a_ruleset_that_shuts_the_door_it_came_by_is_taken_back_by_the_timer(network: Network) -> None:
    before = network.fetched("nftables")
    with pytest.raises(Problem, match="its timer took that back; it has its former configuration again"):
        network.replace("nftables", before.replace("accept comment", "drop comment"))
    assert network.fetched("nftables") == before
