# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some tables of a stored database instead of all, and the roles of the server that no database's dump holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from ansible_collections.sopwrap.backup.plugins.module_utils.beside import Beside
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Content, Problem, StoredPoint
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import Client, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.process import CHUNK, run

_DATA = ("TABLE DATA ", "MATERIALIZED VIEW DATA ", "BLOB", "FK CONSTRAINT ")
"""Entries of an archive that are left out but for the tables asked for: what others hold, and what would need that."""


def tables(target: dict[str, Any]) -> list[str]:
    """Return the tables a target asks for as SCHEMA.TABLE; none means all of the database."""
    given = target.get("tables") or []
    if not isinstance(given, list) or not all(isinstance(name, str) and name for name in given):
        raise Problem("The target's tables is no list of names.", "Write it as tables: [public.nilai].", refused=True)
    return [name if "." in name else f"public.{name}" for name in given]


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
    known = {"TABLE DATA " + name.replace(".", " ", 1) + " ": name for name in _tables(stored.content())}
    kept = []
    for line in _listing(client, stored, part_name).splitlines():
        words = line.split(" ", 3)
        what = words[3] if len(words) == 4 and words[0].endswith(";") else ""
        fitting = max((head for head in known if what.startswith(head)), key=len, default="")  # names may hold blanks
        if not what.startswith(_DATA) or known.get(fitting) in chosen:
            kept.append(line)
    return "\n".join(kept) + "\n"


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
