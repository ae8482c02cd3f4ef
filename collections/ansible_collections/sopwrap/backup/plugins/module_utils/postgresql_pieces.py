# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some tables of a stored database instead of all, and the roles of the server that no database's dump holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, StoredPoint, printable
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.process import CHUNK, Handed, run

WORD = "table:"
"""How a piece begins that is a table."""

_DATA = ("TABLE DATA ", "MATERIALIZED VIEW DATA ", "BLOB", "FK CONSTRAINT ")
"""Entries of an archive that are left out but for the tables asked for: what others hold, and what would need that."""


def tables(target: dict[str, Any]) -> list[str]:
    """Return the tables a target asks for as SCHEMA.TABLE; none means all of the database."""
    given = target.get("tables") or []
    if not isinstance(given, list) or not all(isinstance(name, str) and name for name in given):
        raise Problem("The target's tables is no list of names.", "Write it as tables: [public.nilai].", refused=True)
    return [name if "." in name else f"public.{name}" for name in given]


def of_words(words: Sequence[str]) -> list[str]:
    """Return the tables that pieces name: `table:nilai`, `table:SCHEMA.TABLE`."""
    wrong = [word for word in words if not word.startswith(WORD) or word == WORD]
    if wrong:
        raise Problem(
            f"{printable(wrong[0])!r} is no piece of a database.",
            f"Pieces are {WORD}TABLE or {WORD}SCHEMA.TABLE.",
            refused=True,
        )
    return tables({"tables": sorted({word.removeprefix(WORD) for word in words})})


def part(content: Content, chosen: Sequence[str]) -> Content:
    """Return the part of a fingerprint that these tables are; how the rest of the database looks has no say in it."""
    if not chosen:
        return content
    return content.part(lambda name: name.removeprefix("table ") in chosen and name.startswith("table "))


def require(content: Content, chosen: Sequence[str]) -> None:
    """Refuse a table the point does not hold."""
    known = _tables(content)
    lost = [name for name in chosen if name not in known]
    if lost:
        near = ", ".join(sorted(known)[:5])
        raise Problem(f"The point holds no table {lost[0]}.", f"It holds {len(known)}, such as {near}.", refused=True)


def entries(client: Client, stored: StoredPoint, part_name: str, chosen: Sequence[str]) -> str:
    """Return the archive's list of contents as pg_restore takes it back: all definitions, the data of these tables."""
    heads = _heads(stored, ("TABLE DATA ",))
    kept = []
    for line in _listing(client, stored, part_name).splitlines():
        what = _what(line)
        if not what.startswith(_DATA) or _table(what, heads) in chosen:
            kept.append(line)
    return "\n".join(kept) + "\n"


def listed(
    client: Client, stored: StoredPoint, part_name: str, words: Sequence[str], chosen: Sequence[str] | None = None
) -> str:
    """Return those entries of the list alone that begin with one of these words, and are of these tables."""
    heads = _heads(stored, words)
    kept = []
    for line in _listing(client, stored, part_name).splitlines():
        what = _what(line)
        if what.startswith(tuple(words)) and (chosen is None or _table(what, heads) in chosen):
            kept.append(line)
    return "\n".join(kept) + "\n"


@contextmanager
def written(client: Client, stored: StoredPoint, part_name: str, use: Handed) -> Iterator[BinaryIO]:
    """Give these entries (a list in memory) of an archive as SQL, without owners and grants."""
    argv = ["pg_restore", "--file=-", "--no-owner", "--no-privileges", "--no-tablespaces", f"--use-list={use.path}"]
    with client.child(argv, "be read", use) as child, Beside(_feed, stored, part_name, child.stdin) as feeder:
        try:
            yield child.stdout
        except BrokenPipeError:  # whoever takes the lines is gone, and says why
            child.end()
            raise
        feeder.result()
        child.finish()


def _feed(stored: StoredPoint, part_name: str, sink: BinaryIO) -> None:
    with suppress(_Enough), stored.open(part_name) as stream:
        with suppress(BrokenPipeError):
            _pass_on(stream, sink)
            sink.close()
            return
        raise _Enough


def _what(line: str) -> str:
    """What an entry of the list is, in words: `TABLE public nilai siakad_pemilik`; nothing for a comment."""
    words = line.split(" ", 3)
    return words[3] if len(words) == 4 and words[0].endswith(";") else ""


def _heads(stored: StoredPoint, words: Sequence[str]) -> dict[str, str]:
    """How the entries begin that are of a table, and of which (`SCHEMA.TABLE`)."""
    return {word + name.replace(".", " ", 1) + " ": name for name in _tables(stored.content()) for word in words}


def _table(what: str, heads: Mapping[str, str]) -> str | None:
    """The table an entry is of; names may hold blanks."""
    return heads.get(max((head for head in heads if what.startswith(head)), key=len, default=""))


def _tables(content: Content) -> set[str]:
    return {item["name"].removeprefix("table ") for item in content.items if item["name"].startswith("table ")}


class _Enough(Exception):
    """The list of contents stands at the beginning of an archive; the rest need not be read for it."""


def _listing(client: Client, stored: StoredPoint, part_name: str) -> str:
    found: list[bytes] = []
    with suppress(_Enough), stored.open(part_name) as stream:
        with client.child(["pg_restore", "--list"], "have its contents listed") as child:
            output = Beside(child.stdout.read)
            with suppress(BrokenPipeError):
                _pass_on(stream, child.stdin)
            with suppress(BrokenPipeError):
                child.stdin.close()
            found.append(output.result())
            child.finish()
        raise _Enough
    return found[0].decode("utf-8", "surrogateescape")


def _pass_on(stream: BinaryIO, sink: BinaryIO) -> None:
    """Write until everything is written, or nobody reads any more (BrokenPipeError)."""
    while piece := stream.read(CHUNK):
        sink.write(piece)
    sink.flush()


def roles(client: Client) -> bytes:
    """Return the statements that make all roles of the server: attributes, passwords (hashed), memberships."""
    argv = ["pg_dumpall", "--no-password", "--roles-only", "--dbname", client.target("postgres")]
    return run(argv, client.explain("have the roles of its server read"), **client.setting)


def role_statements(client: Client, text: bytes, names: Sequence[str]) -> list[str]:
    """Return the statements among `roles` that make these roles, and put them into roles they belonged to.

    Who granted a membership is left out: that role need not be there.
    """
    quoted = "SELECT to_json(quote_ident(n)) FROM unnest(ARRAY[{}]::text[]) AS n;"
    written = client.query(quoted.format(", ".join(map(literal, names))), "postgres") if names else []
    own = tuple(f"{verb} ROLE {name}{end}" for name in written for verb, end in (("CREATE", ";"), ("ALTER", " ")))
    members = tuple(f" TO {name}" for name in written)
    found = []
    for line in text.decode("utf-8", "surrogateescape").splitlines():
        plain = line.partition(" GRANTED BY ")[0].rstrip(";")
        if line.startswith(own):
            found.append(line)
        elif line.startswith("GRANT ") and plain.partition(" WITH ")[0].endswith(members):
            found.append(f"{plain};")
    return found


def known(client: Client, text: bytes) -> list[str]:
    """Return the names of all roles among the statements of `roles`."""
    lines = [line for line in text.decode("utf-8", "surrogateescape").splitlines() if line.startswith("CREATE ROLE ")]
    written = [line.removeprefix("CREATE ROLE ").rstrip(";") for line in lines]
    if not written:
        return []
    plain = ", ".join(literal(name) for name in written)
    return client.query(f"SELECT to_json((parse_ident(n))[1]) FROM unnest(ARRAY[{plain}]::text[]) AS n;", "postgres")
