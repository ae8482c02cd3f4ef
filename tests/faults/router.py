"""A device behind SSH that answers as a test wants: with a text that is cut off, with an error, or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

WHOLE = """Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
hostname rtr-uji
!
ip route 10.9.0.0/16 192.0.2.1
!
end
"""


@dataclass
class Router:
    """The device's address and what it does; all of it may be changed while it runs."""

    port: int
    known_hosts: Path
    password: str
    answer: str = WHOLE


class _Door(asyncssh.SSHServer):
    def __init__(self, router: Router) -> None:
        self._router = router

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return password == self._router.password


@contextmanager
def running(known_hosts: Path, password: str) -> Iterator[Router]:
    """A device on a free port of 127.0.0.1 while the block lasts; its key is written to ``known_hosts``."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    router = Router(0, known_hosts, password)
    loop = asyncio.new_event_loop()

    async def answer(process: asyncssh.SSHServerProcess[str]) -> None:
        process.stdout.write(router.answer)
        process.exit(0)

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=lambda: _Door(router), process_factory=answer
        )

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    router.port = acceptor.get_port()
    public = key.export_public_key().decode().strip()
    router.known_hosts.write_text(f"[127.0.0.1]:{router.port} {public}\n", encoding="ascii")
    try:
        yield router
    finally:
        acceptor.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
