"""Permits: the single-use, signed permission to let one recovery point take the place of living data.

What a permit says follows from the ledger alone: the letter, the plan the machine made, the decision. This module
writes and reads the text; the managed host checks it by itself (the collection's permit.py), whoever starts the
restore. The file is one line of JSON and an OpenSSH signature over that line, in a namespace of its own.
"""

from __future__ import annotations

import secrets
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

NAMESPACE = "sopwrap@permit"
OFFICE = "office"
"""The signer's name of the office's own permit key."""

_ARMOUR = "-----BEGIN SSH SIGNATURE-----\n"
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


class Permit(Model):
    """What is permitted, to whom, when. Times are UTC; ``manifest`` is the SHA-256 of the point's manifest.

    ``basis`` says on the strength of what it was signed: the approver's own key, or their stated decision.
    """

    schema_: Annotated[Literal["sopwrap.permit/1"], Field(alias="schema")] = "sopwrap.permit/1"
    number: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    letter: Letter
    case: Text
    asset: Text
    kind: Text
    point: Text
    manifest: Hex
    host: Text
    place: dict[str, str]
    requester: Signatory
    approver: Signatory
    executor: Signatory
    issued_at: Stamp
    not_before: Stamp
    not_after: Stamp
    undo_until: Stamp
    signer: Text
    basis: Text
    exception: str | None = None

    @property
    def line(self) -> bytes:
        """The signed text: canonical JSON and a line feed."""
        return (canonical(self.model_dump(mode="json", by_alias=True)) + "\n").encode("utf-8")


@dataclass(frozen=True)
class Signed:
    """A permit with its signature, as it is kept and handed to the restore."""

    permit: Permit
    signature: str

    @property
    def text(self) -> str:
        """The whole file."""
        return self.permit.line.decode("utf-8") + self.signature


def new_number() -> str:
    """A number nobody can guess and no permit had before."""
    return secrets.token_hex(16)


def stamp(moment: datetime) -> str:
    """A time as permits write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(permit: Permit, key: Path) -> Signed:
    """Sign with the private key in this file."""
    return Signed(permit, signatures.sign(permit.line, key, NAMESPACE))


def read(text: str) -> Signed:
    """Read a permit's file; raise UsageError when it is none. Its signature is not looked at."""
    line, feed, signature = text.partition("\n")
    if not feed or not signature.startswith(_ARMOUR):
        raise UsageError("This is no permit.", "A permit is a line of JSON and an OpenSSH signature.")
    try:
        permit = Permit.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the first line"
        raise UsageError(f"This is no permit: {where}: {said(first['msg'])}.") from None
    if permit.line != f"{line}\n".encode():
        raise UsageError("This is no permit as sopwrap writes them.", "Its first line was written anew.")
    return Signed(permit, signature)


def verify(signed: Signed, keys: dict[str, str]) -> None:
    """Raise RefusedError unless the signer named in it signed it; ``keys`` are public keys by signer."""
    signer = signed.permit.signer
    if signer not in keys:
        raise RefusedError(f"office.yml has no key of {signer}, who signed the permit.")
    signatures.verify(signed.permit.line, signed.signature, signer, keys[signer], NAMESPACE)


def permit_signers(keys: dict[str, str]) -> str:
    """What managed hosts are told: whose permits they believe, in the form of ssh-keygen's allowed_signers."""
    lines = [f'{signer} namespaces="{NAMESPACE}" {public_key(key)}\n' for signer, key in keys.items()]
    return "".join(lines)
