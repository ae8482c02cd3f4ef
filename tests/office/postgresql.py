"""A PostgreSQL cluster of the office: own folder, socket, free port, and the academic database."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.office.postgresql_data import filler, siakad
from tests.office.process import Account, Keeper, free_port, program, run, wait_until
from tests.office.seeded import Seed, write_secret

DATABASE = "siakad"
SUPERUSER = "postgres"
TCP_USER = "cadangan"


class PostgreSQL:
    """One cluster: over its socket by peer (we are mapped to ``postgres``), over TCP with a SCRAM password."""

    database = DATABASE

    def __init__(self, folder: Path, secrets_folder: Path, keeper: Keeper, seed: Seed) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.password_file = secrets_folder / "postgresql.password"
        self.port = 0
        self._keeper = keeper
        self._seed = seed
        self._account = Account.of("postgres", "postgresql")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """The folder of the socket."""
        return str(self.folder)

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says to reach the database over the socket, without a password."""
        return {"database": self.database, "host": self.host, "port": self.port, "user": SUPERUSER}

    @property
    def tcp_source(self) -> dict[str, Any]:
        """The same database over TCP, as a user with a SCRAM password."""
        password = self.password_file.read_text(encoding="ascii")
        return {
            "database": self.database,
            "host": "127.0.0.1",
            "port": self.port,
            "user": TCP_USER,
            "password": password,
        }

    def start(self) -> None:
        """Make the cluster if there is none, start it, load the data if it is not there."""
        self._make_cluster()
        _forget_dead_postmaster(self.data)
        self.port = free_port()
        socket_folder = '"' + self.host.replace('"', '""') + '"'
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": socket_folder,
            "fsync": "off",
            "dynamic_shared_memory_type": "mmap",  # the default leaves files in /dev/shm when it is killed
            "shared_buffers": "64MB",
            "max_connections": "40",
            "timezone": "Asia/Pontianak",
            "log_timezone": "UTC",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        argv = [*self._account.prefix(self.folder), program("postgres"), "-D", str(self.data), *options]
        self._process = self._keeper.start("postgresql", argv)
        wait_until(self._answers, "PostgreSQL", self._runs, self._keeper.logs / "postgresql.log")
        if not self._seed.is_in(self.folder):
            self.reseed()

    def stop(self) -> None:
        """End the server (fast shutdown); the data stay."""
        self._keeper.end(self._process, signal.SIGINT)
        self._process = None

    def sql(self, text: str, database: str | None = None) -> str:
        """Run SQL (or psql's own commands) and return unaligned rows, one a line, columns separated by ``|``."""
        words = [program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        return run(
            [*words, "-h", self.host, "-p", str(self.port), "-U", SUPERUSER, "-d", database or self.database], text=text
        )

    def reseed(self) -> None:
        """Drop what is in the way and load the database's first data again."""
        self._seed.forget(self.folder)
        password = write_secret(self.password_file, secrets.token_urlsafe(18))
        others = "SELECT quote_ident(datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
        for name in self.sql(others, "postgres").splitlines():
            self.sql(f"DROP DATABASE {name} WITH (FORCE);", "postgres")
        self.sql(_roles(password), "postgres")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER siakad_pemilik;", "postgres")
        self.sql("".join(siakad(self._seed.number, self._seed.scale)))
        self._seed.mark(self.folder)

    def create(self, database: str, megabytes: int) -> None:
        """Make a database of about so many megabytes of filler that hardly compresses; same seed, same rows."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE);', "postgres")
        self.sql(f'CREATE DATABASE "{database}";', "postgres")
        self.sql(filler(self._seed.number, megabytes), database)

    def damage(self) -> str:
        """Drop a table and change rows, as a slip of the hand does; return what is gone."""
        self.sql(
            "DROP TABLE akademik.pembayaran CASCADE; DELETE FROM akademik.krs WHERE id % 7 = 0;"
            "UPDATE akademik.mahasiswa SET ipk = 4.00 WHERE ipk < 2.00; SELECT setval('akademik.nomor_surat', 1);"
        )
        return "Table akademik.pembayaran is dropped, every 7th row of akademik.krs deleted, and weak grades are 4.00."

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists() and self._seed.is_in(self.folder):
            return
        self._seed.forget(self.folder)
        if self.data.exists():
            shutil.rmtree(self.data)
        self._account.own(self.folder)
        options = [
            "-U",
            SUPERUSER,
            "-A",
            "peer",
            "--auth-host=scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        self._keeper.run(
            "initdb", [*self._account.prefix(self.folder), program("initdb"), "-D", str(self.data), *options]
        )
        ours = {pwd.getpwuid(os.geteuid()).pw_name, self._account.name}
        _map_everybody_to_superuser(self.data, ours)

    def _answers(self) -> bool:
        words = [
            program("psql"),
            "-X",
            "-h",
            self.host,
            "-p",
            str(self.port),
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            "-c",
            "SELECT 1",
        ]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None


def _forget_dead_postmaster(data: Path) -> None:
    """Wait until the children of a killed server have noticed, then remove its pid file.

    The pid in it may be a zombie or another program by now; PostgreSQL would take either for a running server.
    We hold the office's lock and have ended what was left, so no server runs on these data.
    """
    deadline = time.monotonic() + 5
    while any(_works_in(path, data) for path in Path("/proc").glob("[0-9]*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


def _map_everybody_to_superuser(data: Path, users: set[str]) -> None:
    """Let these system users be ``postgres`` (and themselves) over the socket; TCP always needs a password."""
    lines = [f'office "{user}" "{role}"\n' for user in sorted(users) for role in sorted({SUPERUSER, user})]
    (data / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")
    rules = "local all all peer map=office\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (data / "pg_hba.conf").write_text(rules, encoding="utf-8")


def _roles(password: str) -> str:
    """The roles of the cluster: the owner (no login), the application, and the one that backs up over TCP."""
    quoted = "'" + password.replace("'", "''") + "'"
    roles = {"siakad_pemilik": "NOLOGIN", "siakad_aplikasi": "LOGIN", TCP_USER: "LOGIN SUPERUSER"}
    missing = "WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{}')"
    made = [f"SELECT 'CREATE ROLE {name} {may}' {missing.format(name)} \\gexec\n" for name, may in roles.items()]
    known = [f"ALTER ROLE {name} PASSWORD {quoted};\n" for name, may in roles.items() if may != "NOLOGIN"]
    return "".join(made + known)
