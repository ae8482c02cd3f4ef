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

import asyncssh
import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import Device, ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import Platform

TEXT = "begin\nhostname rtr\nsatu dua\nend\n"
PLATFORM = Platform.of(
    {
        "name": "uji",
        "commands": ["show", "vtysh -c show"],
        "begin": "^begin",
        "end": "^end$",
        "hostname": r"^hostname (\S+)",
    }
)
SILENT = "diam"


class _Doorman(asyncssh.SSHServer):
    """Lets users in by the password `sandi`."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


async def _answer(process: asyncssh.SSHServerProcess[str]) -> None:
    """A login shell that knows one command, or one that never answers for the user `diam`."""
    if process.get_extra_info("username") == SILENT:
        await asyncio.sleep(60)
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
    where = {"address": "127.0.0.1", "port": ports[0], "user": "budi", "password": "sandi", "known_hosts": str(known)}
    yield Server(Device("rtr", PLATFORM, **where), sessions)
    loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
    loop.call_soon_threadsafe(loop.call_later, 0.1, loop.stop)
    thread.join(10)


def problem(device: Device) -> Problem:
    answer = ask([device])[0]
    assert isinstance(answer, Problem), answer
    return answer


def test_commands_are_tried_until_one_answers_with_a_configuration(server: Server) -> None:
    assert ask([server.device]) == [TEXT]
    assert server.sessions == ["show", "vtysh -c show"]


def test_many_devices_are_asked_at_once_and_one_in_trouble_keeps_nobody(server: Server) -> None:
    silent = replace(server.device, name="rtr-diam", user=SILENT, timeout=3.0)
    begin = time.monotonic()
    answers = ask([silent, *[server.device] * 20, silent])
    assert time.monotonic() - begin < 20
    assert answers[1:-1] == [TEXT] * 20
    assert all(
        isinstance(answer, Problem) and "within 3 seconds" in answer.message for answer in (answers[0], answers[-1])
    )


def test_a_device_whose_key_is_another_one_gets_no_password(server: Server, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "lain").write_text(f"[127.0.0.1]:{server.device.port} {other}", encoding="utf-8")
    (tmp_path / "kosong").touch()
    for name in ("lain", "kosong"):
        found = problem(replace(server.device, known_hosts=str(tmp_path / name)))
        assert "was not trusted" in found.message
        assert f"ssh-keyscan -p {server.device.port} 127.0.0.1" in str(found.hint)
    assert server.sessions == []


def test_what_is_wrong_is_said_without_the_password(server: Server, tmp_path: Path) -> None:
    wrong = problem(replace(server.device, password="salah-sekali"))
    assert "does not let the user budi in" in wrong.message
    assert "salah-sekali" not in wrong.message + str(wrong.hint)
    (tmp_path / "kunci").write_text("bukan kunci", encoding="utf-8")
    assert "no private key" in problem(replace(server.device, key_file=str(tmp_path / "kunci"))).message
    assert "instead of lain" in problem(replace(server.device, hostname="lain")).message
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = replace(server.device, port=free.getsockname()[1])
        closed_known = tmp_path / "tutup"
        closed_known.write_text("", encoding="utf-8")
        assert "cannot be reached" in problem(replace(closed, known_hosts=str(closed_known))).message


def test_what_is_missing_on_our_side_is_refused_before_a_device_is_asked(server: Server) -> None:
    for change, words in (
        ({"known_hosts": "/tidak/ada"}, "known_hosts of rtr cannot be read"),
        ({"key_file": "/tidak/ada"}, "key_file of rtr cannot be read"),
        ({"password": None}, "neither a key_file nor a password"),
    ):
        with pytest.raises(Problem, match=words) as caught:
            replace(server.device, **change).check()
        assert caught.value.refused


def test_a_missing_library_is_named_with_the_python_that_lacks_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(Problem, match="asyncssh") as caught:
        ask([server.device])
    assert sys.executable in str(caught.value.hint)
