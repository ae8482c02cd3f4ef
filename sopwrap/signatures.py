"""Signatures with a person's own OpenSSH key (``ssh-keygen -Y``), in a namespace that no other program uses.

What is signed is the canonical JSON of an act: case, step, kind, the digest of the case's line before, and the data.
So a signature fits one place in one case, and nothing of it can be used elsewhere.
"""

from __future__ import annotations

import base64
import os
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from sopwrap.case import Entry
from sopwrap.chain import canonical
from sopwrap.errors import RefusedError, SopError, UsageError
from sopwrap.keys import NAMESPACE, public_key

UNSIGNED = ("signature", "key", "clock")
"""Keys of an entry's data that are not under the signature: the first two are it, the third the ledger adds."""


def payload(case: str, step: str | None, kind: str, previous_in_case: str, data: dict[str, Any]) -> bytes:
    """Return the bytes a person signs for one act; ``previous_in_case`` is the digest of the case's line before."""
    told = {key: value for key, value in data.items() if key not in UNSIGNED}
    return canonical(
        {"case": case, "step": step, "kind": kind, "previous_in_case": previous_in_case, "data": told}
    ).encode("utf-8")


def sign(message: bytes, key: Path, namespace: str = NAMESPACE) -> str:
    """Sign with the private key (or, through the agent, the public one) in this file; return the armoured signature.

    A key with a passphrase asks for it on the terminal; neither it nor the key is kept anywhere.
    """
    if not key.is_file():
        raise UsageError(f"The key {key} is not there.", "Give the private key's file with --key FILE.")
    if not os.access(key, os.R_OK):
        raise UsageError(f"The key {key} cannot be read.", "Use the account it belongs to.")
    done = _ssh_keygen(["-Y", "sign", "-q", "-f", str(key), "-n", namespace], message)
    if done.returncode != 0 or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise RefusedError(f"The key {key} cannot sign: {_reason(done)}.", _advice(key))
    return done.stdout.decode("ascii")


def _advice(key: Path) -> str:
    """What to do about a key that cannot sign, from what kind of file it is."""
    head = key.read_bytes()[:64]
    if head.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        return "It is a public key, which signs through an agent that holds its private one: run `ssh-add`."
    if b"PRIVATE KEY" in head:
        return "Its passphrase is asked on a terminal; without one run `ssh-add`, and give the .pub file with --key."
    return "It must be an OpenSSH private key that you can read."


def verify(message: bytes, signature: str, person: str, key: str, namespace: str = NAMESPACE) -> None:
    """Check that ``key`` (public, one line) made the signature over the message; raise RefusedError when it did not."""
    with tempfile.TemporaryDirectory(prefix="sopwrap-") as folder:
        allowed, armoured = Path(folder) / "allowed_signers", Path(folder) / "signature"
        allowed.write_text(f'{person} namespaces="{namespace}" {public_key(key)}\n', encoding="utf-8")
        armoured.write_text(signature, encoding="utf-8")
        done = _ssh_keygen(
            ["-Y", "verify", "-q", "-f", str(allowed), "-I", person, "-n", namespace, "-s", str(armoured)], message
        )
    if done.returncode != 0:
        raise RefusedError(f"The signature is not of {person}'s key, or not over this text.", "Sign with your own key.")


def verify_entry(entry: Entry) -> None:
    """Check a signed line against the key it carries; raise RefusedError when the signature does not fit."""
    message = payload(entry.case or "", entry.step, entry.kind, entry.previous_in_case, entry.data)
    verify(message, entry.data["signature"], entry.data["actor"]["id"], entry.data["key"])


def used_key(signature: str) -> str:
    """Type and body of the public key an armoured signature carries; raise RefusedError when it is no signature.

    The format is OpenSSH's PROTOCOL.sshsig: magic, version, then the key as a length-prefixed string.
    """
    lines = [line for line in signature.splitlines() if line and not line.startswith("-----")]
    try:
        blob = base64.b64decode("".join(lines), validate=True)
        (size,) = struct.unpack(">I", blob[10:14])
        key = blob[14 : 14 + size]
        (length,) = struct.unpack(">I", key[:4])
        kind = key[4 : 4 + length].decode("ascii")
    except (ValueError, struct.error) as error:
        raise RefusedError("This is not an OpenSSH signature.", "Sign again.") from error
    return f"{kind} {base64.b64encode(key).decode('ascii')}"


def _ssh_keygen(arguments: list[str], message: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=message, capture_output=True, check=False)
    except FileNotFoundError:
        raise SopError("The program ssh-keygen is not installed.", "Install openssh-client.") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """The last thing ssh-keygen said."""
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return told[-1].rstrip(".") if told else f"ssh-keygen ended with {done.returncode}"
