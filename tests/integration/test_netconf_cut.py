"""The line to a real NETCONF device is cut at every RPC of a restore: it has one of the two, and we know which."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace
from ansible_collections.sopwrap.backup.plugins.module_utils.device_netconf import Netconf
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import Dropped
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.integration.routers import INTERFACES, UNDO_AFTER, Network, begin_netconf, edit, say
from tests.office.platforms import platform

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace of its own needs root")
CONTENT = platform("netconf").content
GONE = ("ip link set eth0 down", "ip link set eth0 up")


class Line:
    """The line to the device; it is cut once the device has done the RPC number `at`, before we hear of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.at: int | None = None
        self._say = Netconf.say
        monkeypatch.setattr(Netconf, "say", lambda session, line: self._through(session, line))

    def cut(self, at: int | None) -> None:
        """Cut it there next time."""
        self.said, self.at = [], at

    async def _through(self, session: Netconf, line: str) -> str:
        self.said.append(line.partition(">")[0] + ">")
        answer = await self._say(session, line)
        if len(self.said) - 1 != self.at:
            return answer
        session._writer.get_extra_info("connection").abort()
        raise Dropped


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    made = Network(tmp_path_factory.mktemp("jaringan"))
    begin_netconf(made)
    yield made
    made.end()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(device_replace, "_BETWEEN", 0.2)
    return Line(monkeypatch)


def other(text: str) -> str:
    """What the device is to get."""
    wanted = text.replace("Ke gudang", "Ke arsip")
    assert wanted != text
    return wanted


def test_wherever_the_line_is_cut_the_device_has_one_of_the_two_and_we_know_which(network: Network, line: Line) -> None:
    before = network.fetched("netconf")
    wanted = other(before)
    line.cut(None)
    network.replace("netconf", wanted)
    steps = list(line.said)
    changing = [one for one in steps if one != "<get-config>"]
    assert changing == ["<lock>", "<copy-config>", "<commit>", "<commit>", "<copy-config>"]
    line.cut(None)
    network.replace("netconf", before)
    for number, step in enumerate(steps):
        line.cut(number)
        kept = True
        try:
            network.replace("netconf", wanted)
        except Problem as problem:
            kept = False
            assert number < 2 or "its former configuration again" in problem.message, step
        found = network.fetched("netconf")
        assert CONTENT(found) == CONTENT(wanted if kept else before), f"step {number}, {step}"
        assert "Ke gudang" in candidate(network) or kept, "what was not committed must not come with another's commit"
        line.cut(None)
        network.replace("netconf", before)


def candidate(network: Network) -> str:
    """What the next commit would bring."""
    return say(network, "<get-config><source><candidate/></source></get-config>")[0]


def test_a_line_that_stays_away_during_the_confirmed_commit_is_survived_by_the_devices_own_timer(
    network: Network, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = network.fetched("netconf")
    line.cut(4)  # the confirmed commit
    whole = Line._through

    async def through(self: Line, session: Netconf, text: str) -> str:
        try:
            return await whole(self, session, text)
        except Dropped:
            network.device.run(GONE[0])
            threading.Timer(UNDO_AFTER + 1, network.device.run, [GONE[1]]).start()
            raise

    monkeypatch.setattr(Line, "_through", through)
    with pytest.raises(Problem, match="its timer took that back; it has its former configuration again"):
        network.replace("netconf", other(before))
    assert network.fetched("netconf") == before


def test_a_restore_after_all_this_works_as_ever(network: Network, line: Line) -> None:
    edit(network, INTERFACES.format(name="lantai-9", words="Salah"))
    text = network.fetched("netconf").replace("Salah", "Benar")
    network.replace("netconf", text)
    time.sleep(UNDO_AFTER)
    assert CONTENT(network.fetched("netconf")) == CONTENT(text), "no timer takes it back"
