# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole PostgreSQL server as one asset: every database, the roles, and what databases have of their own.

`database: "*"` in the source means this. Each database is taken, proven and brought back as `postgresql` does it
alone, under its name; their snapshots are opened right after one another before the first is read. Restored are all
databases or none: into names of their own, or, on a fresh server, under their former names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO
from urllib.parse import unquote

from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_dress as dress
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_pieces as pieces
from ansible_collections.sopwrap.backup.plugins.module_utils import postgresql_spaces as spaces
from ansible_collections.sopwrap.backup.plugins.module_utils.application_taking import Taking
from ansible_collections.sopwrap.backup.plugins.module_utils.by_hand import Step, file_of
from ansible_collections.sopwrap.backup.plugins.module_utils.kind import (
    Asset,
    Blob,
    Capture,
    Content,
    Part,
    Problem,
    StoredPoint,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.portions import (
    Member,
    Portion,
    facts_of,
    manifest_of,
    together,
)
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql import ROLES_BY_HAND, ROLES_PART
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_client import identifier, literal
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_live import LONGEST_NAME, client_of, marked
from ansible_collections.sopwrap.backup.plugins.module_utils.postgresql_server_live import ServerLive, admin


class Server(ServerLive):
    """What `Kind` asks for, of a whole server."""

    def preflight(self, asset: Asset) -> dict[str, Any]:
        """Connect, and look at every database."""
        facts = {member.name: self._single.preflight(member.asset) for member in self.living(asset)}
        if not facts:
            raise Problem("The server has no database but its own.", "Make one, or take the asset out.")
        return {"parts": facts, "size_bytes": sum(one["size_bytes"] for one in facts.values())}

    @contextmanager
    def capture(self, asset: Asset) -> Iterator[Capture]:
        """Open a snapshot in each database, then read one after the other."""
        with client_of(admin(asset)) as client:
            roles = Blob(ROLES_PART, pieces.roles(client))
            own = {one["name"]: one for one in dress.databases(client)}
            known = {"databases": own, "tablespaces": dress.tablespaces(client)}
        members = self.named(asset, list(own))
        facts = self.preflight(asset)
        with ExitStack() as stack:
            taking = Taking(members, stack, stack.enter_context(ExitStack()))
            taking.extras.update(known)
            missing = [member.name for member in members if member.name not in facts["parts"]]
            if missing:
                raise Problem(f"The database {unquote(missing[0])} came or went meanwhile.", "Back up again.")

            def parts() -> Iterator[Part]:
                yield from taking.parts()
                yield roles

            yield Capture(parts(), taking.content, facts, taking.extras, taking.tools)

    def check(self, asset: Asset, stored: StoredPoint, part: str, stream: BinaryIO) -> str | None:
        """Let each database's dump be read as one of its own."""
        if part == ROLES_PART:
            return self._single.check(admin(asset), stored, part, stream)
        name, _dot, own = part.partition(".")
        (member,) = self.named(asset, [unquote(name)])
        said = self._single.check(member.asset, Portion(stored, name), own, stream)
        return f"{unquote(name)}: {said}" if said else None

    def admit(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Refuse names that are taken, roles that are missing, and folders for tablespaces that cannot be meant."""
        if target.get("tables"):
            raise Problem(
                "A whole server is not restored by tables.", "Make an asset of that database for it.", refused=True
            )
        names = self._new_names(stored, target)
        with client_of(admin(asset)) as client:
            missing = self._missing(client, stored)
            spaces.require(client, stored, target)
        if missing and not target.get("create_roles"):
            raise Problem(
                f"Roles of the point are missing on the server: {', '.join(missing[:5])}.",
                "Add create_roles: true to the target to have them made as they were.",
                refused=True,
            )
        for member in self._stored(asset, stored):
            own = {"database": names[member.name], "create_roles": True}
            self._single.admit(member.asset, Portion(stored, member.name), own)

    def caveat(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> str | None:
        """Say which tablespaces the server has not and is not told to make."""
        with client_of(admin(asset)) as client:
            gone = spaces.lost(client, stored, target)
        if not gone:
            return None
        where = f"The server has no tablespace {', '.join(gone)}: tables go to where their database lies."
        return f"{where} Name a folder in the target's tablespaces to have it made."

    def restore(self, asset: Asset, stored: StoredPoint, target: dict[str, Any]) -> None:
        """Make missing roles and tablespaces, then every database; when one fails, what was made is dropped.

        Roles stay: nothing tells whether they own anything elsewhere by then.
        """
        self.admit(asset, stored, target)
        names, own = self._new_names(stored, target), stored.manifest["extras"]["databases"]
        more = {"jobs": target["jobs"]} if "jobs" in target else {}
        with client_of(admin(asset)) as client, ExitStack() as undo:
            with stored.open(ROLES_PART) as stream:
                text = stream.read()
            client.execute("\n".join(pieces.role_statements(client, text, self._missing(client, stored))))
            gone = spaces.lost(client, stored, target)
            undo.callback(spaces.drop, client, spaces.make(client, stored, target))
            for member in self._stored(asset, stored):
                place = {"database": names[member.name], **spaces.placed(own[unquote(member.name)], gone), **more}
                self._single.restore(member.asset, Portion(stored, member.name), place)
                undo.callback(self._single.discard, member.asset, place)
            lines = [line for name, new in names.items() for line in dress.statements(own[unquote(name)], new)]
            if target.get("mark"):
                lines += [
                    f"COMMENT ON DATABASE {identifier(new)} IS {literal(dress.BESIDE)};" for new in names.values()
                ]
            client.execute("\n".join(lines))
            undo.pop_all()
        self._restored = sorted(names)

    def content(self, asset: Asset, target: dict[str, Any]) -> Content:
        """Take the fingerprint of every database that was restored."""
        found = {}
        for member in self.named(asset, [unquote(name) for name in self._restored]):
            new = {"database": _new_name(unquote(member.name), target)}
            found[member.name] = self._single.content(member.asset, new)
        return together(found)

    def by_hand(self, manifest: dict[str, Any]) -> list[Step]:
        """The roles, then each database as one of its own, from the files that bear its name."""
        found = [ROLES_BY_HAND]
        for name in facts_of(manifest):
            own = manifest_of(manifest, name)
            for step in self._single.by_hand(own):
                commands = list(step.commands)
                for file in (file_of(part) for part in own["parts"]):
                    commands = [command.replace(file, f"{name}.{file}") for command in commands]
                found.append(Step(f"Basis data {unquote(name)}: {step.words}", tuple(commands)))
        return found

    def _stored(self, asset: Asset, stored: StoredPoint) -> list[Member]:
        return self.named(asset, [unquote(name) for name in facts_of(stored.manifest)])

    def _new_names(self, stored: StoredPoint, target: dict[str, Any]) -> dict[str, str]:
        return {name: _new_name(unquote(name), target) for name in facts_of(stored.manifest)}

    def _missing(self, client: Any, stored: StoredPoint) -> list[str]:
        there = set(client.query("SELECT to_json(rolname) FROM pg_roles;", "postgres"))
        with stored.open(ROLES_PART) as stream:
            return [role for role in pieces.known(client, stream.read()) if role not in there]


def _new_name(database: str, target: dict[str, Any]) -> str:
    """What a database is called where it goes: `{database: uji}` gives uji_NAME, `{same_names: true}` its own name."""
    head = target.get("database")
    if isinstance(target.get("mark"), str):
        return marked(database, f"_{target['mark']}")
    if target.get("same_names") is True and head is None:
        return database
    if not isinstance(head, str) or not head or target.get("same_names"):
        raise Problem(
            "The target of a whole server names no beginning for the new databases.",
            "Write {database: uji} for uji_NAME each, or {same_names: true} on a fresh server.",
            refused=True,
        )
    name = f"{head}_{database}"
    if len(name.encode()) > LONGEST_NAME:
        raise Problem(f"The name {name} is longer than {LONGEST_NAME} bytes.", "Give a shorter one.", refused=True)
    return name
