"""A MariaDB server of the office: own folder, socket, free port, and the database of the website."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.office.mariadb_data import filler, website
from tests.office.process import Account, Keeper, free_port, program, run, wait_until
from tests.office.seeded import Seed, write_secret

DATABASE = "website"
USER = "cadangan"


class MariaDB:
    """One server; the user that backs up has a password, over the socket and over TCP."""

    database = DATABASE
    user = USER

    def __init__(self, folder: Path, secrets_folder: Path, keeper: Keeper, seed: Seed) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.socket = folder / "mariadb.sock"
        self.password_file = secrets_folder / "mariadb.password"
        self.port = 0
        self._client_file = secrets_folder / "mariadb.cnf"
        self._keeper = keeper
        self._seed = seed
        self._account = Account.of("mysql", "mariadb-server")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def password(self) -> str:
        """The password of ``cadangan``."""
        return self.password_file.read_text(encoding="ascii")

    @property
    def source(self) -> dict[str, Any]:
        """What an asset's ``source`` says to reach the database over the socket."""
        return {"database": self.database, "socket": str(self.socket), "user": USER, "password": self.password}

    @property
    def tcp_source(self) -> dict[str, Any]:
        """The same database over TCP."""
        return {
            "database": self.database,
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "password": self.password,
        }

    def start(self) -> None:
        """Make the server's folder if there is none, start it, load the data if it is not there."""
        self._make_folder()
        self.port = free_port()
        self.socket.unlink(missing_ok=True)
        options = {
            "datadir": self.data,
            "tmpdir": self.folder / "tmp",
            "socket": self.socket,
            "pid-file": self.folder / "mariadb.pid",
            "init-file": self.folder / "accounts.sql",
            "port": self.port,
            "bind-address": "127.0.0.1",
            "event-scheduler": "ON",
            "character-set-server": "utf8mb4",
            "innodb-buffer-pool-size": "64M",
            "innodb-flush-log-at-trx-commit": 2,  # survives a kill of the server, not of the machine
            "innodb-use-native-aio": 0,
            "max-connections": 40,
            "max-allowed-packet": "64M",
        }
        words = [program("mariadbd"), "--no-defaults", *(f"--{name}={value}" for name, value in options.items())]
        self._process = self._keeper.start("mariadb", [*self._account.prefix(self.folder), *words])
        wait_until(self._answers, "MariaDB", self._runs, self._keeper.logs / "mariadb.log")
        if not self._seed.is_in(self.folder):
            self.reseed()

    def stop(self) -> None:
        """End the server; the data stay."""
        self._keeper.end(self._process, signal.SIGTERM)
        self._process = None

    def sql(self, text: str, database: str | None = None) -> str:
        """Run SQL and return rows, one a line, columns separated by a tab, NULL as ``NULL``."""
        return run([*self._client(), "--batch", "--skip-column-names", database or self.database], text=text)

    def reseed(self) -> None:
        """Drop what is in the way and load the database's first data again."""
        self._seed.forget(self.folder)
        own = "'mysql','sys','information_schema','performance_schema'"
        listing = f"SELECT REPLACE(schema_name, '`', '``') FROM schemata WHERE schema_name NOT IN ({own})"
        for name in self.sql(listing, "information_schema").splitlines():
            self.sql(f"DROP DATABASE `{name}`", "mysql")
        self.sql(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4", "mysql")
        self.sql("".join(website(self._seed.number, self._seed.scale)))
        self._seed.mark(self.folder)

    def create(self, database: str, megabytes: int) -> None:
        """Make a database of about so many megabytes of filler that hardly compresses; same seed, same rows."""
        self.sql(f"DROP DATABASE IF EXISTS `{database}`; CREATE DATABASE `{database}`", "mysql")
        self.sql(filler(self._seed.number, megabytes), database)

    def damage(self) -> str:
        """Drop a table and change rows, as a slip of the hand does; return what is gone."""
        self.sql(
            "SET foreign_key_checks = 0; DROP TABLE komentar; UPDATE artikel SET judul = 'DIRETAS' WHERE id % 3 = 0;"
            "DROP PROCEDURE IF EXISTS terbitkan; DROP TRIGGER IF EXISTS artikel_ubah"
        )
        return "The table komentar, a procedure and a trigger are dropped, and every third article is called DIRETAS."

    def _make_folder(self) -> None:
        if (self.data / "mysql").is_dir() and self._seed.is_in(self.folder):
            return
        self._seed.forget(self.folder)
        if self.data.exists():
            shutil.rmtree(self.data)
        self._account.own(self.folder, self.data, self.folder / "tmp")
        self.data.chmod(0o700)
        password = write_secret(self.password_file, secrets.token_urlsafe(18))
        write_secret(self._client_file, f'[client]\nuser={USER}\npassword="{password}"\nsocket="{self.socket}"\n')
        accounts = self.folder / "accounts.sql"
        accounts.write_text(_accounts(password), encoding="ascii")
        accounts.chmod(0o600)
        self._account.own_file(accounts)
        options = [
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
            "--innodb-use-native-aio=0",
        ]
        installer = [program("mariadb-install-db"), "--no-defaults", f"--datadir={self.data}", *options]
        self._keeper.run("mariadb-install-db", [*self._account.prefix(self.folder), *installer])

    def _client(self) -> list[str]:
        return [
            program("mariadb"),
            f"--defaults-file={self._client_file}",
            "--default-character-set=utf8mb4",
            "--binary-mode",
        ]

    def _answers(self) -> bool:
        words = [*self._client(), "--connect-timeout=2", "-e", "SELECT 1"]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None


def _accounts(password: str) -> str:
    """What every start makes true, one statement a line: users for backup and application, a root only root can be."""
    return (
        f"CREATE USER IF NOT EXISTS '{USER}'@'localhost' IDENTIFIED BY '{password}';\n"
        f"CREATE USER IF NOT EXISTS '{USER}'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'localhost' WITH GRANT OPTION;\n"
        f"GRANT ALL PRIVILEGES ON *.* TO '{USER}'@'127.0.0.1' WITH GRANT OPTION;\n"
        f"CREATE USER IF NOT EXISTS 'website_aplikasi'@'localhost' IDENTIFIED BY '{password}';\n"
        f"GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON {DATABASE}.* TO 'website_aplikasi'@'localhost';\n"
        "ALTER USER 'root'@'localhost' IDENTIFIED VIA unix_socket;\n"
    )
