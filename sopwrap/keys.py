"""Whose a signing key is, and when it was: what stands in office.yml about the present key and those before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sopwrap.errors import RefusedError, UsageError
from sopwrap.office import Office
from sopwrap.persons import Person

NAMESPACE = "sopwrap@ledger"
_TYPES = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-")


@dataclass(frozen=True)
class Validity:
    """One key of a person (type and body) with its first and last day; null where that end is open."""

    key: str
    since: date | None
    until: date | None
    revoked: bool = False

    def covers(self, day: date) -> bool:
        """True on a day on which the key was the person's."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def window(self) -> str:
        """The days in words."""
        since = f"from {self.since} " if self.since else ""
        return f"{since}until {self.until}" if self.until else since.strip()


def public_key(key: str) -> str:
    """Return type and body of a public key as written in office.yml; raise UsageError when it is none."""
    words = key.split()
    if len(words) < 2 or not words[0].startswith(_TYPES):
        raise UsageError(
            "A key in office.yml is not an OpenSSH public key.", "Copy the line of the .pub file: ssh-ed25519 AAAA…"
        )
    return f"{words[0]} {words[1]}"


def validities(person: Person) -> Iterator[Validity]:
    """Every key of a person, the present one first."""
    if person.key:
        yield Validity(public_key(person.key), person.key_since, None)
    for one in person.former_keys:
        yield Validity(public_key(one.key), one.since, one.until, one.revoked)


def registered_key(person: Person, day: date) -> str:
    """The key the person signs with on this day; raise RefusedError when office.yml has none."""
    if not person.key:
        raise RefusedError(
            f"{person.name} has no key in office.yml.", "Add the public key there, or sign without --key."
        )
    if person.key_since and day < person.key_since:
        raise RefusedError(f"The key of {person.name} holds from {person.key_since} on.", "Mend `key_since`.")
    return public_key(person.key)


def wrong_key(office: Office, person: Person, used: str) -> RefusedError:
    """What to say to somebody who signed with a key that is not the person's present one."""
    for one in office.people:
        for known in validities(one):
            if known.key != used:
                continue
            if one.id != person.id:
                return RefusedError(f"This is the key of {one.name}, not of {person.name}.", "Sign with your own key.")
            return RefusedError(
                f"This key was {person.name}'s {known.window}.", "Sign with the key that office.yml has now."
            )
    return RefusedError(
        f"The signature is not of {person.name}'s key, nor of any in office.yml.",
        "Sign with your own key, or have it entered there.",
    )


def allowed_signers(office: Office, zone: str) -> str:
    """The office's keys in the form of ``ssh-keygen``'s allowed_signers file, each with the days it holds.

    Check with ``-O verify-time``: a key that was replaced since then still vouches for what it signed.
    """
    lines = []
    for person in office.people:
        for one in validities(person):
            options = [f'namespaces="{NAMESPACE}"']
            options += [f'valid-after="{_midnight(one.since, zone)}"'] if one.since else []
            options += [f'valid-before="{_midnight(one.until + timedelta(days=1), zone)}"'] if one.until else []
            lines.append(f"{person.id} {','.join(options)} {one.key}\n")
    return "".join(lines)


def _midnight(day: date, zone: str) -> str:
    """The first moment of a day in a zone, as allowed_signers writes it."""
    return f"{datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC):%Y%m%d%H%M%SZ}"
