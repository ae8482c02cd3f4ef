# Copyright (c) 2026 the sopwrap authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The permit: a signed text that lets one recovery point take the place of living data, once.

Its file has two parts. The first line is one JSON object; the rest is an OpenSSH signature over exactly that line, its
line feed included, in our own namespace. So it can be checked without this program:
`head -n 1 FILE | ssh-keygen -Y verify -f permit_signers -I SIGNER -n sopwrap@permit -s <(tail -n +2 FILE)`.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from calendar import timegm
from dataclasses import dataclass
from typing import Any

from ansible_collections.sopwrap.backup.plugins.module_utils.kind import Problem
from ansible_collections.sopwrap.backup.plugins.module_utils.process import Secret, run

SCHEMA = "sopwrap.permit/1"
NAMESPACE = "sopwrap@permit"
OFFICE = "office"
"""The signer's name of the office's own permit key, used where the approver has none."""

LARGEST = 64 * 1024
LONGEST = 7 * 86400.0
"""Seconds. A permit that is good for longer is none: it would wait in a drawer for its day."""

_TEXTS = ("number", "case", "asset", "kind", "point", "manifest", "host", "signer", "basis")
_TIMES = ("issued_at", "not_before", "not_after", "undo_until")
_PEOPLE = ("requester", "approver", "executor")
_FIELDS = {"schema", "letter", "place", "exception", *_TEXTS, *_TIMES, *_PEOPLE}
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z")


@dataclass(frozen=True)
class Deed:
    """What is about to be done, as the host that does it sees it; everything here has to stand in the permit."""

    asset: str
    kind: str
    host: str
    place: dict[str, str]
    point: str
    manifest: str
    case: str | None = None


@dataclass(frozen=True)
class Permit:
    """A permit that was read, not yet believed: `verify` its signature, then `admit` the deed."""

    text: bytes
    signature: str
    fields: dict[str, Any]

    @classmethod
    def read(cls, text: str) -> Permit:
        """Read a permit's file; refuse what is not exactly one."""
        line, feed, signature = text.partition("\n")
        if not text.strip():
            raise _refused("There is no permit: living data is only replaced with one.", "Give it as sopwrap_permit.")
        if len(text) > LARGEST or not feed or not signature.startswith("-----BEGIN SSH SIGNATURE-----\n"):
            raise _no_permit("it is not a line of JSON and an OpenSSH signature")
        try:
            fields = json.loads(line, object_pairs_hook=_once)
        except ValueError:
            raise _no_permit("its first line is not JSON") from None
        _require_form(fields)
        return cls((line + "\n").encode(), signature, fields)

    @property
    def number(self) -> str:
        """Its number, which can be used once."""
        return str(self.fields["number"])

    def verify(self, signers: str) -> None:
        """Refuse unless the one who is named signed this very text with a key of the list (allowed_signers)."""
        signer = self.fields["signer"]
        if signer not in (self.fields["approver"]["id"], OFFICE):
            raise _no_permit(f"it is signed by {signer}, who is not the one who approves it")
        if signer == OFFICE and self.fields["approver"]["id"] in _principals(signers):
            raise _no_permit(f"{self.fields['approver']['id']} has a key of their own and has not signed it")
        allowed, signature = Secret(signers), Secret(self.signature)
        words = ["-f", allowed.path, "-I", signer, "-n", NAMESPACE, "-s", signature.path]
        try:
            argv = ["ssh-keygen", "-Y", "verify", *words]
            run(argv, lambda _status, _said: _unsigned(signer), self.text, secrets=(allowed, signature))
        finally:
            allowed.close()
            signature.close()

    def admit(self, deed: Deed, now: float | None = None) -> None:
        """Refuse a deed that is not the one this permit is for, or not at this time (`now`, seconds since 1970)."""
        self._require_people()
        self._require_time(time.time() if now is None else now)
        wanted = {"asset": deed.asset, "kind": deed.kind, "host": deed.host, "place": deed.place}
        wanted |= {"point": deed.point, "manifest": deed.manifest}
        wanted |= {"case": deed.case} if deed.case else {}
        for key, value in wanted.items():
            if self.fields[key] != value:
                raise _no_permit(f"it is for {_word(key)} {_shown(self.fields[key])}, not {_shown(value)}")

    def _require_people(self) -> None:
        ids = [self.fields[role]["id"] for role in _PEOPLE]
        if ids[0] == ids[1] and not self.fields["exception"]:
            raise _no_permit(f"{ids[0]} has approved what {ids[0]} asked for")

    def _require_time(self, now: float) -> None:
        issued, begin, end, undo = (seconds(self.fields[key]) for key in _TIMES)
        if not issued <= begin < end <= undo or end - begin > LONGEST:
            raise _no_permit("its times make no sense, or it would last longer than a week")
        if now < begin:
            raise _no_permit(f"it is good from {self.fields['not_before']} on")
        if now > end:
            raise _no_permit(f"it was good until {self.fields['not_after']}")


def digest(manifest: dict[str, Any]) -> str:
    """What a permit calls a point by, beside its id: the SHA-256 of its manifest, keys sorted, without spaces."""
    text = json.dumps(manifest, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def seconds(stamp: str) -> float:
    """Turn a time of a permit (UTC ISO 8601) into seconds since 1970."""
    whole, _dot, part = stamp.rstrip("Z").partition(".")
    return timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{part or 0}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would be read one way here and another way elsewhere."""
    if len({key for key, _value in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _require_form(fields: Any) -> None:
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
        raise _no_permit(f"it is not of the form {SCHEMA}")
    if set(fields) != _FIELDS:
        raise _no_permit(f"it lacks or adds {', '.join(sorted(set(fields) ^ _FIELDS)[:3])}")
    good = all(isinstance(fields[key], str) and fields[key] for key in _TEXTS)
    good = good and all(isinstance(fields[key], str) and _STAMP.fullmatch(fields[key]) for key in _TIMES)
    good = good and all(isinstance(fields[key], dict) and fields[key].get("id") for key in _PEOPLE)
    good = good and isinstance(fields["place"], dict) and isinstance(fields["letter"], dict)
    letter = fields["letter"] if good else {}
    good = good and bool(letter.get("number")) and bool(re.fullmatch("[0-9a-f]{64}", str(letter.get("sha256"))))
    if not good or not re.fullmatch("[0-9a-f]{32}", fields["number"]):
        raise _no_permit("a field of it has not the form it must have")


def _principals(signers: str) -> set[str]:
    """The names for which a list of allowed signers has keys."""
    lines = [line.split()[0] for line in signers.splitlines() if line.strip() and not line.startswith("#")]
    return {name for line in lines for name in line.strip('"').split(",")}


def _word(key: str) -> str:
    return {"manifest": "a point with the manifest", "place": "the place"}.get(key, f"the {key}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in sorted(value.items()))
    return str(value)[:80]


def _unsigned(signer: str) -> Problem:
    return _no_permit(f"its signature is not of {signer}'s key, or not over this text")


def _no_permit(reason: str) -> Problem:
    return _refused(f"The permit does not allow this: {reason}.", "Ask for a permit for exactly this restore.")


def _refused(message: str, hint: str) -> Problem:
    return Problem(message, hint, refused=True)
