"""The evidence record: the contract between Ansible and Python (docs/record-format.md).

One record says what one automatic action did to one asset in one store. The collection builds it on the
managed host (module_utils/evidence.py), this module checks it on arrival; a contract test holds both to
the same fields. Reports and papers are made from these objects, never from log text.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError, field_serializer

from sopwrap.errors import UsageError
from sopwrap.models import Model

SCHEMA = "sopwrap.evidence/1"
LENGTH = len("2026-01-01T00:00:00.000000Z")
Outcome = Literal["ok", "failed", "refused", "unchanged", "planned"]


class Tool(Model):
    """The program that did the work."""

    name: str
    version: str


class Verification(Model):
    """How the result was proven, and what the proof said."""

    method: str
    ok: bool
    detail: str


class Difference(Model):
    """What a restore changes in living data that has lines: ``removed`` and ``added`` count them.

    ``lines`` is a unified difference without secrets, only its beginning where it is ``cut``; ``hidden`` counts lines
    that differ in secrets alone.
    """

    removed: int
    added: int
    hidden: int
    lines: list[str]
    cut: bool


class Replacement(Model):
    """What a record tells of a restore onto living data, or of the plan for one; what is not known is null.

    ``place`` is the living place in the kind's words, ``manifest`` the SHA-256 of the point's manifest (a permit is
    bound to both); ``lost_seconds`` the age of the point, ``downtime_seconds`` how long services stood still,
    ``safety`` the point made of what lived before, ``returned`` true where a failure was taken back, ``emergency`` true
    where the permit is one of two people. ``stays`` names what lives and is not in the point (``database:arsip``).
    ``remaining`` counts the lines of ``difference`` that were left when the living data was asked again after the
    exchange. Services stood still from ``stopped_at`` to ``started_at`` (UTC); ``idle`` is true where nobody was
    connected meanwhile.
    """

    mode: Literal["replace", "undo", "forget"]
    place: dict[str, str] | None = None
    manifest: str | None = None
    permit: str | None = None
    services: list[str] = []
    needed_bytes: int | None = None
    free_bytes: int | None = None
    lost_seconds: int | None = None
    downtime_seconds: float | None = None
    safety: str | None = None
    difference: Difference | None = None
    stays: list[str] = []
    remaining: int | None = None
    health: str | None = None
    undo_until: str | None = None
    returned: bool = False
    emergency: bool = False
    stopped_at: str | None = None
    started_at: str | None = None
    idle: bool = False


class Evidence(Model):
    """One automatic action. Sizes are bytes, times UTC, digests lower-case hex SHA-256.

    ``size_bytes`` is what was protected, ``stored_bytes`` what the store grew by; ``sha256`` is of the
    stored stream where there is one, ``fingerprint`` of the content whatever its order, ``rows``
    what all tables hold together, ``free_bytes`` the room left in a store. Both are null in old ledgers, and so is
    ``restore``, which only what was done to living data has. ``warnings`` are about how an asset was taken: over a line
    anybody on the way could read, or from a device that had not saved it.
    """

    schema_: Literal["sopwrap.evidence/1"]
    action: str
    asset: str | None
    kind: str | None
    host: str
    point: str | None
    case: str | None
    step: str | None
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    tool: Tool | None
    store: str | None
    placement: Literal["internal", "external"] | None
    medium: str | None
    store_id: str | None
    size_bytes: int | None
    stored_bytes: int | None
    sha256: str | None
    fingerprint: str | None
    items: int | None
    rows: int | None = None
    free_bytes: int | None = None
    verify: Verification | None
    retention_until: datetime | None
    restore: Replacement | None = None
    warnings: list[Literal["unencrypted", "unsaved", "same_device", "store_left_out"]] | None = None
    message: str
    hint: str | None

    @property
    def succeeded(self) -> bool:
        """True where the action did what it was asked (equal content is success too)."""
        return self.outcome in ("ok", "unchanged")

    @property
    def seconds(self) -> float:
        """How long the action took."""
        return (self.finished_at - self.started_at).total_seconds()

    @field_serializer("started_at", "finished_at", "retention_until")
    def _iso(self, moment: datetime | None) -> str | None:
        return None if moment is None else stamp(moment)

    def as_dict(self) -> dict[str, Any]:
        """The record as it travels: plain JSON types, keys as documented."""
        data = self.model_dump(mode="json")
        return {"schema": data.pop("schema_"), **data}


def stamp(moment: datetime) -> str:
    """A UTC time as written everywhere inside: ISO 8601, microseconds, Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The UTC time ``stamp`` wrote; raise ValueError for anything else."""
    if len(text) != LENGTH or not text.endswith("Z"):
        raise ValueError(f"no time as it is written inside: {text!r}")
    return datetime.fromisoformat(text)  # a tenth of what strptime takes, and a ledger has many


def evidence(data: Any, where: str = "evidence") -> Evidence:
    """Given a record as it travelled, return it checked; raise UsageError naming the first field that is wrong."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UsageError(f"{where}: not a record of the form {SCHEMA}.", "See docs/record-format.md.")
    renamed = {("schema_" if key == "schema" else key): value for key, value in data.items()}
    try:
        return Evidence.model_validate(renamed)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}.", "See docs/record-format.md."
        ) from error


def read_lines(text: str, where: str) -> list[Evidence]:
    """Given an evidence file's text (one JSON object a line), return its records; raise UsageError with the line."""
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                data = json.loads(line)
            except ValueError as error:
                raise UsageError(f"{where}:{number}: not JSON.", "Give the file the playbook left.") from error
            records.append(evidence(data, f"{where}:{number}"))
    return records
