"""NETCONF, byte for byte: both framings, however they are cut on their way, and what is no NETCONF."""

from __future__ import annotations

import asyncio

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_netconf
from ansible_collections.sopwrap.backup.plugins.module_utils.device_netconf import Netconf
from ansible_collections.sopwrap.backup.plugins.module_utils.device_shell import Dropped
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from lxml import etree

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
DATA = '<data><top xmlns="x:y" xmlns:t="x:t"><name>a &lt; b</name><kind>t:ether</kind></top></data>'


class Server:
    """What a server sends, in pieces of some bytes, and what it was sent."""

    def __init__(self, *bodies: str, versions: tuple[str, ...] = ("1.0", "1.1"), step: int = 7, more: str = "") -> None:
        told = "".join(f"<capability>urn:ietf:params:netconf:base:{version}</capability>" for version in versions)
        hello = f'<hello xmlns="{BASE}"><capabilities>{told}{more}</capabilities></hello>]]>]]>'
        replies = [f'<rpc-reply xmlns="{BASE}" message-id="1">{body}</rpc-reply>' for body in bodies]
        framed = [self._chunks(reply) if "1.1" in versions else f"{reply}]]>]]>" for reply in replies]
        self.waiting = "".join([hello, *framed]).encode()
        self.step, self.sent = step, b""

    @staticmethod
    def _chunks(reply: str) -> str:
        return f"\n#10\n{reply[:10]}\n#{len(reply[10:].encode())}\n{reply[10:]}\n##\n"

    async def read(self, _size: int) -> bytes:
        piece, self.waiting = self.waiting[: self.step], self.waiting[self.step :]
        return piece

    def write(self, data: bytes) -> None:
        self.sent += data


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_netconf, "_AFTER_HELLO", 0.0)


def told(server: Server, *lines: str) -> list[str]:
    async def talk() -> list[str]:
        session = Netconf(etree, server, server)
        await session.begin()
        return [await session.say(line) for line in lines]

    return asyncio.run(talk())


@pytest.mark.parametrize("versions", [("1.0",), ("1.0", "1.1"), ("1.1",)])
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_what_the_device_has_is_told_in_lines_with_all_its_prefixes(versions: tuple[str, ...], step: int) -> None:
    (text,) = told(Server(DATA, versions=versions, step=step), "<get-config/>")
    assert text.splitlines()[0].startswith("<data xmlns=") and text.splitlines()[-1] == "</data>"
    assert '  <top xmlns="x:y" xmlns:t="x:t">' in text and "    <name>a &lt; b</name>" in text


@pytest.mark.parametrize(("versions", "frame"), [(("1.0",), b"]]>]]>"), (("1.1",), b"\n##\n")])
def test_a_kept_text_is_sent_as_the_configuration_it_is(versions: tuple[str, ...], frame: bytes) -> None:
    text = told(Server(DATA, versions=versions), "<get-config/>")[0]
    server = Server("<ok/>", versions=versions)
    assert told(server, f"<copy-config><source>{text}</source></copy-config>") == [""]
    assert b"<config" in server.sent and b"<data" not in server.sent
    assert b'<top xmlns="x:y" xmlns:t="x:t"><name>a &lt; b</name>' in server.sent
    assert server.sent.endswith(frame)


def test_an_error_is_told_and_a_warning_is_none() -> None:
    error = "<rpc-error><error-severity>{}</error-severity><error-message>not\n  so</error-message></rpc-error>"
    assert told(Server(error.format("error")), "<commit/>") == ["rpc-error: not so\n"]
    assert told(Server(error.format("warning") + "<ok/>"), "<commit/>") == [""]


def test_of_a_startup_configuration_is_said_something_only_where_there_is_one() -> None:
    line = "<copy-config><target><startup/></target></copy-config>"
    without, having = Server(), Server("<ok/>", more=f"<capability>{device_netconf._STARTUP}</capability>")
    assert told(without, line) == told(having, line) == [""]
    assert b"<startup" in having.sent and b"<startup" not in without.sent


def test_a_session_that_ends_early_is_told_from_a_whole_one() -> None:
    server = Server(DATA)
    server.waiting = server.waiting[:-3]
    with pytest.raises(Dropped):
        told(server, "<get-config/>")


@pytest.mark.parametrize(
    ("noise", "words"),
    [
        (b"this is a shell, and it says much more than that\n", "framing"),
        (b"\n#5\nabcde\n##\n", "no XML"),
    ],
)
def test_what_is_no_netconf_is_refused(noise: bytes, words: str) -> None:
    server = Server()
    server.waiting += noise
    with pytest.raises(Problem, match=words):
        told(server, "<get-config/>")


def test_nothing_that_a_device_sends_makes_us_read_a_file() -> None:
    kind = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    trap = f'{kind}<rpc-reply xmlns="{BASE}"><data>&f;</data></rpc-reply>'
    server = Server(versions=("1.0",))
    server.waiting += f"{trap}]]>]]>".encode()
    assert told(server, "<get-config/>")[0].strip() in (f'<data xmlns="{BASE}">&f;</data>', f'<data xmlns="{BASE}"/>')


def test_a_device_that_goes_on_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_netconf, "FLOOD", 5_000)
    with pytest.raises(Problem, match="did not stop"):
        told(Server("x" * 9_000, step=1000), "<get-config/>")
