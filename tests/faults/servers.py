"""Real servers that stores lie on: SSH's file transfer, rclone's append-only REST server over TLS, and S3 (moto).

Each is a context manager with ``repository`` (where restic finds it), ``access`` (what ``sopwrap_stores`` says of the
way to it) and ``folder`` (what lies there on the server's own disk; S3 is in memory).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from tests.office.process import free_port, program, run, wait_until

HOST = "127.0.0.1"


class Server(ABC):
    """A program that listens on a port of this machine while the block lasts, and dies with the tests."""

    repository: str
    access: dict[str, str]

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = place / "gudang"
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder.mkdir(parents=True)
        self.prepare()

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server reads at its start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The words that start it."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it listens."""
        log = self.place / "server.log"
        words = [program("setpriv"), "--pdeathsig", "KILL", *self.wrap(), *self.command()]
        with log.open("ab") as output:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self._process = process
        wait_until(self._listens, type(self).__name__, lambda: process.poll() is None, log, 60)

    def stop(self) -> None:
        """End it; nothing happens when it has ended."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._process.wait()
            self._process = None

    def wrap(self) -> list[str]:
        """Words before the command."""
        return []

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0


class Sftp(Server):
    """OpenSSH's sshd that lets one key in, to transfer files; ``size`` makes its disk a small one of its own."""

    def __init__(self, place: Path, size: str = "") -> None:
        self._size = size
        super().__init__(place)

    def prepare(self) -> None:
        """Make the keys of both sides, and the server's settings."""
        for name in ("host", "client"):
            run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(self.place / name)])
        public = (self.place / "host.pub").read_text(encoding="ascii")
        settings = {
            "Port": self.port, "ListenAddress": HOST, "HostKey": self.place / "host", "PidFile": "none",
            "AuthorizedKeysFile": self.place / "client.pub", "StrictModes": "no", "UsePAM": "no",
            "Subsystem": "sftp internal-sftp",
        }  # fmt: skip
        lines = [f"{key} {value}" for key, value in settings.items()]
        (self.place / "sshd.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        user = run([program("id"), "-un"]).strip()
        self.repository = f"sftp://{user}@{HOST}:{self.port}/{self.folder}/sopwrap"
        self.access = {
            "ssh_key": (self.place / "client").read_text(encoding="ascii"),
            "known_hosts": f"[{HOST}]:{self.port} {public}",
        }
        Path("/run/sshd").mkdir(exist_ok=True)

    def wrap(self) -> list[str]:
        """A small disk in a mount namespace of the server's own."""
        if not self._size:
            return []
        script = f'mount -t tmpfs -o size={self._size} tmpfs "{self.folder}" && exec "$@"'
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]

    def command(self) -> list[str]:
        """Sshd, in the foreground."""
        return [program("sshd"), "-D", "-e", "-f", str(self.place / "sshd.conf")]

    def inside(self, path: Path) -> Path:
        """A path as the server's own mount namespace has it."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}/root{path}")


class AppendOnly(Server):
    """`rclone serve restic --append-only` over TLS, with an account: what is there can be added to, not removed."""

    def prepare(self) -> None:
        """Make a certificate for 127.0.0.1, and the account."""
        certificate, key = str(self.place / "server.crt"), str(self.place / "server.key")
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        names = ["-subj", "/CN=gudang", "-addext", f"subjectAltName=IP:{HOST}"]
        run([program("openssl"), *words, *names, "-keyout", key, "-out", certificate])
        password = secrets.token_urlsafe(18)
        hashed = run([program("openssl"), "passwd", "-apr1", "-stdin"], text=password).strip()
        (self.place / "htpasswd").write_text(f"gudang:{hashed}\n", encoding="ascii")
        self.repository = f"rest:https://gudang@{HOST}:{self.port}/sopwrap/"
        self.access = {"password": password, "cacert": Path(certificate).read_text(encoding="ascii")}

    def command(self) -> list[str]:
        """Rclone, serving the folder."""
        certificate = ["--cert", str(self.place / "server.crt"), "--key", str(self.place / "server.key")]
        words = ["serve", "restic", "--append-only", "--addr", f"{HOST}:{self.port}", *certificate]
        return [program("rclone"), *words, "--htpasswd", str(self.place / "htpasswd"), str(self.folder)]


class S3(Server):
    """Moto's S3 server: the protocol of object stores, kept in memory."""

    def prepare(self) -> None:
        """Think of an account; the server takes any."""
        self.repository = f"s3:http://{HOST}:{self.port}/ember/sopwrap"
        self.access = {"key_id": f"AK{secrets.token_hex(8)}", "secret": secrets.token_urlsafe(30)}

    def command(self) -> list[str]:
        """Moto's own server."""
        return [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(self.port)]

    def environment(self) -> dict[str, str]:
        """The account as restic reads it, for whoever looks at the store by hand."""
        account = {"AWS_ACCESS_KEY_ID": self.access["key_id"], "AWS_SECRET_ACCESS_KEY": self.access["secret"]}
        return {**os.environ, **account}
