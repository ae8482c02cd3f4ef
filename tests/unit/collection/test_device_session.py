"""Asking devices over SSH: real sessions with small servers on loopback."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_line
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

from tests.office.busy import Busy
from tests.office.texts import TEXTS
from tests.unit.collection.conftest import Boxes

TEXT = "begin\nhostname rtr\nsatu dua\nend\n"
DATA = {
    "name": "uji",
    "commands": ["show", "vtysh -c show"],
    "begin": "^begin",
    "end": "^end$",
    "hostname": r"^hostname (\S+)",
}
PLATFORM = Platform.of(DATA)
SILENT, FLOODING, DROPPING = "diam", "banjir", "putus"


class _Doorman(asyncssh.SSHServer):
    """Lets users in by the password `sandi`, and through to anywhere."""

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


async def _answer(process: asyncssh.SSHServerProcess[str]) -> None:
    """A login shell that knows one command; some users find it in trouble."""
    user = process.get_extra_info("username")
    if user == SILENT:
        await asyncio.sleep(60)
    if user == FLOODING:
        while True:
            process.stdout.write("x" * 65536)
            await process.stdout.drain()
    if user == DROPPING:
        process.stdout.write(TEXT[:12])
        await process.stdout.drain()
        process.get_extra_info("connection").abort()
        return
    if process.command == SILENT:
        await asyncio.sleep(60)
    if process.command == DROPPING:
        process.get_extra_info("connection").abort()
        return
    if process.command == "vtysh -c show":
        process.stdout.write(TEXT)
        process.exit(0)
    else:
        process.stderr.write(f"sh: 1: {process.command}: not found\n")
        process.exit(127)


@dataclass
class Server:
    """A running server and the device behind it."""

    device: Device
    sessions: list[str]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    key, loop, ready = asyncssh.generate_private_key("ssh-ed25519"), asyncio.new_event_loop(), threading.Event()
    ports, sessions = [], []

    async def serve() -> None:
        async def answer(process: asyncssh.SSHServerProcess[str]) -> None:
            sessions.append(str(process.command))
            await _answer(process)

        listening = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=_Doorman, server_host_keys=[key], process_factory=answer
        )
        ports.append(listening.get_port())
        ready.set()

    thread = threading.Thread(target=lambda: (loop.run_until_complete(serve()), loop.run_forever()), daemon=True)
    thread.start()
    assert ready.wait(20)
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{ports[0]} {key.export_public_key().decode()}", encoding="utf-8")
    way = Way("127.0.0.1", ports[0], "budi", str(known), password="sandi")
    yield Server(Device("rtr", PLATFORM, way), sessions)
    loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
    loop.call_soon_threadsafe(loop.call_later, 0.1, loop.stop)
    thread.join(10)


def by(device: Device, name: str = "rtr", timeout: float = 30.0, retries: int = 1, **way: Any) -> Device:
    """The same device, reached otherwise."""
    return replace(device, name=name, timeout=timeout, retries=retries, way=replace(device.way, **way))


def problem(device: Device) -> Problem:
    answer = ask([device])[0]
    assert isinstance(answer, Problem), answer
    return answer


def test_commands_are_tried_until_one_answers_with_a_configuration(server: Server) -> None:
    assert ask([server.device]) == [Answer(TEXT)]
    assert server.sessions == ["show", "vtysh -c show"]


def test_many_devices_are_asked_at_once_and_one_in_trouble_keeps_nobody(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One never answers, one answers for ever, one drops the line in the middle."""
    monkeypatch.setattr(device_line, "FLOOD", 1_000_000)
    silent = by(server.device, "rtr-diam", user=SILENT, timeout=3.0)
    trouble = [silent, by(server.device, user=FLOODING), by(server.device, user=DROPPING), silent]
    begin = time.monotonic()
    answers = ask([*trouble[:2], *[server.device] * 20, *trouble[2:]])
    assert time.monotonic() - begin < 20
    assert answers[2:-2] == [Answer(TEXT)] * 20
    said = [answer.message for answer in (*answers[:2], *answers[-2:]) if isinstance(answer, Problem)]
    assert len(said) == 4
    wanted = ("within 3 seconds", "did not stop", "ended the session", "within 3 seconds")
    for words, sentence in zip(wanted, said, strict=True):
        assert words in sentence
        assert "rtr" in sentence


def test_a_line_that_was_lost_is_tried_again_and_a_refusal_is_not(server: Server) -> None:
    problem(by(server.device, user=DROPPING, retries=2))
    assert server.sessions == ["show"] * 3
    problem(by(server.device, password="salah"))
    problem(replace(server.device, hostname="lain"))
    assert server.sessions == ["show"] * 3 + ["show", "vtysh -c show"]


def test_a_device_whose_key_is_another_one_gets_no_password(server: Server, tmp_path: Path) -> None:
    port = server.device.way.port
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "lain").write_text(f"[127.0.0.1]:{port} {other}", encoding="utf-8")
    (tmp_path / "kosong").touch()
    for name in ("lain", "kosong"):
        found = problem(by(server.device, known_hosts=str(tmp_path / name)))
        assert "was not trusted" in found.message
        assert f"ssh-keyscan -p {port} 127.0.0.1" in str(found.hint)
    assert server.sessions == []


def test_a_jump_host_is_opened_once_for_all_devices_behind_it(server: Server) -> None:
    behind = replace(server.device, jump=server.device.way)
    assert ask([behind, behind, behind]) == [Answer(TEXT)] * 3
    wrong = replace(server.device, jump=replace(server.device.way, password="salah"))
    assert "does not let the user" in problem(wrong).message


def test_old_algorithms_are_spoken_only_where_they_are_allowed(server: Server) -> None:
    old = replace(server.device.way, user="tua", algorithms={"ciphers": ["aes128-cbc"]})
    assert ask([replace(server.device, way=old)]) == [Answer(TEXT)]
    unknown = replace(server.device.way, algorithms={"ciphers": ["rot13"]})
    assert "rot13" in problem(replace(server.device, way=unknown)).message


def test_a_serial_number_that_is_another_one_is_another_device(server: Server) -> None:
    facts = [{"command": None, "serial": r"^satu (\S+)"}]
    told = Platform.of({**DATA, "facts": facts})
    assert ask([replace(server.device, platform=told, serial="dua")]) == [Answer(TEXT, {"serial": "dua"})]
    assert "serial number dua instead of tiga" in problem(replace(server.device, platform=told, serial="tiga")).message


@pytest.mark.parametrize("command", [SILENT, DROPPING])
def test_a_device_that_stumbles_over_a_question_about_itself_has_given_its_configuration(
    server: Server, command: str
) -> None:
    facts = [{"command": "show", "model": "^sh: (1)"}, {"command": command, "serial": "(x)"}]
    device = replace(server.device, platform=Platform.of({**DATA, "facts": facts}), serial="x", timeout=2.0)
    assert ask([device]) == [Answer(TEXT, {"model": "1"}, silent=True)]


def test_what_is_wrong_is_said_without_the_password(server: Server, tmp_path: Path) -> None:
    wrong = problem(by(server.device, password="salah-sekali"))
    assert "does not let the user budi in" in wrong.message
    assert "salah-sekali" not in wrong.message + str(wrong.hint)
    (tmp_path / "kunci").write_text("bukan kunci", encoding="utf-8")
    assert "no private key" in problem(by(server.device, key_file=str(tmp_path / "kunci"))).message
    assert "instead of lain" in problem(replace(server.device, hostname="lain")).message
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed_known = tmp_path / "tutup"
        closed_known.write_text("", encoding="utf-8")
        closed = by(server.device, port=free.getsockname()[1], known_hosts=str(closed_known), retries=0)
        assert "cannot be reached" in problem(closed).message


def test_a_device_that_asks_for_the_password_in_its_own_words_is_answered_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def challenge(_self: _Doorman, _username: str, _lang: str, _submethods: str) -> Any:
        return "", "", "", [("Kata sandi: ", False)]

    def answered(_self: _Doorman, _username: str, responses: list[str]) -> bool:
        asked.append(responses)
        return responses == ["sandi"]

    monkeypatch.setattr(_Doorman, "password_auth_supported", lambda _self: False)
    monkeypatch.setattr(_Doorman, "kbdint_auth_supported", lambda _self: True)
    monkeypatch.setattr(_Doorman, "get_kbdint_challenge", challenge)
    monkeypatch.setattr(_Doorman, "validate_kbdint_response", answered)
    assert ask([server.device]) == [Answer(TEXT)]
    assert asked == [["sandi"]]
    assert "does not let the user budi in" in problem(by(server.device, password="salah")).message
    assert asked == [["sandi"], ["salah"]], "a wrong password is said once: some devices lock the user out"


def test_what_is_missing_on_our_side_is_refused_before_a_device_is_asked(server: Server) -> None:
    for change, words in (
        ({"known_hosts": "/tidak/ada"}, "known_hosts of rtr cannot be read"),
        ({"key_file": "/tidak/ada"}, "key_file of rtr cannot be read"),
        ({"password": None}, "neither a key_file nor a password"),
        ({"known_hosts": None}, "no known_hosts for rtr"),
    ):
        with pytest.raises(Problem, match=words) as caught:
            by(server.device, **change).check()
        assert caught.value.refused


def test_a_missing_library_is_named_with_the_python_that_lacks_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(Problem, match="asyncssh") as caught:
        ask([server.device])
    assert sys.executable in str(caught.value.hint)


@pytest.mark.parametrize("name", ["ios", "junos"])
def test_a_configuration_that_is_changed_while_it_is_read_is_read_again(box: Boxes, name: str) -> None:
    made, device = box(name, Busy)
    new = TEXTS[name].replace("Ke penyedia", "Kantor baru").replace("192.0.2.2", "192.0.2.6")
    made.commits = [new]
    assert ask([device])[0].text.split() == new.split()
    assert made.readings == 2
    made.commits = [TEXTS[name], new, TEXTS[name], new]
    assert "was changed each of the 3 times it was read, which is no backup" in problem(device).message
    made.commits = []
    made.readings = 0
    assert isinstance(ask([device])[0], Answer) and made.readings == 1, "one reading is enough where nobody works"


def test_a_device_that_does_not_tell_its_last_change_is_taken_by_its_word(box: Boxes) -> None:
    made, device = box("junos", Busy)
    made.commits = [TEXTS["junos"]]
    shape = device.platform.shape
    silent = replace(shape, changed=replace(shape.changed, command="show version"))
    assert isinstance(ask([replace(device, platform=Platform(silent))])[0], Answer) and made.readings == 1
