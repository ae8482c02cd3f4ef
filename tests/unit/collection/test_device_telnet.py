"""A device that knows only Telnet, behind a real telnetd: asked where its own source says so, and never otherwise."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.office.platforms import platform
from tests.office.process import program
from tests.office.texts import TEXTS

CONSOLE = """#!/bin/bash
echo "Unauthorized access denied. User Access Verification"
for _try in 1 2 3; do
  read -r -p "Username: " user; read -r -s -p "Password: " word; echo
  test "$user$word" = budisandi && break
  echo "% Login invalid"
done
test "$user$word" = budisandi || exit
while read -r -p "rtr-uji#" line; do
  case "$line" in
    "terminal"*|"") ;;
    "show running-config") cat "{text}" ;;
    "show version") echo "Cisco IOS Software, Version 15.2(7), RELEASE" ;;
    *) echo "% Invalid input detected at '^' marker." ;;
  esac
done
"""


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    """A router whose console is a script, served by telnetd one connection at a time."""
    console, text = tmp_path / "console", tmp_path / "text"
    text.write_text(TEXTS["ios"], encoding="utf-8")
    console.write_text(CONSOLE.replace("{text}", str(text)), encoding="utf-8")
    console.chmod(0o755)
    server = socket.create_server(("127.0.0.1", 0))
    running: list[subprocess.Popen[bytes]] = []

    def serve() -> None:
        while True:
            try:
                line, _address = server.accept()
            except OSError:
                return
            words = [program("telnetd"), "--no-hostinfo", f"--exec-login={console}"]
            running.append(subprocess.Popen(words, stdin=line, stdout=line, stderr=subprocess.DEVNULL))
            line.close()

    threading.Thread(target=serve, daemon=True).start()
    way = Way("127.0.0.1", server.getsockname()[1], "budi", None, password="sandi", telnet=True)
    made = replace(platform("ios").shape, enable=None)
    yield Device("rtr-uji", type(platform("ios"))(made), way, hostname="rtr-uji", timeout=10, retries=0)
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    for process in running:
        process.kill()
        process.wait()


def test_the_configuration_comes_over_telnet_as_it_is(device: Device) -> None:
    device.check()
    (answer,) = ask([device])
    assert isinstance(answer, Answer), answer
    assert answer.text == TEXTS["ios"]
    assert answer.facts["version"] == "15.2(7)"


def test_a_wrong_password_is_said_to_be_one_and_is_tried_once(device: Device) -> None:
    wrong = replace(device, way=replace(device.way, password="salah"))
    (problem,) = ask([wrong])
    assert isinstance(problem, Problem)
    assert "does not let the user budi in" in problem.message


def test_telnet_is_taken_only_where_it_was_asked_for_and_only_to_a_prompt(device: Device) -> None:
    plain = replace(device, way=replace(device.way, telnet=False))
    with pytest.raises(Problem, match="no known_hosts"):
        plain.check()
    with pytest.raises(Problem, match="no jump host"):
        replace(device, jump=Way("127.0.0.1", 22, "budi", "/dev/null", password="sandi")).check()
    with pytest.raises(Problem, match="only a device's prompt"):
        replace(device, platform=platform("frr")).check()
    with pytest.raises(Problem, match="needs a password"):
        replace(device, way=replace(device.way, password=None, key_file="/dev/null")).check()
