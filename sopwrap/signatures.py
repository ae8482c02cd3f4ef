"""Signatures with a person's own OpenSSH key (``ssh-keygen -Y``), in a namespace that no other program uses.

What is signed is the canonical JSON of an act: case, step, kind, the digest of the case's line before, and the data.
So a signature fits one place in one case, and nothing of it can be used elsewhere.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from sopwrap.case import Entry
from sopwrap.chain import canonical
from sopwrap.errors import RefusedError, SopError, UsageError
from sopwrap.office import Office, Person

NAMESPACE = "sopwrap@ledger"
UNSIGNED = ("signature", "key", "clock")
"""Keys of an entry's data that are not under the signature: the first two are it, the third the ledger adds."""

_KEY_TYPES = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-")


def payload(case: str, step: str | None, kind: str, previous_in_case: str, data: dict[str, Any]) -> bytes:
    """Return the bytes a person signs for one act; ``previous_in_case`` is the digest of the case's line before."""
    told = {key: value for key, value in data.items() if key not in UNSIGNED}
    return canonical(
        {"case": case, "step": step, "kind": kind, "previous_in_case": previous_in_case, "data": told}
    ).encode("utf-8")


def sign(message: bytes, key: Path) -> str:
    """Sign with the private key (or, through the agent, the public one) in this file; return the armoured signature."""
    if not key.is_file():
        raise UsageError(f"The key {key} is not there.", "Give the private key's file with --key FILE.")
    done = _ssh_keygen(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE], message)
    if done.returncode != 0 or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise RefusedError(
            f"The key {key} cannot sign: {_reason(done)}.", "It must be an OpenSSH private key that you can read."
        )
    return done.stdout.decode("ascii")


def verify(message: bytes, signature: str, person: str, key: str) -> None:
    """Check that ``key`` (public, one line) made the signature over the message; raise RefusedError when it did not."""
    with tempfile.TemporaryDirectory(prefix="sopwrap-") as folder:
        allowed, armoured = Path(folder) / "allowed_signers", Path(folder) / "signature"
        allowed.write_text(f'{person} namespaces="{NAMESPACE}" {public_key(key)}\n', encoding="utf-8")
        armoured.write_text(signature, encoding="utf-8")
        done = _ssh_keygen(
            ["-Y", "verify", "-q", "-f", str(allowed), "-I", person, "-n", NAMESPACE, "-s", str(armoured)], message
        )
    if done.returncode != 0:
        raise RefusedError(f"The signature is not of {person}'s key, or not over this text.", "Sign with your own key.")


def verify_entry(entry: Entry) -> None:
    """Check a signed line against the key it carries; raise RefusedError when the signature does not fit."""
    message = payload(entry.case or "", entry.step, entry.kind, entry.previous_in_case, entry.data)
    verify(message, entry.data["signature"], entry.data["actor"]["id"], entry.data["key"])


def public_key(key: str) -> str:
    """Return type and body of a public key as written in office.yml; raise UsageError when it is none."""
    words = key.split()
    if len(words) < 2 or not words[0].startswith(_KEY_TYPES):
        raise UsageError(
            "A key in office.yml is not an OpenSSH public key.", "Copy the line of the .pub file: ssh-ed25519 AAAA…"
        )
    return f"{words[0]} {words[1]}"


def registered_key(person: Person) -> str:
    """The person's public key; raise RefusedError when office.yml has none."""
    if not person.key:
        raise RefusedError(
            f"{person.name} has no key in office.yml.", "Add the public key there, or sign without --key."
        )
    return public_key(person.key)


def allowed_signers(office: Office) -> str:
    """The office's keys in the form of ``ssh-keygen``'s allowed_signers file, for checks without this program."""
    lines = [f'{one.id} namespaces="{NAMESPACE}" {public_key(one.key)}' for one in office.people if one.key]
    return "".join(f"{line}\n" for line in lines)


def _ssh_keygen(arguments: list[str], message: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", *arguments], input=message, capture_output=True, check=False)
    except FileNotFoundError:
        raise SopError("The program ssh-keygen is not installed.", "Install openssh-client.") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return told[-1].rstrip(".") if told else f"ssh-keygen ended with {done.returncode}"
