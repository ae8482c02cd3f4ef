"""Permits: the single-use, signed permission to let one recovery point take the place of living data.

What a permit says follows from the ledger alone: the letter, the plan the machine made, the decision. This module
writes and reads the text; the managed host checks it by itself (the collection's permit.py), whoever starts the
restore. The file is one line of JSON and an OpenSSH signature over that line, in a namespace of its own. In an
emergency two people sign instead of a letter and a decision, in another namespace.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from sopwrap import signatures
from sopwrap.chain import canonical
from sopwrap.errors import RefusedError, UsageError
from sopwrap.keys import public_key
from sopwrap.models import Model, said

NAMESPACE, EMERGENCY_NAMESPACE = "sopwrap@permit", "sopwrap@emergency"
OFFICE = "office"
"""The signer's name of the office's own permit key."""

_SIGNATURE = re.compile(r"-----BEGIN SSH SIGNATURE-----\n.*?-----END SSH SIGNATURE-----\n?", re.DOTALL)
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Stamp = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class Signatory(Model):
    """A person as the permit names them."""

    id: Text
    name: Text


class Letter(Model):
    """The request the permit follows from; ``sha256`` is of its scan, or of what was entered from it."""

    number: Text
    date: str | None = None
    sha256: Hex


class Deed(Model):
    """What any permit permits: one point (by the SHA-256 of its manifest, too) onto one place, within a time (UTC)."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    asset: Text
    kind: Text
    point: Text
    manifest: Hex
    host: Text
    place: dict[str, str]
    executor: Signatory
    issued_at: Stamp
    not_before: Stamp
    not_after: Stamp
    undo_until: Stamp

    @property
    def line(self) -> bytes:
        """The signed text: canonical JSON and a line feed."""
        return (canonical(self.model_dump(mode="json", by_alias=True)) + "\n").encode("utf-8")


class Permit(Deed):
    """A permit that follows from a case. ``basis`` says on the strength of what it was signed: the approver's own key,
    or their stated decision."""

    schema_: Annotated[Literal["sopwrap.permit/1"], Field(alias="schema")] = "sopwrap.permit/1"
    letter: Letter
    case: Text
    requester: Signatory
    approver: Signatory
    signer: Text
    basis: Text
    exception: str | None = None

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed it."""
        return (self.signer,)


class Emergency(Deed):
    """A permit without letter and decision, for which two people stand; of no case."""

    schema_: Annotated[Literal["sopwrap.emergency/1"], Field(alias="schema")] = "sopwrap.emergency/1"
    first: Signatory
    second: Signatory
    reason: Text

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed it, in the order of the signatures."""
        return (self.first.id, self.second.id)


@dataclass(frozen=True)
class Signed:
    """A permit with its signatures, as it is kept and handed to the restore."""

    permit: Permit | Emergency
    signatures: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole file."""
        return self.permit.line.decode("utf-8") + "".join(self.signatures)


def new_number() -> str:
    """A number nobody can guess and no permit had before."""
    return secrets.token_hex(16)


def stamp(moment: datetime) -> str:
    """A time as permits write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(permit: Permit | Emergency, *keys: Path) -> Signed:
    """Sign with the private keys in these files, in the order of the permit's signers."""
    return Signed(permit, tuple(signatures.sign(permit.line, key, namespace(permit)) for key in keys))


def namespace(permit: Permit | Emergency) -> str:
    """What a signature under it says it is for."""
    return EMERGENCY_NAMESPACE if isinstance(permit, Emergency) else NAMESPACE


def read(text: str) -> Signed:
    """Read a permit's file; raise UsageError when it is none. Its signatures are not looked at."""
    line, feed, rest = text.partition("\n")
    found = tuple(_SIGNATURE.findall(rest))
    if not feed or not found or "".join(found) != rest:
        raise UsageError("This is no permit.", "A permit is a line of JSON and an OpenSSH signature.")
    form: type[Permit] | type[Emergency] = Emergency if '"schema":"sopwrap.emergency/' in line else Permit
    try:
        permit = form.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the first line"
        raise UsageError(f"This is no permit: {where}: {said(first)}.") from None
    if permit.line != f"{line}\n".encode():
        raise UsageError("This is no permit as sopwrap writes them.", "Its first line was written anew.")
    return Signed(permit, found)


def verify(signed: Signed, keys: dict[str, str]) -> None:
    """Raise RefusedError unless the signers named in it signed it; ``keys`` are public keys by signer."""
    signers = signed.permit.signers
    if len(set(signers)) != len(signed.signatures):
        raise RefusedError(f"The permit needs {len(signers)} signatures of different people.")
    for signer, signature in zip(signers, signed.signatures, strict=True):
        if signer not in keys:
            raise RefusedError(f"office.yml has no key of {signer}, who signed the permit.")
        signatures.verify(signed.permit.line, signature, signer, keys[signer], namespace(signed.permit))


def permit_signers(keys: dict[str, str], emergency: Collection[str] = ()) -> str:
    """What managed hosts are told: whose permits they believe, in the form of ssh-keygen's allowed_signers.

    ``emergency`` names the signers who may permit a restore in an emergency, too.
    """
    lines = []
    for signer, key in keys.items():
        allowed = [NAMESPACE, *([EMERGENCY_NAMESPACE] if signer in emergency else [])]
        lines.append(f'{signer} namespaces="{",".join(allowed)}" {public_key(key)}\n')
    return "".join(lines)
