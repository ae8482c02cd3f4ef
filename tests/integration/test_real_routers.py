"""Real software takes a whole configuration back: nftables, reached over SSH as a Linux router is."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils import device_replace
from ansible_collections.sopwrap.backup.plugins.module_utils.device import Answer, Device, Way
from ansible_collections.sopwrap.backup.plugins.module_utils.device_session import ask
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem

from tests.office.platforms import platform

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace of its own needs root")


class _Doorman(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == "sandi"


class Router:
    """Commands run in a network namespace of their own; `blocked` ends every session that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        time.sleep(0.3)
        self._enter = ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net"]
        self.blocked = lambda: False
        self._folder = folder

    def run(self, command: str, check: bool = True) -> str:
        """Run a command on the router's console."""
        done = subprocess.run(
            [*self._enter, "sh", "-c", command], env=self._environment, capture_output=True, text=True, check=check
        )
        return done.stdout + done.stderr

    async def serve(self) -> Way:
        """Let SSH in; return the way."""
        key, known = asyncssh.generate_private_key("ssh-ed25519"), self._folder / "known_hosts"
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Doorman(),
            server_host_keys=[key],
            process_factory=self._process,
            sftp_factory=True,
        )
        port = int(server.get_port())
        known.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}", encoding="ascii")
        return Way("127.0.0.1", port, "budi", str(known), password="sandi")

    async def _process(self, process: asyncssh.SSHServerProcess[str]) -> None:
        if self.blocked():
            process.get_extra_info("connection").abort()
            return
        said = await asyncio.to_thread(self.run, str(process.command), False)
        process.stdout.write(said)
        process.exit(0)

    def end(self) -> None:
        """End the namespace."""
        self._holder.kill()
        self._holder.wait()


@pytest.fixture
def router(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Router, Way]]:
    monkeypatch.setattr(device_replace, "_BETWEEN", 0.2)
    if not shutil.which("nsenter"):
        pytest.skip("there is no nsenter")
    made = Router(tmp_path)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield made, asyncio.run_coroutine_threadsafe(made.serve(), loop).result(20)
    made.end()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


def device(name: str, way: Way) -> Device:
    return Device("rtr-linux", platform(name), way, timeout=20, undo_after=3)


def fetched(of: Device) -> str:
    answer = ask([of])[0]
    assert isinstance(answer, Answer), answer
    return answer.text


RULES = """
nft add table inet saring
nft add chain inet saring masuk '{ type filter hook input priority 0 ; policy accept ; }'
nft add rule inet saring masuk tcp dport 22 counter accept comment '"pintu kantor"'
"""


def test_a_ruleset_goes_back_whole_and_what_was_added_is_gone(router: tuple[Router, Way]) -> None:
    there, way = router
    there.run(RULES)
    good = fetched(device("nftables", way))
    there.run("nft add table ip asing; nft flush chain inet saring masuk")
    device_replace.replace(device("nftables", way), good)
    assert there.run("nft -s list ruleset") == good
    time.sleep(4)
    assert there.run("nft -s list ruleset") == good, "the timer must not take back what was kept"


def test_a_ruleset_that_cuts_our_own_way_is_taken_back_by_the_routers_timer(router: tuple[Router, Way]) -> None:
    there, way = router
    there.run(RULES)
    before = fetched(device("nftables", way))
    there.blocked = lambda: "table ip putus" in there.run("nft -s list ruleset")
    with pytest.raises(Problem, match="its former configuration again"):
        device_replace.replace(device("nftables", way), before + "table ip putus {\n}\n")
    assert there.run("nft -s list ruleset") == before


def test_a_ruleset_that_is_none_is_refused_by_the_router_and_nothing_changes(router: tuple[Router, Way]) -> None:
    there, way = router
    there.run(RULES)
    before = fetched(device("nftables", way))
    with pytest.raises(Problem, match="refused a step"):
        device_replace.replace(device("nftables", way), before.replace("accept", "terima"))
    assert there.run("nft -s list ruleset") == before
