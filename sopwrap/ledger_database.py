"""The ledger's table and the two databases it can live in: who may write when, and what the database itself refuses.

SQLite: write-ahead log, fsync at every commit, ``BEGIN IMMEDIATE``, so that the last line is read under the
write lock. PostgreSQL: a transaction-level advisory lock does the same. In both, triggers refuse to change
or remove a line, and unique constraints make a forked chain impossible even without the locks.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from sopwrap.errors import LockedError, SopError, UsageError

WAIT_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

WRITE_LOCK, RUN_LOCK = 0x736F7001, 0x736F7002
"""PostgreSQL advisory locks, per database: "sop" and a number."""

metadata = MetaData()
lines = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Text, index=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False, index=True),
    Column("step", Text),
    Column("data", Text, nullable=False),
    Column("previous", Text, nullable=False, unique=True),
    Column("previous_in_case", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    UniqueConstraint("case_id", "previous_in_case"),
)

_GUARDS_SQLITE = [
    f"""CREATE TRIGGER ledger_keeps_{verb} BEFORE {verb} ON ledger
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
    for verb in ("update", "delete")
] + [
    # REPLACE would take a line out without a word from the trigger above
    """CREATE TRIGGER ledger_counts BEFORE INSERT ON ledger
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
       BEGIN SELECT RAISE(ABORT, 'a line of the ledger has to follow the last one'); END"""
]
_GUARDS_POSTGRESQL = [
    """CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()""",
]


class Database:
    """One ledger's database. ``name`` says where it is, without a password; ``hint`` what to look at when it fails."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._ready = False
        self._sqlite = self._engine.dialect.name == "sqlite"
        self.name = (
            self._engine.url.database or "" if self._sqlite else self._engine.url.render_as_string(hide_password=True)
        )
        self.hint = (
            "Look at the file, its folder and the free space; `sopwrap audit verify` checks what is in it."
            if self._sqlite
            else "Look whether the server runs and `ledger` in office.yml is right."
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the ledger and stops no writer."""
        self._make_ready()
        with self._engine.connect().execution_options(ledger_reads=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is alone in writing; committed to disk when the block ends well."""
        self._make_ready()
        with self._transaction() as connection:
            yield connection

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the office's run lock: a file lock beside an SQLite ledger, a session lock in PostgreSQL."""
        with self._file_lock() if self._sqlite else self._session_lock():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            if not self._sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                connection.execute(text("SET LOCAL synchronous_commit = on"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITE_LOCK})
            yield connection

    def _make_ready(self) -> None:
        """Make the table when it is not there yet; of two processes at it, the second finds it made."""
        if self._ready:
            return
        if self._sqlite and not Path(self.name).parent.is_dir():
            raise SopError(f"The folder of the ledger {self.name} is not there.", "Mend `ledger` in office.yml.")
        with self._engine.connect().execution_options(ledger_reads=True) as connection:
            there = inspect(connection).has_table(lines.name)
        if not there:
            with self._transaction() as connection:
                if not inspect(connection).has_table(lines.name):
                    metadata.create_all(connection)
                    for guard in _GUARDS_SQLITE if self._sqlite else _GUARDS_POSTGRESQL:
                        connection.exec_driver_sql(guard)
        self._ready = True

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        with Path(f"{self.name}.lock").open("a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _busy() from None
            yield

    @contextmanager
    def _session_lock(self) -> Iterator[None]:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_LOCK}).scalar():
                raise _busy()
            yield


def _busy() -> LockedError:
    return LockedError("Another run is at work in this office.", "Wait until it has ended, then repeat.")


def _engine(url: str) -> Engine:
    """The engine for a URL from office.yml; raise UsageError when it cannot be one (printing no password)."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise UsageError(
                f"A ledger cannot live in {parsed.get_backend_name()}.",
                "Use sqlite:///FILE or postgresql://USER@HOST/DB.",
            )
        options: dict[str, Any] = (
            {"timeout": WAIT_SECONDS} if parsed.get_backend_name() == "sqlite" else {"connect_timeout": 10}
        )
        engine = create_engine(parsed, connect_args=options, poolclass=NullPool, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError(
            "`ledger` in office.yml is not a database URL.", "Use sqlite:///FILE or postgresql://USER@HOST/DB."
        ) from error
    except ModuleNotFoundError as error:
        raise UsageError(
            f"A ledger in PostgreSQL needs the Python package {error.name}.", "Install sopwrap[postgresql]."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begins)
    return engine


def _sqlite_connected(connection: Any, _record: Any) -> None:
    """Take transactions into our own hands, and make a commit mean: on the disk."""
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}").close()


def _sqlite_begins(connection: Connection) -> None:
    reads = connection.get_execution_options().get("ledger_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
