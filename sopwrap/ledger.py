"""The ledger: one append-only table in which every event of every case is one hash-chained line.

SQLite in the office folder by default, PostgreSQL by URL where several people on several machines work in
one office. A line is on disk (fsync) before ``append`` returns. docs/reference/ledger.md is the reference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, exists, insert, select
from sqlalchemy import case as sql_case
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sopwrap.case import Entry
from sopwrap.chain import START, Line, Verdict, canonical, digest_of, walk
from sopwrap.errors import RefusedError, SopError, UsageError
from sopwrap.ledger_database import Database, lines
from sopwrap.records import moment, stamp

FILE = "ledger.db"


@dataclass(frozen=True)
class Draft:
    """A line to be written: what happened, at which step of the case (null where it is no step's), and the facts."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    step: str | None = None


class Tip(NamedTuple):
    """A line by which a reader knows how far it has read; ``Tip()`` is before the first one."""

    seq: int = 0
    digest: str = START


class News(NamedTuple):
    """What came after a tip: the last line of the ledger now, and (kind, case, time, data as JSON text) in order."""

    tip: Tip
    lines: list[tuple[str, str | None, str, str]]


def open_ledger(folder: Path, url: str | None = None) -> Ledger:
    """Return the ledger of an office folder: ``ledger.db`` in it, or where ``url`` (``ledger`` in office.yml) points.

    A relative ``sqlite:///FILE`` is relative to the folder, wherever the command is typed.
    """
    file = url.removeprefix("sqlite:///") if url and url.startswith("sqlite:///") else FILE
    return Ledger(url if url and not url.startswith("sqlite:///") else f"sqlite:///{(folder / file).absolute()}")


class Ledger:
    """All cases of one office. Every method opens its own connection; the object may be kept as long as one likes."""

    def __init__(self, url: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = Database(url)
        self._clock = clock

    def append(self, case: str | None, drafts: Sequence[Draft], head: str | None = None) -> list[Entry]:
        """Write lines in one transaction: all or none. Return them as written.

        ``head`` is the digest the case's last line must have: what was decided on an older view of the case is
        refused. ``case`` null is for what belongs to no case.
        """
        with self._write() as connection:
            if case is not None:
                self._still(connection, case, head)
            return self._put(connection, case, drafts)

    def open_case(self, data: dict[str, Any], zone: str) -> Entry:
        """Allot the next number of the year (in ``zone``: 2026-0001, 2026-0002 …) and write the case's first line."""
        with self._write() as connection:
            last = self._last(connection)
            at, _ = _moment(self._clock(), last.at if last else None)
            year = f"{at.astimezone(ZoneInfo(zone)):%Y}"
            newest = connection.execute(
                select(lines.c.case_id)
                .where(lines.c.kind == "case.opened", lines.c.case_id.like(f"{year}-%"))
                .order_by(lines.c.seq.desc())
                .limit(1)
            ).scalar()
            number = int(newest.partition("-")[2]) + 1 if newest else 1
            return self._put(connection, f"{year}-{number:04d}", [Draft("case.opened", data)])[0]

    def entries(self, case: str) -> list[Entry]:
        """Every line of a case, oldest first; raise UsageError when there is no such case."""
        with self._read() as connection:
            rows = connection.execute(select(lines).where(lines.c.case_id == case).order_by(lines.c.seq)).all()
        if not rows:
            raise UsageError(f"There is no case {case} in this ledger.", "See `sopwrap case list --all`.")
        return [_entry(row) for row in rows]

    def cases(self, open_only: bool = False) -> list[str]:
        """The numbers of the cases, oldest first; ``open_only`` leaves out the closed ones."""
        query = select(lines.c.case_id).where(lines.c.kind == "case.opened").order_by(lines.c.seq)
        if open_only:
            other = lines.alias()
            query = query.where(~exists().where(other.c.case_id == lines.c.case_id, other.c.kind == "case.closed"))
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def of_kind(self, kind: str, containing: str = "") -> list[Entry]:
        """Every line of one kind, in any case or none, oldest first; ``containing`` is text its JSON must hold."""
        query = select(lines).where(lines.c.kind == kind).order_by(lines.c.seq)
        if containing:
            query = query.where(lines.c.data.contains(containing, autoescape=True))
        with self._read() as connection:
            return [_entry(row) for row in connection.execute(query) if containing in row.data]

    def holding(self, digest: str) -> Entry | None:
        """The line with this digest: what is printed on a paper, and must still be here."""
        with self._read() as connection:
            row = connection.execute(select(lines).where(lines.c.digest == digest)).first()
        return _entry(row) if row else None

    def after(self, tip: Tip, kinds: Sequence[str], bare: Sequence[str] = ()) -> News | None:
        """The lines of these kinds after a line known already; None when that line is not in this ledger.

        ``bare`` are kinds whose data is not wanted (``{}`` comes instead): the first line of a case is a large one.
        """
        data = sql_case((lines.c.kind.in_(bare), "{}"), else_=lines.c.data)
        query = select(lines.c.kind, lines.c.case_id, lines.c.at, data).order_by(lines.c.seq)
        with self._read() as connection:
            if tip.seq:
                there = connection.execute(select(lines.c.digest).where(lines.c.seq == tip.seq)).scalar()
                if there != tip.digest:
                    return None
            last = self._last(connection)
            wanted = query.where(lines.c.seq > tip.seq, lines.c.kind.in_(kinds))
            found = [(kind, case, at, text) for kind, case, at, text in connection.execute(wanted)]
        return News(Tip(last.seq, last.digest) if last else tip, found)

    def verify(self) -> Verdict:
        """Walk over every line and both chains, and tell the first line that is wrong, if any."""
        with self._read() as connection:
            return walk(
                _line(row)
                for row in connection.execution_options(yield_per=500).execute(select(lines).order_by(lines.c.seq))
            )

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the right to run machine steps of this office; raise LockedError (exit 75) when another run has it.

        It is gone with the process, however that dies; so a run found unfinished under this lock is a dead one.
        """
        with self._database.working():
            yield

    def _still(self, connection: Connection, case: str, head: str | None) -> None:
        last = self._last(connection, case)
        if last is None:
            raise UsageError(f"There is no case {case} in this ledger.", "See `sopwrap case list --all`.")
        if head is not None and last.digest != head:
            raise RefusedError(
                f"Case {case} has changed while this was being done.",
                f"Look again with `sopwrap case show {case}`, then repeat.",
            )

    def _put(self, connection: Connection, case: str | None, drafts: Sequence[Draft]) -> list[Entry]:
        """Chain lines to the last of the ledger and of their case; the caller holds the write lock."""
        last, in_case = self._last(connection), self._last(connection, case)
        seq, latest, previous = (last.seq, last.at, last.digest) if last else (0, None, START)
        before = in_case.digest if in_case else START
        written: list[Entry] = []
        rows: list[dict[str, Any]] = []
        for draft in drafts:
            at, clock = _moment(self._clock(), latest)
            data = {**draft.data, "clock": clock} if clock else draft.data
            seq, latest, text = seq + 1, stamp(at), canonical(data)
            digest = digest_of(case, latest, draft.kind, draft.step, data, previous, before)
            row = (seq, case, latest, draft.kind, draft.step, text, previous, before, digest)
            rows.append(dict(zip(lines.c.keys(), row, strict=True)))
            written.append(Entry(seq, case, at, draft.kind, draft.step, json.loads(text), previous, before, digest))
            previous = before = digest
        if rows:
            connection.execute(insert(lines), rows)
        return written

    @staticmethod
    def _last(connection: Connection, *case: str | None) -> Row[Any] | None:
        """The last line of the ledger, or of one case (``None`` = of what belongs to no case)."""
        query = select(lines).order_by(lines.c.seq.desc()).limit(1)
        if case:
            query = query.where(lines.c.case_id.is_(None) if case[0] is None else lines.c.case_id == case[0])
        return connection.execute(query).first()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._told(), self._database.reading() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._told(), self._database.writing() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell a database's failure in one sentence (without the statement, which holds people's data)."""
        try:
            yield
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise SopError(
                f"The ledger {self._database.name} cannot be used: {reason}.", self._database.hint
            ) from error
        except SQLAlchemyError as error:
            raise SopError(f"The ledger {self._database.name} cannot be used: {error}.", self._database.hint) from error


def _moment(now: datetime, latest: str | None) -> tuple[datetime, str | None]:
    """The time of the next line, and what the clock read where it had been set back.

    Time never goes backwards in the ledger: under a clock behind the last line, that line's time is repeated and
    the clock's own reading is kept in the data as ``clock``.
    """
    before = moment(latest) if latest else now
    return (before, stamp(now)) if now < before else (now, None)


def _line(row: Row[Any]) -> Line:
    return Line(
        row.seq, row.case_id, row.at, row.kind, row.step, row.data, row.previous, row.previous_in_case, row.digest
    )


def _entry(row: Row[Any]) -> Entry:
    """The row as the fold reads it; raise SopError when it was so changed that it cannot be read at all."""
    try:
        return Entry(
            row.seq,
            row.case_id,
            moment(row.at),
            row.kind,
            row.step,
            json.loads(row.data),
            row.previous,
            row.previous_in_case,
            row.digest,
        )
    except ValueError as error:
        raise SopError(
            f"Line {row.seq} of the ledger cannot be read.", "It was changed: run `sopwrap audit verify`."
        ) from error
